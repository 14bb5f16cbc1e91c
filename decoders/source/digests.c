#include "decoders/source/digests.h"

#include "decoders/base/progress.h"
#include "decoders/base/window.h"
#include "decoders/source/internal.h"

enum { WINDOW = 64 << 10 };

void digests_init(struct digests *digests, struct arena *arena)
{
	*digests = (struct digests){ .arena = arena };
}

static struct member_digest **slot_of(struct digests *digests, uint32_t member)
{
	while (digests->of.n <= member)
		*vec_push(digests->arena, &digests->of) = NULL;
	return &digests->of.items[member];
}

/* --- one digest ------------------------------------------------------------------------------------- */

static struct member_digest too_long; /* in the place of a digest that was given up */

static void drop(struct digests *digests)
{
	if (digests->current)
		digest_free(digests->current);
	digests->current = NULL;
}

static void begin(struct digests *digests, uint32_t member)
{
	digests->current = digest_new();
	digests->member = member;
	digests->at = 0;
}

/* Zeroes up to END; the digest is given up where they are too many. */
static void add_hole(struct digests *digests, uint64_t end)
{
	uint64_t len = end > digests->at ? end - digests->at : 0;

	if (!digests->current || len == 0)
		return;
	if (len > MOST_ZEROES - digests->zeroes) {
		*slot_of(digests, digests->member) = &too_long;
		drop(digests);
		return;
	}
	digests->zeroes += len;
	digests->at = end;
	digest_add_zeroes(digests->current, len);
}

/* What is missing at the end of a member that is whole is a hole. */
static void end(struct digests *digests, const struct source *source)
{
	const struct member *member = &source->members.items[digests->member];
	struct member_digest *digest;

	if (member->state != MEMBER_TRUNCATED)
		add_hole(digests, member->size);
	if (!digests->current)
		return;
	digest = arena_alloc(digests->arena, sizeof(*digest));
	digest->size = digests->at;
	digest_end(digests->current, digest->sha256);
	digests->current = NULL;
	*slot_of(digests, digests->member) = digest;
}

/* --- as they pass ------------------------------------------------------------------------------------- */

enum capture_plan capture_heads(void *context, const struct source *source,
				const struct member *member, struct bytes head, struct arena *arena,
				const struct range **ret_ranges, size_t *ret_n)
{
	(void)context;
	(void)source;
	(void)member;
	(void)head;
	(void)arena;
	(void)ret_ranges;
	(void)ret_n;
	return CAPTURE_NOTHING;
}

static void pass(void *context, const struct source *source, const struct member *member,
		 uint64_t start, struct bytes data)
{
	struct digests *digests = context;
	uint32_t index = source_index(source, member);

	if (digests->current && digests->member != index)
		end(digests, source);
	if (!digests->current && *slot_of(digests, index))
		return; /* it was given up */
	if (!digests->current)
		begin(digests, index);
	add_hole(digests, start);
	if (!digests->current)
		return;
	digest_add(digests->current, data);
	digests->at += data.len;
}

struct capture digests_capture(struct digests *digests)
{
	return (struct capture){ .plan = capture_heads, .pass = pass, .context = digests };
}

/* --- read --------------------------------------------------------------------------------------------- */

static struct error *read_to(struct digests *digests, struct source *source,
			     const struct member *member, uint64_t end)
{
	_Alignas(WINDOW_ALIGN) uint8_t window[WINDOW];

	while (digests->current && digests->at < end) {
		uint64_t left = end - digests->at;
		uint64_t hole = source_hole(&source->last, source, member, digests->at, left);
		size_t len = left < WINDOW ? (size_t)left : WINDOW;
		struct error *error;

		if (hole) {
			add_hole(digests, digests->at + hole);
			continue;
		}
		error = source_read(source, member, digests->at, window, len);
		if (error) {
			drop(digests);
			return error;
		}
		digest_add(digests->current, (struct bytes){ window, len });
		digests->at += len;
		digests->read += len;
		progress_tick(digests->read, source->size);
	}
	return NULL;
}

static struct error *read_member(struct digests *digests, struct source *source,
				 const struct member *member)
{
	struct error *error;

	begin(digests, source_index(source, member));
	error = read_to(digests, source, member, member_readable(source, member));
	if (!error && digests->current)
		end(digests, source);
	return error;
}

struct error *digests_of(struct digests *digests, struct source *source, const struct member *member,
			 struct member_digest *ret)
{
	uint32_t index = source_index(source, member);
	struct error *error = NULL;

	if (digests->current)
		end(digests, source);
	if (!*slot_of(digests, index) && !source->is_streamed) {
		error = read_member(digests, source, member);
	} else if (!*slot_of(digests, index)) {
		begin(digests, index); /* nothing of it has passed: it is empty, or all of it a hole */
		end(digests, source);
	}
	if (error)
		return error;
	if (*slot_of(digests, index) == &too_long)
		return member_error(error_new(ERROR_LIMIT, "no SHA-256: more than %llu bytes of holes",
					      (unsigned long long)MOST_ZEROES),
				    source, member);
	*ret = **slot_of(digests, index);
	return NULL;
}
