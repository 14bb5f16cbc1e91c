/*
 * The image kinds: one row for every file that CRIU writes.
 *
 * An image says what it is by the magic numbers in its first bytes; its name adds a number (a
 * pid, an id) and, for the raw kinds that have no magic, is all there is. A new kind is its
 * messages in decoders/proto and one row in kinds.c.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "decoders/base/bytes.h"
#include "decoders/proto/schema.h"

/* Which word stands in front of the kind's own magic. */
enum image_first {
	FIRST_COMMON,  /* 0x54564319 */
	FIRST_SERVICE, /* 0x55105940: files CRIU keeps for itself, without ".img" */
	FIRST_NONE,    /* the inventory, and every image of the v1.0 layout */
	FIRST_RAW,     /* no magic at all */
};

/* "common", "service", "none", "raw" */
extern const char *const image_first_names[4];

#define MAGIC_COMMON 0x54564319u
#define MAGIC_SERVICE 0x55105940u

struct image_kind {
	const char *name;    /* "CORE" */
	const char *pattern; /* "core-%u.img": %u a decimal number, %x a hexadecimal one, %s text */
	uint32_t magic;      /* 0: none */
	enum image_first first;
	const char *label;   /* what decode prints as "magic"; NULL: the name */
	const struct schema_message *message; /* of the entries; NULL: raw bytes */
	const struct schema_message *later;   /* of all entries but the first, where they differ */
	const struct extra *extra;            /* what follows an entry; NULL: nothing */
	bool may_be_empty;                    /* a file of zero bytes is legal */
	uint8_t tells; /* what its directory is; 0: nothing */
};

/* What images tell of the directory that they are in, the least first. */
enum {
	TELLS_PAGES = 1, /* at least a page server's */
	TELLS_TASKS = 2, /* a dump, though it may have failed */
	TELLS_END = 3,   /* one that came to its end, or a pre-dump */
};

extern const struct image_kind image_kinds[];
extern const unsigned n_image_kinds;

/* What the first bytes of a file say. */
struct image_header {
	const struct image_kind *kind; /* NULL: the magic is not known */
	uint32_t magic;                /* the kind's magic as found; 0 for raw */
	enum image_first first;
	bool big_endian;
	unsigned len; /* bytes before the first entry */
};

enum { IMAGE_HEADER_MAX = 8 };

/*
 * Recognises an image by its first bytes, and by the last part of NAME where several kinds share
 * a magic or have none. False where neither the bytes nor the name are CRIU's.
 */
bool image_recognise(struct bytes head, struct bytes name, struct image_header *ret);

/* Whether the first bytes are an image's, whatever the name. */
bool image_has_magic(struct bytes head);

/* Whether NAME fits the kind's pattern; *ret is the number in it (0 where it has none). */
bool image_name_fits(const struct image_kind *kind, struct bytes name, uint64_t *ret);

/* The kind of that name, "CORE"; NULL where there is none. */
const struct image_kind *image_kind_named(const char *name);
