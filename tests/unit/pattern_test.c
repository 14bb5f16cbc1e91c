/*
 * What is looked for in memory: literals, by every way there is, against a plain loop; what a regular expression
 * requires; and regular expressions with that knowledge against PCRE2 without it.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/wire.h"

#include "decoders/memory/literals.h"
#include "decoders/memory/pattern.h"
#include "decoders/memory/required.h"

static unsigned random_below(unsigned n)
{
	static uint64_t seed = 1;

	return (unsigned)(next_random(&seed) >> 32) % n;
}

/* Few letters, so that there are many matches, near ones too. */
static void fill(uint8_t *data, size_t len, const char *letters)
{
	for (size_t i = 0; i < len; i++)
		data[i] = (uint8_t)letters[random_below((unsigned)strlen(letters))];
}

/* --- literals ----------------------------------------------------------------------------------------- */

static size_t find_slowly(const struct literal *items, size_t n, const uint8_t *data, size_t len,
			  size_t from, size_t limit)
{
	for (size_t place = from; place < limit && place < len; place++)
		for (size_t i = 0; i < n; i++) {
			size_t k = 0;

			while (k < items[i].len && place + k < len &&
			       (data[place + k] & items[i].mask[k]) == items[i].value[k])
				k++;
			if (k == items[i].len)
				return place;
		}
	return SIZE_MAX;
}

static void make_literal(struct literal *literal, uint8_t *value, uint8_t *mask, size_t len)
{
	fill(value, len, "abcAB");
	for (size_t i = 0; i < len; i++) {
		static const uint8_t masks[] = { 0xff, 0xff, 0xff, 0xdf, 0xf0 };

		mask[i] = masks[random_below(5)];
		value[i] &= mask[i];
	}
	*literal = (struct literal){ .value = value, .mask = mask, .len = len };
	assert_true(literal_prepare(literal));
}

static void every_way_finds_the_same(void **state)
{
	enum { LEN = 300, ROUNDS = 1000 };
	static uint8_t values[MOST_LITERALS][8], masks[MOST_LITERALS][8];
	static struct literal items[MOST_LITERALS];
	static struct literals literals;
	uint8_t *data = malloc(LEN); /* the sanitizer sees a byte too far */

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		size_t n = 1 + random_below(round % 3 ? 4 : MOST_LITERALS);
		size_t len = random_below(LEN), from = random_below(20), limit = random_below(LEN + 20);
		size_t wanted;

		fill(data + LEN - len, len, round % 2 ? "abcABxyz@" : "abcdefghijklmnopqrstuvwxyzAB");
		for (size_t i = 0; i < n; i++)
			make_literal(&items[i], values[i], masks[i], LITERALS_HEAD + random_below(6));
		literals_init(items, n, &literals);
		wanted = find_slowly(items, n, data + LEN - len, len, from, limit);
		for (enum literal_way way = LITERAL_FASTEST; way <= LITERAL_AVX2; way++) {
			assert_int_equal(literals_find(&literals, way, data + LEN - len, len, from, limit),
					 wanted);
			assert_int_equal(literal_find(&items[0], way, data + LEN - len, len, from, limit),
					 find_slowly(items, 1, data + LEN - len, len, from, limit));
		}
	}
	free(data);
}

/* --- what is required ---------------------------------------------------------------------------------- */

/* "abc|def<4": one of these, with up to 4 bytes before it; "<*": any number; "": nothing. */
static const struct {
	const char *regex, *wanted;
} requirements[] = {
	{ "abc", "abc<0" },
	{ "x*abc", "abc<*" },
	{ "[a-f]{2,5}abcd", "abcd<5" },
	{ "abc|defg", "abc|defg<0" },
	{ "abc|de", "" },
	{ "(abc|def)?ghi", "ghi<3" },
	{ "(?:abc|def)+x", "abc|def<0" },
	{ "q(abc|d(efg)h)", "abc|efg<2" },
	{ "ab+c", "" },
	{ "abcd+efg", "abcd<0" },
	{ "abc*defgh", "defgh<*" },
	{ "password[=:] *[^ ]+", "password<0" },
	{ "\\bfoo\\d+barbar\\b", "barbar<*" },
	{ "foo\\.bar", "foo.bar<0" },
	{ "\\x41\\x42C", "ABC<0" },
	{ "^abc$", "abc<0" },
	{ "a.c", "" },
	{ "\\x00\\x00\\x00\\x00", "" }, /* everywhere */
	{ "[abc", "" },
	{ "(?=abc)abc", "" },
	{ "(?<!x)abc", "" },
	{ "(?<name>abc)", "abc<0" },
	{ "(abc)\\1", "" },
	{ "\\Qabc\\E", "" },
	{ "ab(?i)cd", "" },
	{ "(*UTF)abc", "" },
	{ "abc{0}defg", "defg<2" },
	{ "[]abc]{3}xyz", "xyz<3" },
	{ "[[:alpha:]]+xyz", "" },
	{ "a{,3}xyz", "" },
};

static void assert_required(const char *regex, const char *wanted)
{
	struct required required;
	struct arena arena;
	char text[512] = "";
	size_t used = 0;

	arena_init(&arena);
	required_find(&arena, bytes_of(regex), false, &required);
	for (size_t i = 0; i < required.n; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%.*s", i ? "|" : "",
					 (int)required.literals[i].len,
					 (const char *)required.literals[i].value);
	if (required.n && required.longest_before == SIZE_MAX)
		snprintf(text + used, sizeof(text) - used, "<*");
	else if (required.n)
		snprintf(text + used, sizeof(text) - used, "<%zu", required.longest_before);
	if (strcmp(text, wanted) != 0)
		fail_msg("%s requires \"%s\", not \"%s\"", regex, text, wanted);
	arena_deinit(&arena);
}

