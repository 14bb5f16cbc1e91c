#include "db/scan/scanner.h"

#include <stdlib.h>

#include "db/scan/indicators.h"
#include "decoders/base/progress.h"
#include "decoders/memory/wide.h"

void scanner_init(struct scanner *scanner, const struct patterns *patterns, struct checkpoint *checkpoint,
		  struct finds *finds, struct problems *problems)
{
	*scanner = (struct scanner){
		.checkpoint = checkpoint,
		.finds = finds,
		.problems = problems,
		.matcher = patterns_matcher_new(patterns),
		.big_endian = checkpoint->arch && strcmp(checkpoint->arch, "s390x") == 0,
	};
	arena_init(&scanner->arena);
}

void scanner_deinit(struct scanner *scanner)
{
	if (scanner->n_limits)
		problems_add(scanner->problems,
			     error_in_source(error_new(ERROR_LIMIT, "a limit of matching was hit at %llu places; not known "
								    "whether there is a secret",
						       (unsigned long long)scanner->n_limits),
					     scanner->checkpoint->source.path));
	patterns_matcher_free(scanner->matcher);
	arena_deinit(&scanner->arena);
	free(scanner->narrow);
}

/* --- candidates ---------------------------------------------------------------------------------------------- */

struct candidate {
	const struct secret_kind *kind;
	struct secret_text text;
	const char *why;
	bool in_doubt;
};

/* Bytes that are looked at, and what was found in them. */
struct looking {
	struct scanner *scanner;
	const struct subject *subject; /* narrowed, perhaps */
	VEC(struct candidate) candidates;
};

static struct bytes part_of(const struct subject *subject, struct found_part part)
{
	if (part.start == part.end)
		return NO_BYTES;
	return (struct bytes){ subject->data + part.start, part.end - part.start };
}

static void take_candidate(void *context, const struct found *found)
{
	struct looking *looking = context;
	const struct secret_kind *kind = secret_kind_of(found->pattern);
	struct secret_text text = {
		.whole = part_of(looking->subject, found->whole),
		.secret = part_of(looking->subject, found->secret),
		.name = part_of(looking->subject, found->name),
	};
	enum verdict verdict = VERDICT_SECRET;
	const char *why = NULL;

	if (text.secret.len && kind->check)
		verdict = kind->check(&text, &why);
	if (text.secret.len && verdict != VERDICT_NONE)
		*vec_push(&looking->scanner->arena, &looking->candidates) =
			(struct candidate){ kind, text, why, verdict == VERDICT_DOUBT };
}

static int by_start(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;

	if (left->text.secret.data != right->text.secret.data)
		return left->text.secret.data < right->text.secret.data ? -1 : 1;
	return (left->kind > right->kind) - (left->kind < right->kind);
}

static bool overlap(const struct candidate *a, const struct candidate *b)
{
	return a->text.secret.data < b->text.secret.data + b->text.secret.len &&
	       b->text.secret.data < a->text.secret.data + a->text.secret.len;
}

/* Of those that overlap the most specific stays. */
static size_t leave_out_vague(struct candidate *items, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (kept && overlap(&items[kept - 1], &items[i])) {
			if (items[i].kind < items[kept - 1].kind)
				items[kept - 1] = items[i];
			continue;
		}
		items[kept++] = items[i];
	}
	return kept;
}

/* --- looking --------------------------------------------------------------------------------------------------- */

/* A run of UTF-16 in the subject that was handed over. */
struct widening {
	const struct locator *locator;
	size_t start; /* of its first character there */
};

static void locate_wide(void *context, size_t position, struct find_place *ret)
{
	const struct widening *widening = context;

	widening->locator->locate(widening->locator->context, widening->start + 2 * position, ret);
	ret->is_wide = true;
}

/* Matches whose secret lies in the block; one that begins before it was found there. */
static void look_at(struct scanner *scanner, const struct subject *subject, size_t from, size_t limit,
		    const struct locator *locator)
{
	struct looking looking = { .scanner = scanner, .subject = subject };
	const struct found_sink sink = { take_candidate, &looking };
	size_t n;

	arena_reset(&scanner->arena);
	scanner->n_limits += patterns_find(scanner->matcher, subject, from, limit, &sink);
	if (looking.candidates.n)
		qsort(looking.candidates.items, looking.candidates.n, sizeof(*looking.candidates.items), by_start);
	n = leave_out_vague(looking.candidates.items, looking.candidates.n);
	for (size_t i = 0; i < n; i++) {
		const struct candidate *candidate = &looking.candidates.items[i];
		struct find_place place = { .fd = ABSENT_U32, .pid = ABSENT_U32, .address = ABSENT_U64 };

		locator->locate(locator->context, (size_t)(candidate->text.secret.data - subject->data), &place);
		finds_add_secret(scanner->finds, candidate->kind, &candidate->text, candidate->in_doubt,
				 candidate->why, &place);
	}
	if (scanner->indicators)
		indicators_look(scanner->indicators, scanner->finds, subject, from, limit, locator);
}

/* A run is looked through where its first byte lies in the block, and as far as the subject goes. */
static void look_at_wide(struct scanner *scanner, const struct subject *subject, size_t from, size_t limit,
			 const struct locator *locator)
{
	size_t position = from < SCAN_BEHIND ? 0 : from - SCAN_BEHIND;
	struct wide_run run;

	while (position < limit && wide_next(subject->data, subject->len, scanner->big_endian, position, &run) &&
	       run.start < limit) {
		struct widening widening = { locator, run.start };
		const struct locator wide = { locate_wide, &widening };
		size_t first = run.start < from ? (from - run.start + 1) / 2 : 0;
		size_t last = (limit - run.start + 1) / 2 < run.n ? (limit - run.start + 1) / 2 : run.n;
		struct subject narrowed = { scanner->narrow, run.n, true };

		position = run.start + 2 * run.n;
		if (first >= last)
			continue;
		wide_narrow(subject->data, &run, scanner->big_endian, scanner->narrow);
		look_at(scanner, &narrowed, first, last, &wide);
	}
}

void scanner_look(struct scanner *scanner, const struct subject *subject, size_t from, size_t limit,
		  const struct locator *locator)
{
	if (from >= limit)
		return;
	if (scanner->narrow_room < subject->len) {
		free(scanner->narrow);
		scanner->narrow_room = subject->len;
		scanner->narrow = malloc(scanner->narrow_room);
		if (!scanner->narrow)
			out_of_memory();
	}
	look_at(scanner, subject, from, limit, locator);
	look_at_wide(scanner, subject, from, limit, locator);
	scanner->done += limit - from;
	progress_tick(scanner->done, 0);
}
