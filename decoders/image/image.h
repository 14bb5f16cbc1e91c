/*
 * One image, entry by entry.
 *
 *     file  := header entry*
 *     entry := u32 size, protobuf message of that size, extra bytes as the message says
 *
 * A reader walks the bytes of an image and hands out unpacked messages. What is damaged it
 * reports to a list of problems, with entry and offset, and goes on where the framing still
 * holds; so a loop over image_next sees every intact entry.
 */
#pragma once

#include "decoders/base/arena.h"
#include "decoders/base/bytes.h"
#include "decoders/base/error.h"
#include "decoders/image/kinds.h"
#include "decoders/image/prescan.h"
#include "decoders/image/unpack.h"

struct image_entry;

/* Who watches a reader: it sees what is in damaged entries too, as far as that can be told. */
struct image_observer {
	/* An entry whose size fits; its .message is not there yet. */
	void (*entry)(void *context, const struct image_entry *entry);
	struct prescan_observer fields; /* of the entry; its context is that of both */
};

struct image_reader {
	struct image_header header;
	struct bytes image;
	struct bytes name;         /* for errors */
	const char *source;        /* for errors; may be NULL */
	uint32_t member;           /* the caller's: which member of its source this is, */
	bool is_parents;           /* ... and whether that is a parent's */
	size_t problems_before;    /* how many there were when it was opened */
	struct field_paths leaves_out; /* the caller's: what need not be unpacked */
	struct problems *problems;
	const struct image_observer *observer; /* of the caller; NULL: none */
	const struct arena *rows;  /* of the caller: what it makes of entries lies there; NULL: it keeps none */
	struct arena scratch;      /* of the entry that was handed out last */
	uint64_t pos;              /* of the next entry */
	uint32_t next;             /* its number */
};

struct image_entry {
	uint32_t index;
	uint64_t offset;                     /* of its size word, from the start of the image */
	const struct schema_message *schema;
	const ProtobufCMessage *message;     /* valid until the next call */
	struct bytes payload;                /* the message's wire form */
	struct bytes extra;                  /* what follows it, padding included */
	uint64_t extra_payload;              /* bytes of it that are content */
};

/*
 * An error where the bytes are no image of a known kind. IMAGE, NAME and PROBLEMS must outlive
 * the reader. A raw image opens, and has no entries.
 */
struct error *image_open(struct bytes image, struct bytes name, const char *source,
			 struct problems *problems, struct image_reader *ret)
	__attribute__((warn_unused_result));
void image_close(struct image_reader *reader);

/*
 * How many entries are left, by their sizes alone. Of a kind with extras only the messages say where
 * the next entry is: those are walked as by image_next.
 */
uint64_t image_count(struct image_reader *reader);

/* False at the end, where the framing is lost, or where the rows have no room left. */
bool image_next(struct image_reader *reader, struct image_entry *ret);

/* False where the rows have used up their budget, which goes to the problems. */
bool image_has_room(struct image_reader *reader);

/* An error of an entry, or of what a raw image has in place of entries, goes to the problems. */
void image_problem(struct image_reader *reader, struct error *error, uint32_t entry,
		   uint64_t offset);
