#include "decoders/source/gunzip.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#ifdef HAVE_ISAL
#include <isa-l/igzip_lib.h>
#endif

#include "decoders/base/arena.h"
#include "decoders/base/size.h"

enum {
	ROOM = 256 << 10,      /* inflated at once */
	MOST_STORED = 1 << 30, /* taken at once: the engines count in 32 bits */
};

enum outcome {
	GOES_ON,
	MEMBER_ENDS,
	IS_DAMAGED,
};

/* What inflates one member: header, contents, and a checksum and a length that must be right. */
struct engine {
	const char *name;
	void *(*open)(void);
	void (*close)(void *state);
	void (*begin)(void *state); /* a member */
	/* Takes from the front of *STORED and writes into ROOM bytes of OUT; *RET is how many. */
	enum outcome (*inflate)(void *state, struct bytes *stored, uint8_t *out, size_t *ret);
	const char *(*trouble)(void *state);
};

enum place {
	BETWEEN, /* in front of a member, or behind the last */
	INSIDE,
	BEHIND,
	FAILED,
};

struct gunzip {
	enum gunzip_engine wanted;
	const struct engine *engine; /* of this member */
	void *state;
	enum place place;
	struct bytes stored; /* given, and not taken yet */
	uint64_t given;      /* bytes, in all */
	bool is_last;        /* there are no more */
	uint8_t head[GUNZIP_HEAD];
	size_t head_len;
	bool has_trailing;
	uint64_t trailing;
	const char *trouble;
	uint64_t trouble_at;
	uint8_t out[ROOM];
};

/* --- zlib ------------------------------------------------------------------------------------------- */

static void *zlib_open(void)
{
	enum { AS_GZIP = 16 };
	z_stream *stream = calloc(1, sizeof(*stream));

	if (!stream || inflateInit2(stream, AS_GZIP + MAX_WBITS) != Z_OK)
		out_of_memory();
	return stream;
}

static void zlib_close(void *state)
{
	inflateEnd(state);
	free(state);
}

static void zlib_begin(void *state)
{
	inflateReset(state);
}

static enum outcome zlib_inflate(void *state, struct bytes *stored, uint8_t *out, size_t *ret)
{
	z_stream *stream = state;
	int status;

	stream->next_in = (Bytef *)(uintptr_t)stored->data;
	stream->avail_in = (uInt)stored->len;
	stream->next_out = out;
	stream->avail_out = ROOM;
	status = inflate(stream, Z_NO_FLUSH);
	if (status == Z_MEM_ERROR)
		out_of_memory();
	*stored = bytes_from(*stored, stored->len - stream->avail_in);
	*ret = ROOM - stream->avail_out;
	return status == Z_STREAM_END			    ? MEMBER_ENDS
	       : status == Z_OK || status == Z_BUF_ERROR ? GOES_ON
							    : IS_DAMAGED;
}

static const char *zlib_trouble(void *state)
{
	const char *message = ((z_stream *)state)->msg;

	return message ? message : "invalid data";
}

/* --- ISA-L ------------------------------------------------------------------------------------------- */

#ifdef HAVE_ISAL

struct isal {
	struct inflate_state stream;
	int status;
};

static void *isal_open(void)
{
	struct isal *isal = calloc(1, sizeof(*isal));

	if (!isal)
		out_of_memory();
	isal_inflate_init(&isal->stream);
	return isal;
}

static void isal_begin(void *state)
{
	struct isal *isal = state;

	isal_inflate_reset(&isal->stream);
	isal->stream.crc_flag = ISAL_GZIP;
}

static enum outcome isal_inflate_some(void *state, struct bytes *stored, uint8_t *out, size_t *ret)
{
	struct isal *isal = state;

	isal->stream.next_in = (uint8_t *)(uintptr_t)stored->data;
	isal->stream.avail_in = (uint32_t)stored->len;
	isal->stream.next_out = out;
	isal->stream.avail_out = ROOM;
	isal->status = isal_inflate(&isal->stream);
	*stored = bytes_from(*stored, stored->len - isal->stream.avail_in);
	*ret = ROOM - isal->stream.avail_out;
	return isal->status != ISAL_DECOMP_OK			  ? IS_DAMAGED
	       : isal->stream.block_state == ISAL_BLOCK_FINISH ? MEMBER_ENDS
								  : GOES_ON;
}

/* In zlib's words. */
static const char *isal_trouble(void *state)
{
	switch (((struct isal *)state)->status) {
	case ISAL_INVALID_BLOCK:
		return "invalid block type";
	case ISAL_INVALID_SYMBOL:
		return "invalid code";
	case ISAL_INVALID_LOOKBACK:
		return "invalid distance too far back";
	case ISAL_INCORRECT_CHECKSUM:
		return "incorrect data check";
	default:
		return "incorrect header";
	}
}

#endif

static const struct engine engines[] = {
	[GUNZIP_ZLIB] = { "zlib", zlib_open, zlib_close, zlib_begin, zlib_inflate, zlib_trouble },
#ifdef HAVE_ISAL
	[GUNZIP_ISAL] = { "ISA-L", isal_open, free, isal_begin, isal_inflate_some, isal_trouble },
#endif
};

/* --- members ------------------------------------------------------------------------------------------- */

enum { HEADER_CHECKSUM = 0x02, RESERVED_FLAGS = 0xe0 }; /* of the last byte of the head */

bool gunzip_fits(struct bytes head)
{
	return head.len >= GUNZIP_HEAD && bytes_start_with(head, BYTES("\x1f\x8b\x08")) &&
	       !(head.data[3] & RESERVED_FLAGS);
}

