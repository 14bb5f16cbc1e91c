#include "decoders/base/error.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decoders/base/arena.h"
#include "decoders/base/escape.h"
#include "decoders/base/out.h"

__attribute__((format(printf, 2, 0))) static struct error *
make(enum error_kind kind, const char *format, va_list args)
{
	struct error *error = calloc(1, sizeof(*error));

	if (!error || vasprintf(&error->message, format, args) < 0)
		out_of_memory();
	error->kind = kind;
	error->entry = NO_ENTRY;
	error->offset = NO_OFFSET;
	return error;
}

struct error *error_new(enum error_kind kind, const char *format, ...)
{
	struct error *error;
	va_list args;

	va_start(args, format);
	error = make(kind, format, args);
	va_end(args);
	return error;
}

struct error *error_errno(enum error_kind kind, const char *format, ...)
{
	const char *reason = strerror(errno);
	struct error *error;
	char *message;
	va_list args;

	va_start(args, format);
	error = make(kind, format, args);
	va_end(args);
	if (asprintf(&message, "%s: %s", error->message, reason) < 0)
		out_of_memory();
	free(error->message);
	error->message = message;
	return error;
}

struct error *error_damage(struct error *error, enum damage damage)
{
	if (error)
		error->damage = damage;
	return error;
}

struct error *error_in_source(struct error *error, const char *source)
{
	if (error && !error->source && !(error->source = strdup(source)))
		out_of_memory();
	return error;
}

struct error *error_in_image(struct error *error, struct bytes image)
{
	if (error && !error->image &&
	    !(error->image = strndup(image.data ? (const char *)image.data : "", image.len)))
		out_of_memory();
	return error;
}

struct error *error_at(struct error *error, uint32_t entry, uint64_t offset)
{
	if (error && error->entry == NO_ENTRY)
		error->entry = entry;
	if (error && error->offset == NO_OFFSET)
		error->offset = offset;
	return error;
}

void error_free(struct error *error)
{
	if (!error)
		return;
	free(error->source);
	free(error->image);
	free(error->message);
	free(error);
}

void error_print(const struct error *error, struct out *out)
{
	if (error->source) {
		escape_text(out, bytes_of(error->source));
		out_text(out, ": ");
	}
	if (error->image)
		escape_text(out, bytes_of(error->image));
	if (error->entry != NO_ENTRY)
		out_printf(out, "%sentry %u", error->image ? " " : "", error->entry);
	if (error->offset != NO_OFFSET)
		out_printf(out, "%sat 0x%llx", error->image || error->entry != NO_ENTRY ? " " : "",
			   (unsigned long long)error->offset);
	if (error->image || error->entry != NO_ENTRY || error->offset != NO_OFFSET)
		out_text(out, ": ");
	escape_text(out, bytes_of(error->message));
}

int error_exit_status(enum error_kind kind)
{
	switch (kind) {
	case ERROR_USAGE:
		return 2;
	case ERROR_UNREADABLE:
		return 3;
	case ERROR_DAMAGED:
	case ERROR_LIMIT:
		return 4;
	case ERROR_INTERNAL:
		break;
	}
	return 5;
}

void problems_init(struct problems *problems)
{
	*problems = (struct problems){ 0 };
}

void problems_deinit(struct problems *problems)
{
	for (size_t i = 0; i < problems->n; i++)
		error_free(problems->items[i]);
	free(problems->items);
	free(problems->known);
	problems_init(problems);
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool is_same(const struct error *a, const struct error *b)
{
	return a->entry == b->entry && a->offset == b->offset && same_text(a->message, b->message) &&
	       same_text(a->image, b->image) && same_text(a->source, b->source);
}

/* FNV-1a over text. */
static uint64_t hash_text(uint64_t hash, const char *text)
{
	for (; text && *text; text++)
		hash = (hash ^ (uint8_t)*text) * 0x100000001b3;
	return hash;
}

enum { KNOWN_SLOTS = 4096 }; /* a power of two, four times what is kept */

/* The slot of an error that is known, or the free one where it belongs. */
static uint32_t *find_slot(const struct problems *problems, const struct error *error)
{
	uint64_t hash = hash_text(0xcbf29ce484222325 ^ error->offset ^ (uint64_t)error->entry << 32,
				  error->message);
	size_t slot;

	hash = hash_text(hash, error->image);
	slot = (hash ^ hash >> 32) & (KNOWN_SLOTS - 1);
	while (problems->known[slot] && !is_same(problems->items[problems->known[slot] - 1], error))
		slot = (slot + 1) & (KNOWN_SLOTS - 1);
	return &problems->known[slot];
}

static void reserve(struct problems *problems)
{
	if (!problems->known && !(problems->known = calloc(KNOWN_SLOTS, sizeof(*problems->known))))
		out_of_memory();
	if (problems->n < problems->cap)
		return;
	problems->cap = problems->cap ? problems->cap * 2 : 16;
	problems->items = reallocarray(problems->items, problems->cap, sizeof(*problems->items));
	if (!problems->items)
		out_of_memory();
}

void problems_add(struct problems *problems, struct error *error)
{
	uint32_t *slot;

	if (!error)
		return;
	reserve(problems);
	slot = find_slot(problems, error);
	if (problems->n + problems->dropped == 0 || error->kind > problems->worst)
		problems->worst = error->kind;
	if (*slot || problems->n == PROBLEMS_KEPT) {
		problems->dropped += *slot == 0;
		error_free(error);
		return;
	}
	problems->items[problems->n++] = error;
	*slot = (uint32_t)problems->n;
}

void problems_move(struct problems *to, struct problems *from)
{
	enum error_kind worst = from->worst;
	size_t dropped = from->dropped;

	for (size_t i = 0; i < from->n; i++)
		problems_add(to, from->items[i]);
	from->n = 0;
	if (dropped && (to->n + to->dropped == 0 || worst > to->worst))
		to->worst = worst;
	to->dropped += dropped;
	problems_deinit(from);
}
