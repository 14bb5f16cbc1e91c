#define PCRE2_CODE_UNIT_WIDTH 8
#include "decoders/memory/pattern.h"

#include <pcre2.h>
#include <stdlib.h>

#include "decoders/base/arena.h"
#include "decoders/base/escape.h"
#include "decoders/memory/literals.h"
#include "decoders/memory/required.h"

struct pattern {
	struct arena arena;
	struct literal literal;
	pcre2_code *code; /* NULL: the literal */
	size_t behind;
	struct required required;  /* of a regular expression, */
	struct literals required_literals; /* ... where it has some */
};

/* --- bytes ------------------------------------------------------------------------------------------ */

struct making {
	uint8_t *value, *mask;
	size_t len;
};

static void add(struct making *making, uint8_t value, uint8_t mask)
{
	making->value[making->len] = value & mask;
	making->mask[making->len++] = mask;
}

static bool is_letter(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Upper and lower case of a letter differ in one bit. */
static uint8_t mask_of(uint32_t c, bool ignore_case)
{
	return ignore_case && is_letter(c) ? 0xdf : 0xff;
}

static struct error *add_text(struct making *making, struct bytes text, bool ignore_case)
{
	for (size_t i = 0; i < text.len; i++)
		add(making, text.data[i], mask_of(text.data[i], ignore_case));
	return NULL;
}

static int digit_of(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

static bool is_space(uint8_t c)
{
	return c == ' ' || c == ':' || c == '\t' || c == '\n';
}

static struct error *add_hex(struct making *making, struct bytes text)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t value = 0, mask = 0;

		if (is_space(text.data[i]))
			continue;
		for (size_t k = 0; k < 2; k++, i++) {
			int digit = i < text.len ? digit_of(text.data[i]) : -1;

			if (digit < 0 && (i == text.len || text.data[i] != '?'))
				return error_new(ERROR_USAGE, "--hex takes pairs of digits, \"?\" for any: no "
							      "pair at character %zu", i - k + 1);
			value = (uint8_t)(value << 4 | (digit < 0 ? 0 : digit));
			mask = (uint8_t)(mask << 4 | (digit < 0 ? 0 : 15));
		}
		i--;
		add(making, value, mask);
	}
	return NULL;
}

static void add_unit(struct making *making, uint32_t unit, uint8_t low_mask, bool big_endian)
{
	if (big_endian)
		add(making, (uint8_t)(unit >> 8), 0xff);
	add(making, (uint8_t)unit, low_mask);
	if (!big_endian)
		add(making, (uint8_t)(unit >> 8), 0xff);
}

static struct error *add_utf16(struct making *making, struct bytes text, bool ignore_case,
			       bool big_endian)
{
	uint32_t c;

	while (text.len) {
		if (!utf8_next(&text, &c))
			return error_new(ERROR_USAGE, "--utf16: the text is not UTF-8");
		if (c < 0x10000) {
			add_unit(making, c, mask_of(c, ignore_case), big_endian);
			continue;
		}
		add_unit(making, 0xd800 + ((c - 0x10000) >> 10), 0xff, big_endian);
		add_unit(making, 0xdc00 + ((c - 0x10000) & 0x3ff), 0xff, big_endian);
	}
	return NULL;
}

static struct error *make_literal(struct pattern *pattern, struct bytes text,
				  enum pattern_kind kind, bool ignore_case)
{
	struct making making = { .value = arena_alloc(&pattern->arena, 2 * text.len + 2),
				 .mask = arena_alloc(&pattern->arena, 2 * text.len + 2) };
	struct error *error = kind == PATTERN_HEX  ? add_hex(&making, text)
			      : kind == PATTERN_TEXT ? add_text(&making, text, ignore_case)
						     : add_utf16(&making, text, ignore_case,
								 kind == PATTERN_UTF16BE);

	if (error)
		return error;
	if (making.len > MOST_MATCH)
		return error_new(ERROR_USAGE, "the pattern has more than %d bytes", MOST_MATCH);
	pattern->literal = (struct literal){ .value = making.value, .mask = making.mask,
					     .len = making.len };
	if (!literal_prepare(&pattern->literal))
		return error_new(ERROR_USAGE, "the pattern has no byte to look for");
	return NULL;
}

/* --- regular expressions ------------------------------------------------------------------------------ */

static struct error *regex_error(int number, size_t offset)
{
	PCRE2_UCHAR message[256];

	pcre2_get_error_message(number, message, sizeof(message));
	return error_new(ERROR_USAGE, "the regular expression, at character %zu: %s", offset + 1,
			 (const char *)message);
}

