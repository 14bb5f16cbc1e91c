#define PCRE2_CODE_UNIT_WIDTH 8
#include "decoders/memory/patterns.h"

#include <pcre2.h>
#include <stdlib.h>

#include "decoders/base/arena.h"
#include "decoders/memory/literals.h"
#include "decoders/memory/required.h"

struct one {
	pcre2_code *code;
	struct required required;
	bool at_word; /* no match begins behind a byte of a word */
	int secret, name; /* numbers of groups; -1: none */
};

/* A literal and whose it is; several may have the same. */
struct owned {
	struct literal literal;
	uint32_t pattern;
};

/* Literals that are looked for together. */
struct group {
	struct literals literals;
	const uint32_t *patterns; /* of each */
};

struct patterns {
	struct arena arena;
	struct one *items;
	size_t n;
	struct group *groups;
	size_t n_groups;
	size_t longest_before;
};

struct patterns_matcher {
	const struct patterns *patterns;
	size_t *next; /* by pattern: matches that begin before it are known */
	pcre2_match_data *data;
	pcre2_match_context *context;
	uint64_t attempts;
};

/* --- making ---------------------------------------------------------------------------------------------- */

static int group_number(const pcre2_code *code, const char *name)
{
	int number = pcre2_substring_number_from_name(code, (PCRE2_SPTR)name);

	return number > 0 ? number : -1;
}

static struct error *compile(struct arena *arena, const struct pattern_text *text, struct one *ret)
{
	bool any_case = text->flags & PATTERN_ANY_CASE;
	uint32_t options = PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_MULTILINE | PCRE2_USE_OFFSET_LIMIT |
			   (any_case ? PCRE2_CASELESS : 0);
	char *regex = arena_printf(arena, "%s(?:%s)%s", text->flags & PATTERN_WORD_START ? "(?<![0-9A-Za-z_])" : "",
				   text->regex, text->flags & PATTERN_WORD_END ? "(?![0-9A-Za-z_])" : "");
	size_t offset;
	int number;

	ret->code = pcre2_compile((PCRE2_SPTR)regex, PCRE2_ZERO_TERMINATED, options, &number, &offset, NULL);
	if (!ret->code)
		return error_new(ERROR_INTERNAL, "the expression %s: error %d at character %zu", text->regex, number,
				 offset);
	(void)pcre2_jit_compile(ret->code, PCRE2_JIT_COMPLETE); /* else it is interpreted */
	ret->at_word = text->flags & PATTERN_WORD_START;
	ret->secret = group_number(ret->code, "secret");
	ret->name = group_number(ret->code, "name");
	required_find(arena, bytes_of(text->regex), any_case, &ret->required);
	if (!ret->required.n || ret->required.longest_before > MOST_BEFORE_LITERAL)
		return error_new(ERROR_INTERNAL, "the expression %s has no literal near its start that it cannot be "
						 "without", text->regex);
	return NULL;
}

/* Those that are alike come to lie in one bucket. */
static int by_bytes(const void *a, const void *b)
{
	const struct owned *left = a, *right = b;
	size_t len = left->literal.len < right->literal.len ? left->literal.len : right->literal.len;
	int order = memcmp(left->literal.value, right->literal.value, len);

	if (order)
		return order;
	if (left->literal.len != right->literal.len)
		return left->literal.len < right->literal.len ? -1 : 1;
	return (left->pattern > right->pattern) - (left->pattern < right->pattern);
}

static void make_groups(struct patterns *patterns, struct owned *owned, size_t n)
{
	struct literal *literals = arena_alloc(&patterns->arena, n * sizeof(*literals));
	uint32_t *owners = arena_alloc(&patterns->arena, n * sizeof(*owners));

	if (n)
		qsort(owned, n, sizeof(*owned), by_bytes);
	for (size_t i = 0; i < n; i++) {
		literals[i] = owned[i].literal;
		owners[i] = owned[i].pattern;
	}
	patterns->n_groups = (n + MOST_LITERALS - 1) / MOST_LITERALS;
	patterns->groups = arena_alloc(&patterns->arena, patterns->n_groups * sizeof(*patterns->groups));
	for (size_t i = 0; i < patterns->n_groups; i++) {
		size_t start = n * i / patterns->n_groups, end = n * (i + 1) / patterns->n_groups;

		literals_init(literals + start, end - start, &patterns->groups[i].literals);
		patterns->groups[i].patterns = owners + start;
	}
}

static void collect_literals(struct patterns *patterns)
{
	VEC(struct owned) owned = { 0 };

	for (size_t i = 0; i < patterns->n; i++) {
		const struct required *required = &patterns->items[i].required;

		for (size_t k = 0; k < required->n; k++)
			*vec_push(&patterns->arena, &owned) =
				(struct owned){ required->literals[k], (uint32_t)i };
		if (required->longest_before > patterns->longest_before)
			patterns->longest_before = required->longest_before;
	}
	make_groups(patterns, owned.items, owned.n);
}

struct error *patterns_new(const struct pattern_text *items, size_t n, struct patterns **ret)
{
	struct patterns *patterns = calloc(1, sizeof(*patterns));
	struct error *error = NULL;

	if (!patterns)
		out_of_memory();
	arena_init(&patterns->arena);
	patterns->n = n;
	patterns->items = arena_zalloc(&patterns->arena, n * sizeof(*patterns->items));
	for (size_t i = 0; !error && i < n; i++)
		error = compile(&patterns->arena, &items[i], &patterns->items[i]);
	if (error) {
		patterns_free(patterns);
		return error;
	}
	collect_literals(patterns);
	*ret = patterns;
	return NULL;
}

