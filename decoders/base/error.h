/*
 * Errors as values.
 *
 * A function that can fail returns a struct error *, NULL for success. The error is made where
 * the trouble is found, by the code that knows the offset; on the way up the callers add what
 * they know (which entry, which image, which archive), and the command at the top prints it
 * once. Library code never prints and never exits.
 *
 * Damage is not the end of work: whoever reads many images collects their errors in a struct
 * problems and goes on with what is intact.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoders/base/bytes.h"

struct out;

/* In order of rank: where several happened, the highest decides the exit status. */
enum error_kind {
	ERROR_DAMAGED,    /* the input is broken; the result is partial */
	ERROR_LIMIT,      /* one of our limits was hit; the result is partial */
	ERROR_UNREADABLE, /* no input: not there, no permission, not a checkpoint */
	ERROR_USAGE,      /* the command line is wrong */
	ERROR_INTERNAL,   /* our own fault */
};

/* What is broken, for whoever judges damage and not only tells it (db/verify). */
enum damage {
	DAMAGE_OTHER,
	DAMAGE_MAGIC,   /* not the image that its name says */
	DAMAGE_CUT,     /* something ends before its length does */
	DAMAGE_MESSAGE, /* an entry that cannot be unpacked */
	DAMAGE_FIELD,   /* one that lacks a field which CRIU requires */
	DAMAGE_RUNS,    /* a page map whose runs are no list of ranges */
	DAMAGE_CIRCLE,  /* parents that lead back */
	DAMAGE_TRAILING, /* bytes behind the end of an archive */
	DAMAGE_JOINED,  /* seen while rows were joined: whoever judges looks for itself */
};

#define NO_ENTRY UINT32_MAX
#define NO_OFFSET UINT64_MAX

struct error {
	enum error_kind kind;
	enum damage damage; /* of ERROR_DAMAGED */
	char *source;    /* the archive or directory as the user named it, or NULL */
	char *image;     /* the member or file inside it, or NULL */
	uint32_t entry;  /* the entry of the image, counted from 0, or NO_ENTRY */
	uint64_t offset; /* bytes from the start of the image, or NO_OFFSET */
	char *message;
};

struct error *error_new(enum error_kind kind, const char *format, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull, warn_unused_result));

/* With ": " and what errno says behind the message. */
struct error *error_errno(enum error_kind kind, const char *format, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull, warn_unused_result));

/* Says what is broken; passes NULL through. */
struct error *error_damage(struct error *error, enum damage damage)
	__attribute__((warn_unused_result));

/* Each adds one piece of context where the error has none yet; passes NULL through. */
struct error *error_in_source(struct error *error, const char *source)
	__attribute__((warn_unused_result));
struct error *error_in_image(struct error *error, struct bytes image)
	__attribute__((warn_unused_result));
struct error *error_at(struct error *error, uint32_t entry, uint64_t offset)
	__attribute__((warn_unused_result));

void error_free(struct error *error);

/* "SOURCE: IMAGE entry N at 0xOFF: MESSAGE", escaped, without a line feed. */
void error_print(const struct error *error, struct out *out);

/* The status of the table in README.md: 2 usage, 3 unreadable, 4 damaged or limit, 5 internal. */
int error_exit_status(enum error_kind kind);

/* What went wrong on the way; takes the errors over. Keeps the first PROBLEMS_KEPT. */
enum { PROBLEMS_KEPT = 1000 };

struct problems {
	struct error **items;
	size_t n, cap;
	size_t dropped;         /* counted, not kept */
	enum error_kind worst;  /* of all, dropped ones too; counts where there are any */
	uint32_t *known;        /* hash table of items: index + 1, 0 for free */
};

void problems_init(struct problems *problems);
void problems_deinit(struct problems *problems);

/* Gives all of FROM to TO and leaves FROM empty. */
void problems_move(struct problems *to, struct problems *from);

/* Does nothing for NULL; what is known already (an image read twice) is not kept again. */
void problems_add(struct problems *problems, struct error *error);

static inline void error_cleanup(struct error **error)
{
	error_free(*error);
}
#define _cleanup_error_ __attribute__((cleanup(error_cleanup)))