/* Lines end in a line feed, however PCRE2 was built. */
static pcre2_code *compile(struct bytes text, uint32_t options, int *number, size_t *offset)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	pcre2_code *code;

	if (!context)
		out_of_memory();
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	code = pcre2_compile(text.data, text.len, options, number, offset, context);
	pcre2_compile_context_free(context);
	return code;
}

static struct error *make_regex(struct pattern *pattern, struct bytes text, bool ignore_case)
{
	uint32_t options = PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_MULTILINE |
			   PCRE2_USE_OFFSET_LIMIT | (ignore_case ? PCRE2_CASELESS : 0);
	uint32_t behind = 0;
	size_t offset;
	int number;

	if (text.len == 0 || text.len > MOST_MATCH)
		return error_new(ERROR_USAGE, "a regular expression has 1 to %d bytes", MOST_MATCH);
	pattern->code = compile(text, options, &number, &offset);
	if (!pattern->code)
		return regex_error(number, offset);
	(void)pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE); /* else it is interpreted */
	pcre2_pattern_info(pattern->code, PCRE2_INFO_MAXLOOKBEHIND, &behind);
	if (behind > MOST_BEHIND)
		return error_new(ERROR_USAGE, "the regular expression looks behind more than %d bytes",
				 MOST_BEHIND);
	pattern->behind = behind ? behind : 1; /* "^" and "\b" look at one */
	required_find(&pattern->arena, text, ignore_case, &pattern->required);
	if (pattern->required.n)
		literals_init(pattern->required.literals, pattern->required.n,
			      &pattern->required_literals);
	return NULL;
}

struct error *pattern_new(struct bytes text, enum pattern_kind kind, bool ignore_case,
			  struct pattern **ret)
{
	struct pattern *pattern = calloc(1, sizeof(*pattern));
	struct error *error;

	if (!pattern)
		out_of_memory();
	arena_init(&pattern->arena);
	if (kind == PATTERN_REGEX)
		error = make_regex(pattern, text, ignore_case);
	else
		error = make_literal(pattern, text, kind, ignore_case);
	if (error) {
		pattern_free(pattern);
		return error;
	}
	*ret = pattern;
	return NULL;
}

void pattern_free(struct pattern *pattern)
{
	if (!pattern)
		return;
	pcre2_code_free(pattern->code);
	arena_deinit(&pattern->arena);
	free(pattern);
}

size_t pattern_longest(const struct pattern *pattern)
{
	return pattern->code ? MOST_MATCH : pattern->literal.len;
}

size_t pattern_behind(const struct pattern *pattern)
{
	return pattern->behind;
}

/* --- matching --------------------------------------------------------------------------------------------- */

enum { JIT_STACK_START = 32 << 10, JIT_STACK_MOST = 1 << 20 };

struct matcher {
	const struct pattern *pattern;
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};

struct matcher *matcher_new(const struct pattern *pattern)
{
	struct matcher *matcher = calloc(1, sizeof(*matcher));

	if (!matcher)
		out_of_memory();
	matcher->pattern = pattern;
	if (!pattern->code)
		return matcher;
	matcher->data = pcre2_match_data_create(1, NULL);
	matcher->context = pcre2_match_context_create(NULL);
	matcher->stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MOST, NULL);
	if (!matcher->data || !matcher->context)
		out_of_memory();
	pcre2_set_match_limit(matcher->context, MATCH_LIMIT);
	pcre2_set_heap_limit(matcher->context, MATCH_HEAP);
	if (matcher->stack)
		pcre2_jit_stack_assign(matcher->context, NULL, matcher->stack);
	return matcher;
}

void matcher_free(struct matcher *matcher)
{
	if (!matcher)
		return;
	pcre2_match_data_free(matcher->data);
	pcre2_match_context_free(matcher->context);
	pcre2_jit_stack_free(matcher->stack);
	free(matcher);
}

/* One call of PCRE2: matches that begin in [FROM, LIMIT). */
static enum match attempt(struct matcher *matcher, const struct subject *subject, size_t from,
			  size_t limit, size_t *ret_start, size_t *ret_end)
{
	uint32_t options = PCRE2_NOTEMPTY | (subject->ends ? 0 : PCRE2_NOTEOL);
	const size_t *place;
	int n;

	if (from >= limit)
		return MATCH_NONE;
	pcre2_set_offset_limit(matcher->context, limit - 1);
	n = pcre2_match(matcher->pattern->code, subject->data, subject->len, from, options,
			matcher->data, matcher->context);
	if (n == PCRE2_ERROR_NOMATCH)
		return MATCH_NONE;
	if (n < 0)
		return MATCH_LIMITED;
	place = pcre2_get_ovector_pointer(matcher->data);
	*ret_start = place[0];
	*ret_end = place[1];
	return place[1] <= place[0] || place[0] < from ? MATCH_LIMITED : MATCH_FOUND; /* by \K */
}