enum gunzip_engine gunzip_best(void)
{
	return gunzip_has(GUNZIP_ISAL) ? GUNZIP_ISAL : GUNZIP_ZLIB;
}

bool gunzip_has(enum gunzip_engine engine)
{
	return (size_t)engine < ARRAY_SIZE(engines);
}

const char *gunzip_name(enum gunzip_engine engine)
{
	return engines[engine].name;
}

struct gunzip *gunzip_new(enum gunzip_engine engine)
{
	struct gunzip *gunzip = malloc(sizeof(*gunzip));

	if (!gunzip)
		out_of_memory();
	*gunzip = (struct gunzip){ .wanted = engine };
	return gunzip;
}

void gunzip_free(struct gunzip *gunzip)
{
	if (gunzip && gunzip->engine)
		gunzip->engine->close(gunzip->state);
	free(gunzip);
}

/* ISA-L (2.30) miscounts a header's own checksum where the header comes in pieces: zlib gets those members. */
static void begin_member(struct gunzip *gunzip)
{
	enum gunzip_engine engine = gunzip->head[3] & HEADER_CHECKSUM ? GUNZIP_ZLIB : gunzip->wanted;

	if (gunzip->engine != &engines[engine]) {
		if (gunzip->engine)
			gunzip->engine->close(gunzip->state);
		gunzip->engine = &engines[engine];
		gunzip->state = engines[engine].open();
	}
	gunzip->engine->begin(gunzip->state);
	gunzip->place = INSIDE;
}

void gunzip_give(struct gunzip *gunzip, struct bytes stored)
{
	gunzip->stored = stored;
	gunzip->given += stored.len;
	gunzip->is_last = stored.len == 0;
}

bool gunzip_wants(const struct gunzip *gunzip)
{
	return gunzip->stored.len == 0 && !gunzip->is_last && gunzip->place != FAILED && !gunzip->has_trailing;
}

static uint64_t taken(const struct gunzip *gunzip)
{
	return gunzip->given - gunzip->stored.len;
}

static void failed(struct gunzip *gunzip, const char *trouble)
{
	gunzip->place = FAILED;
	gunzip->trouble = trouble;
	gunzip->trouble_at = taken(gunzip);
}

/* Inflates what there is room for; how much that is. */
static size_t inflate_some(struct gunzip *gunzip)
{
	struct bytes stored = bytes_first(gunzip->stored, MOST_STORED);
	size_t before = stored.len, n = 0;
	enum outcome outcome = gunzip->engine->inflate(gunzip->state, &stored, gunzip->out, &n);

	gunzip->stored = bytes_from(gunzip->stored, before - stored.len);
	if (outcome == IS_DAMAGED) {
		failed(gunzip, gunzip->engine->trouble(gunzip->state));
	} else if (outcome == MEMBER_ENDS) {
		gunzip->place = BETWEEN;
		gunzip->head_len = 0;
	} else if (n == 0 && stored.len == 0 && gunzip->is_last) {
		failed(gunzip, "truncated gzip input");
	}
	return n;
}

/* Where a member may begin: its first bytes decide, and may come in pieces. */
static void look_at_head(struct gunzip *gunzip)
{
	struct bytes head = { gunzip->head, 0 };
	size_t n = 0;

	while (gunzip->head_len < GUNZIP_HEAD && gunzip->stored.len) {
		gunzip->head[gunzip->head_len++] = *gunzip->stored.data;
		gunzip->stored = bytes_from(gunzip->stored, 1);
	}
	if (gunzip->head_len < GUNZIP_HEAD && !gunzip->is_last)
		return;
	head.len = gunzip->head_len;
	if (!gunzip_fits(head)) {
		gunzip->place = BEHIND;
		return;
	}
	begin_member(gunzip);
	if (gunzip->engine->inflate(gunzip->state, &head, gunzip->out, &n) == IS_DAMAGED)
		failed(gunzip, gunzip->engine->trouble(gunzip->state));
}

/* Behind the last member: those of its bytes that were taken for a head, and the rest. */
static void look_behind(struct gunzip *gunzip)
{
	uint64_t start = taken(gunzip) - gunzip->head_len;

	for (size_t i = 0; i < gunzip->head_len + gunzip->stored.len && !gunzip->has_trailing; i++) {
		gunzip->has_trailing = i < gunzip->head_len ? gunzip->head[i]
							     : gunzip->stored.data[i - gunzip->head_len];
		gunzip->trailing = start + i;
	}
	gunzip->head_len = 0;
	gunzip->stored.len = 0;
}

ssize_t gunzip_next(struct gunzip *gunzip, const uint8_t **ret)
{
	size_t n = 0;

	while (n == 0 && gunzip->place != FAILED && !gunzip_wants(gunzip)) {
		if (gunzip->place == INSIDE)
			n = inflate_some(gunzip);
		if (gunzip->place == BETWEEN && n == 0)
			look_at_head(gunzip);
		if (gunzip->place == BEHIND) {
			look_behind(gunzip);
			break;
		}
	}
	*ret = gunzip->out;
	return n ? (ssize_t)n : gunzip->place == FAILED ? -1 : 0;
}

const char *gunzip_trouble(const struct gunzip *gunzip, uint64_t *ret_offset)
{
	if (ret_offset)
		*ret_offset = gunzip->trouble_at;
	return gunzip->trouble;
}

bool gunzip_has_trailing(const struct gunzip *gunzip, uint64_t *ret_offset)
{
	if (gunzip->has_trailing)
		*ret_offset = gunzip->trailing;
	return gunzip->has_trailing;
}