static void what_a_regular_expression_requires_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(requirements) / sizeof(requirements[0]); i++)
		assert_required(requirements[i].regex, requirements[i].wanted);
}

/* --- against PCRE2 alone ---------------------------------------------------------------------------------- */

struct text {
	char bytes[400];
	size_t len;
};

static void add(struct text *text, const char *words)
{
	if (text->len + strlen(words) < sizeof(text->bytes))
		text->len += (size_t)sprintf(text->bytes + text->len, "%s", words);
}

/* An expression of everything that required_find knows, and of some things that it does not. */
static void add_expression(struct text *text, unsigned depth)
{
	static const char *const atoms[] = { "a", "b", "abc", "bca", "cab", "abcab", "x", ".", "[ab]", "[^b]",
					     "\\w", "\\d", "\\s", "\\b", "^", "$", "\\x61", "[a-c]", "[^\\s]",
					     "ccc", "bbb", "(?=a)", "A", "\\n" };
	static const char *const repeats[] = { "", "", "", "", "", "*", "+", "?", "{2}", "{1,3}", "{0,2}",
					       "+?", "*?", "{2,}", "++" };
	unsigned n = 1 + random_below(4);

	for (unsigned i = 0; i < n; i++) {
		if (depth && random_below(3) == 0) {
			static const char *const opens[] = { "(", "(?:", "(?<n>", "(?>" };

			add(text, opens[random_below(20) ? random_below(2) : random_below(4)]);
			add_expression(text, depth - 1);
			while (random_below(2)) {
				add(text, "|");
				add_expression(text, depth - 1);
			}
			add(text, ")");
		} else {
			add(text, atoms[random_below(sizeof(atoms) / sizeof(atoms[0]))]);
		}
		add(text, repeats[random_below(sizeof(repeats) / sizeof(repeats[0]))]);
	}
}

static pcre2_code *compile_alone(const char *regex, bool ignore_case)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	size_t offset;
	int number;
	pcre2_code *code;

	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	code = pcre2_compile((PCRE2_SPTR)regex, PCRE2_ZERO_TERMINATED,
			     PCRE2_NEVER_UTF | PCRE2_MULTILINE | PCRE2_USE_OFFSET_LIMIT |
				     (ignore_case ? PCRE2_CASELESS : 0),
			     &number, &offset, context);
	pcre2_compile_context_free(context);
	return code;
}

/* All matches in turn, by both. False: PCRE2 hit a limit, and there is nothing to compare. */
static bool compare_matches(const char *regex, const struct pattern *pattern, pcre2_code *code,
			    const struct subject *subject, size_t limit)
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	pcre2_match_context *context = pcre2_match_context_create(NULL);
	struct matcher *matcher = matcher_new(pattern);
	size_t from = 0, start = 0, end = 0;
	bool is_known = true;

	pcre2_set_offset_limit(context, limit - 1);
	pcre2_set_match_limit(context, 50000);
	while (from < limit) {
		int n = pcre2_match(code, subject->data, subject->len, from,
				    PCRE2_NOTEMPTY | (subject->ends ? 0 : PCRE2_NOTEOL), data, context);
		enum match match = matcher_next(matcher, subject, from, limit, &start, &end);
		const size_t *place = pcre2_get_ovector_pointer(data);

		if (n < 0 && n != PCRE2_ERROR_NOMATCH)
			is_known = false;
		if (!is_known || match == MATCH_LIMITED)
			break;
		if ((n < 0) != (match == MATCH_NONE) ||
		    (n >= 0 && (start != place[0] || end != place[1])))
			fail_msg("%s from %zu, limit %zu: %zu-%zu, PCRE2 alone %d: %zu-%zu, in \"%.*s\"", regex,
				 from, limit, start, end, n, place[0], place[1], (int)subject->len,
				 (const char *)subject->data);
		if (n < 0)
			break;
		from = end;
	}
	matcher_free(matcher);
	pcre2_match_data_free(data);
	pcre2_match_context_free(context);
	return is_known;
}

static void regular_expressions_match_as_pcre2_alone(void **state)
{
	enum { ROUNDS = 1500, LEN = 120 };
	static uint8_t data[LEN];
	size_t n_required = 0, n_compared = 0;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct text text = { .len = 0 };
		bool ignore_case = random_below(4) == 0;
		struct pattern *pattern;
		struct required required;
		struct arena arena;
		pcre2_code *code;

		add_expression(&text, 2);
		code = compile_alone(text.bytes, ignore_case);
		if (!code)
			continue;
		assert_null(pattern_new(bytes_of(text.bytes), PATTERN_REGEX, ignore_case, &pattern));
		arena_init(&arena);
		required_find(&arena, bytes_of(text.bytes), ignore_case, &required);
		n_required += required.n != 0;
		arena_deinit(&arena);
		for (unsigned k = 0; k < 3; k++) {
			struct subject subject = { .data = data, .len = LEN / 2 + random_below(LEN / 2),
						   .ends = k != 1 };

			fill(data, LEN, k ? "abcabcabcx A\n1" : "abc");
			n_compared += compare_matches(text.bytes, pattern, code, &subject,
						      k == 2 ? subject.len / 2 : subject.len);
		}
		pattern_free(pattern);
		pcre2_code_free(code);
	}
	assert_true(n_compared > ROUNDS);
	assert_true(n_required > ROUNDS / 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_finds_the_same),
		cmocka_unit_test(what_a_regular_expression_requires_is_found),
		cmocka_unit_test(regular_expressions_match_as_pcre2_alone),
	};

	return run_all(tests);
}