/* Somewhere in [FROM, LIMIT) a limit is hit: the first place of that, or a match before it. */
static enum match find_limit(struct matcher *matcher, const struct subject *subject, size_t from,
			     size_t limit, size_t *ret_start, size_t *ret_end)
{
	while (limit - from > 1) {
		size_t middle = from + (limit - from) / 2;
		enum match match = attempt(matcher, subject, from, middle, ret_start, ret_end);

		if (match == MATCH_FOUND)
			return match;
		if (match == MATCH_NONE)
			from = middle;
		else
			limit = middle;
	}
	*ret_start = from;
	*ret_end = from + 1;
	return MATCH_LIMITED;
}

/* A match is what fits into MOST_MATCH, wherever the pieces of memory end. */
static enum match shorten(struct matcher *matcher, const struct subject *subject, size_t start,
			  size_t *ret_start, size_t *ret_end)
{
	struct subject part = { .data = subject->data, .len = start + MOST_MATCH };

	if (attempt(matcher, &part, start, start + 1, ret_start, ret_end) == MATCH_FOUND)
		return MATCH_CUT;
	*ret_start = start;
	*ret_end = start + 1;
	return MATCH_LIMITED;
}

/* The first match that begins in [FROM, LIMIT), by PCRE2 alone. */
static enum match match_regex(struct matcher *matcher, const struct subject *subject, size_t from,
			      size_t limit, size_t *ret_start, size_t *ret_end)
{
	enum match match = attempt(matcher, subject, from, limit, ret_start, ret_end);

	if (match == MATCH_LIMITED)
		match = find_limit(matcher, subject, from, limit, ret_start, ret_end);
	if (match == MATCH_FOUND && *ret_end - *ret_start > MOST_MATCH)
		match = shorten(matcher, subject, *ret_start, ret_start, ret_end);
	return match;
}

/* The first place at or behind FROM where a match may begin whose literal is at PLACE. */
static size_t first_start(const struct required *required, const struct subject *subject, size_t from,
			  size_t place)
{
	size_t start = place;

	while (start > from && place - start < required->longest_before &&
	       byte_set_has(&required->before, subject->data[start - 1]))
		start--;
	return start;
}

/* Behind the last place where the literal of a match that begins before LIMIT may begin. */
static size_t literal_limit(const struct required *required, const struct subject *subject, size_t limit)
{
	size_t most = required->longest_before < MOST_MATCH ? required->longest_before : MOST_MATCH;
	size_t place = limit;

	for (; place - limit < most; place++)
		if (place >= subject->len || !byte_set_has(&required->before, subject->data[place]))
			return place + 1;
	return place;
}

/*
 * Only around the literals that a match must have. Where a match may begin is monotone in where its literal is,
 * so the places are tried in order, and none twice. Literals that are everywhere are of no help: after some
 * tries in vain PCRE2 looks at all that is left.
 */
static enum match match_around(struct matcher *matcher, const struct subject *subject, size_t from,
			       size_t limit, size_t *ret_start, size_t *ret_end)
{
	enum { MOST_TRIES = 1000 };
	const struct pattern *pattern = matcher->pattern;
	size_t last = literal_limit(&pattern->required, subject, limit), place = from;

	for (unsigned tries = 0; tries < MOST_TRIES; tries++, place++) {
		size_t start, end;
		enum match match;

		place = literals_find(&pattern->required_literals, LITERAL_FASTEST, subject->data,
				      subject->len, place, last);
		if (place == SIZE_MAX)
			return MATCH_NONE;
		start = first_start(&pattern->required, subject, from, place);
		end = place < limit ? place + 1 : limit;
		match = match_regex(matcher, subject, start, end, ret_start, ret_end);
		if (match != MATCH_NONE)
			return match;
		from = end;
	}
	return match_regex(matcher, subject, from, limit, ret_start, ret_end);
}

enum match matcher_next(struct matcher *matcher, const struct subject *subject, size_t from,
			size_t limit, size_t *ret_start, size_t *ret_end)
{
	const struct literal *literal = &matcher->pattern->literal;

	if (!matcher->pattern->code) {
		size_t place = literal_find(literal, LITERAL_FASTEST, subject->data, subject->len,
					    from, limit);

		if (place == SIZE_MAX)
			return MATCH_NONE;
		*ret_start = place;
		*ret_end = place + literal->len;
		return MATCH_FOUND;
	}
	return matcher->pattern->required.n ? match_around(matcher, subject, from, limit, ret_start, ret_end)
					    : match_regex(matcher, subject, from, limit, ret_start, ret_end);
}