void patterns_free(struct patterns *patterns)
{
	if (!patterns)
		return;
	for (size_t i = 0; i < patterns->n; i++)
		pcre2_code_free(patterns->items[i].code);
	arena_deinit(&patterns->arena);
	free(patterns);
}

struct patterns_matcher *patterns_matcher_new(const struct patterns *patterns)
{
	enum { MOST_PAIRS = 8 };
	struct patterns_matcher *matcher = calloc(1, sizeof(*matcher));

	if (!matcher)
		out_of_memory();
	matcher->patterns = patterns;
	matcher->next = calloc(patterns->n, sizeof(*matcher->next));
	matcher->data = pcre2_match_data_create(MOST_PAIRS, NULL);
	matcher->context = pcre2_match_context_create(NULL);
	if (!matcher->next || !matcher->data || !matcher->context)
		out_of_memory();
	pcre2_set_match_limit(matcher->context, FOUND_LIMIT);
	pcre2_set_heap_limit(matcher->context, MATCH_HEAP);
	return matcher;
}

void patterns_matcher_free(struct patterns_matcher *matcher)
{
	if (!matcher)
		return;
	pcre2_match_data_free(matcher->data);
	pcre2_match_context_free(matcher->context);
	free(matcher->next);
	free(matcher);
}

/* --- matching --------------------------------------------------------------------------------------------- */

static struct found_part part_of(const size_t *places, int n, int group)
{
	if (group < 0 || group >= n || places[2 * group] == PCRE2_UNSET)
		return (struct found_part){ 0 };
	return (struct found_part){ places[2 * group], places[2 * group + 1] };
}

/* The first match that begins in [START, END). */
static enum match attempt(struct patterns_matcher *matcher, uint32_t pattern, const struct subject *subject,
			  size_t start, size_t end, struct found *ret)
{
	const struct one *one = &matcher->patterns->items[pattern];
	size_t len = subject->len - start < LONGEST_FOUND ? subject->len : start + LONGEST_FOUND;
	const size_t *places;
	int n;

	matcher->attempts++;
	pcre2_set_offset_limit(matcher->context, end - 1);
	n = pcre2_match(one->code, subject->data, len, start, PCRE2_NOTEMPTY, matcher->data, matcher->context);
	if (n == PCRE2_ERROR_NOMATCH)
		return MATCH_NONE;
	if (n < 0)
		return MATCH_LIMITED;
	places = pcre2_get_ovector_pointer(matcher->data);
	*ret = (struct found){ .pattern = pattern, .whole = part_of(places, n, 0),
			       .secret = part_of(places, n, one->secret >= 0 ? one->secret : 0),
			       .name = part_of(places, n, one->name) };
	return MATCH_FOUND;
}

static bool is_of_word(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

/* The first place where a match can begin whose literal is at PLACE; behind it: there is none. */
static size_t first_start(const struct one *one, const struct subject *subject, size_t from, size_t place)
{
	const struct required *required = &one->required;
	size_t start = place;

	while (start > from && place - start < required->longest_before &&
	       byte_set_has(&required->before, subject->data[start - 1]))
		start--;
	while (one->at_word && start && start <= place && is_of_word(subject->data[start - 1]))
		start++;
	return start;
}

/* One expression, around its literal at PLACE: matches that begin before LIMIT and are not known yet. */
static size_t try_one(struct patterns_matcher *matcher, uint32_t pattern, const struct subject *subject, size_t place,
		      size_t limit, const struct found_sink *sink)
{
	size_t *next = &matcher->next[pattern];
	size_t start = first_start(&matcher->patterns->items[pattern], subject, *next, place);
	size_t end = place < limit ? place + 1 : limit;
	struct found found;
	enum match match;

	if (*next > place || start >= end)
		return 0;
	match = attempt(matcher, pattern, subject, start, end, &found);
	*next = match == MATCH_FOUND ? found.whole.end : end;
	if (match == MATCH_FOUND)
		sink->take(sink->context, &found);
	return match == MATCH_LIMITED;
}

static size_t find_group(struct patterns_matcher *matcher, const struct group *group, const struct subject *subject,
			 size_t from, size_t limit, const struct found_sink *sink)
{
	size_t last = limit + matcher->patterns->longest_before, limits = 0, place = from;

	for (;; place++) {
		size_t item = 0;

		place = literals_find(&group->literals, LITERAL_FASTEST, subject->data, subject->len, place, last);
		if (place == SIZE_MAX)
			return limits;
		while (literals_at(&group->literals, subject->data, subject->len, place, &item))
			limits += try_one(matcher, group->patterns[item++], subject, place, limit, sink);
	}
}

size_t patterns_find(struct patterns_matcher *matcher, const struct subject *subject, size_t from, size_t limit,
		     const struct found_sink *sink)
{
	size_t limits = 0;

	for (size_t i = 0; i < matcher->patterns->n; i++)
		matcher->next[i] = from;
	for (size_t i = 0; i < matcher->patterns->n_groups; i++)
		limits += find_group(matcher, &matcher->patterns->groups[i], subject, from, limit, sink);
	return limits;
}

uint64_t patterns_attempts(const struct patterns_matcher *matcher)
{
	return matcher->attempts;
}
