#include "decoders/base/out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decoders/base/arena.h"
#include "decoders/base/progress.h"
#include "decoders/base/size.h"

enum { BUFFER_SIZE = 64 << 10 };

void out_init(struct out *out, int fd)
{
	*out = (struct out){ .fd = fd };
}

void out_deinit(struct out *out)
{
	free(out->buffer);
	out_init(out, -1);
}

/* Leaves a hole in the file up to LEN bytes before its end, and never one at the very end. */
static void leave_hole(struct out *out, uint64_t len)
{
	uint64_t hole = out->hole - len;

	out->hole = 0;
	if (hole > INT64_MAX || (hole && lseek(out->fd, (off_t)hole, SEEK_CUR) < 0))
		out->error = hole > INT64_MAX || errno == EINVAL ? EFBIG : errno; /* no file here is so large */
}

static void write_all(struct out *out, const char *data, size_t len)
{
	if (len)
		progress_hide();
	if (len && out->hole)
		leave_hole(out, 0);
	while (len && !out->error) {
		ssize_t n = write(out->fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			out->error = errno;
			return;
		}
		data += n;
		len -= (size_t)n;
	}
}

static void write_buffer(struct out *out)
{
	write_all(out, out->buffer, out->len);
	out->len = 0;
}

bool out_flush(struct out *out)
{
	if (out->fd >= 0)
		write_buffer(out);
	/* A file ends where its last byte was written. */
	if (out->hole && !out->error) {
		leave_hole(out, 1);
		write_all(out, "", 1);
	}
	return out->error == 0 || out->error == EPIPE;
}

/* Nothing was there before, and whatever else writes to it does so behind us. */
static bool can_have_holes(struct out *out)
{
	struct stat st;

	if (!out->knows_holes) {
		out->knows_holes = true;
		out->can_have_holes = out->fd >= 0 && fstat(out->fd, &st) == 0 && S_ISREG(st.st_mode) &&
				      !(fcntl(out->fd, F_GETFL) & O_APPEND) &&
				      lseek(out->fd, 0, SEEK_CUR) >= st.st_size;
	}
	return out->can_have_holes;
}

void out_hole(struct out *out, uint64_t len)
{
	static const char zeroes[4096];

	if (can_have_holes(out)) {
		write_buffer(out);
		if (!size_add(out->hole, len, &out->hole))
			out->error = out->error ? out->error : EFBIG;
		return;
	}
	while (len && !out->error) {
		size_t part = len < sizeof(zeroes) ? (size_t)len : sizeof(zeroes);

		out_write(out, zeroes, part);
		len -= part;
	}
}

/* Room for LEN more bytes. */
static char *reserve(struct out *out, size_t len)
{
	if (out->cap - out->len < len) {
		size_t cap = out->cap ? out->cap * 2 : BUFFER_SIZE;

		while (cap - out->len < len)
			cap *= 2;
		out->buffer = realloc(out->buffer, cap);
		if (!out->buffer)
			out_of_memory();
		out->cap = cap;
	}
	return out->buffer + out->len;
}

void out_write_slow(struct out *out, const void *data, size_t len)
{
	if (out->fd >= 0) {
		write_buffer(out);
		if (len >= BUFFER_SIZE) {
			write_all(out, data, len);
			return;
		}
	}
	memcpy(reserve(out, len), data, len);
	out->len += len;
}

void out_repeat(struct out *out, char c, size_t times)
{
	char run[128];

	memset(run, c, times < sizeof(run) ? times : sizeof(run));
	for (size_t n; times; times -= n) {
		n = times < sizeof(run) ? times : sizeof(run);
		out_write(out, run, n);
	}
}

void out_printf(struct out *out, const char *format, ...)
{
	char small[512];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(small, sizeof(small), format, args);
	va_end(args);
	if (len < 0)
		return;
	if ((size_t)len < sizeof(small)) {
		out_write(out, small, (size_t)len);
		return;
	}
	char *large = malloc((size_t)len + 1);

	if (!large)
		out_of_memory();
	va_start(args, format);
	vsnprintf(large, (size_t)len + 1, format, args);
	va_end(args);
	out_write(out, large, (size_t)len);
	free(large);
}

void out_u64(struct out *out, uint64_t value)
{
	char digits[20], *p = digits + sizeof(digits);

	do
		*--p = (char)('0' + value % 10);
	while (value /= 10);
	out_write(out, p, (size_t)(digits + sizeof(digits) - p));
}

void out_i64(struct out *out, int64_t value)
{
	if (value < 0)
		out_char(out, '-');
	out_u64(out, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void out_hex(struct out *out, uint64_t value)
{
	char digits[18], *p = digits + sizeof(digits);

	do
		*--p = "0123456789abcdef"[value & 15];
	while (value >>= 4);
	*--p = 'x';
	*--p = '0';
	out_write(out, p, (size_t)(digits + sizeof(digits) - p));
}

void out_style(struct out *out, enum style style)
{
	static const char *const codes[] = {
		[STYLE_PLAIN] = "\033[0m",
		[STYLE_BOLD] = "\033[1m",
		[STYLE_DIM] = "\033[2m",
		[STYLE_WARNING] = "\033[33m",
		[STYLE_ALARM] = "\033[1;31m",
	};

	if (out->color)
		out_text(out, codes[style]);
}
