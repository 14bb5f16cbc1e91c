#include "decoders/memory/required.h"

#include <string.h>

enum { DEEPEST = 32, ANY_NUMBER = -1 };

/* Literals that are required, and what is before them. */
struct need {
	struct literal *literals;
	size_t n; /* 0: none */
	size_t worth; /* of the least of them */
	struct byte_set before;
	size_t longest_before;
};

/* What a part of the expression matches. */
struct part {
	struct byte_set bytes; /* all that it can consist of */
	size_t longest;        /* SIZE_MAX: no limit */
	struct need need;
};

struct parser {
	struct arena *arena;
	const uint8_t *pos, *end;
	bool ignore_case;
	bool is_lost; /* something is not known here: nothing is said of the whole */
	unsigned depth;
};

/* A part that is being put together, and the literal that it ends with so far. */
struct sequence {
	struct part part;
	uint8_t value[LONGEST_REQUIRED], mask[LONGEST_REQUIRED];
	size_t n;
	struct byte_set before; /* the literal */
	size_t longest_before;
};

/* --- sets and lengths -------------------------------------------------------------------------------- */

static void set_add(struct byte_set *set, unsigned byte)
{
	set->words[byte >> 6] |= UINT64_C(1) << (byte & 63);
}

static void set_add_all(struct byte_set *set, const struct byte_set *more)
{
	for (size_t i = 0; i < 4; i++)
		set->words[i] |= more->words[i];
}

static void set_add_range(struct byte_set *set, unsigned first, unsigned last)
{
	for (unsigned byte = first; byte <= last; byte++)
		set_add(set, byte);
}

static bool is_letter(uint8_t byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static void set_add_either_case(struct byte_set *set)
{
	for (unsigned byte = 'A'; byte <= 'Z'; byte++)
		if (byte_set_has(set, (uint8_t)byte) || byte_set_has(set, (uint8_t)(byte | 0x20))) {
			set_add(set, byte);
			set_add(set, byte | 0x20);
		}
}

static size_t add_lengths(size_t a, size_t b)
{
	return a > SIZE_MAX - b ? SIZE_MAX : a + b;
}

static size_t times(size_t length, int most)
{
	size_t product;

	if (length == 0)
		return 0;
	return most == ANY_NUMBER || __builtin_mul_overflow(length, (size_t)most, &product) ? SIZE_MAX
										    : product;
}

/* --- needs ---------------------------------------------------------------------------------------------- */

/* Zeroes and the like are everywhere: they do not make a literal rare. */
static size_t worth_of(const struct literal *literal)
{
	size_t worth = 0;

	for (size_t i = 0; i < literal->len && worth < 8; i++)
		worth += literal->value[i] != 0 && literal->value[i] != 0xff && literal->value[i] != ' ';
	return worth;
}

/* The better of two needs: long literals, few of them, and not far into the match. */
static long rank(const struct need *need)
{
	if (need->n == 0)
		return -1;
	return (long)need->worth * 64 - (long)need->n * 4 + (need->longest_before == SIZE_MAX ? 0 : 32);
}

static void take_better(struct need *best, const struct need *other)
{
	if (rank(other) > rank(best))
		*best = *other;
}

/* The literal that the sequence ends with is complete. */
static void end_literal(struct parser *parser, struct sequence *sequence)
{
	struct literal *literal;
	struct need need;

	if (sequence->n < SHORTEST_REQUIRED) {
		sequence->n = 0;
		return;
	}
	literal = arena_zalloc(parser->arena, sizeof(*literal));
	literal->value = memcpy(arena_alloc(parser->arena, sequence->n), sequence->value, sequence->n);
	literal->mask = memcpy(arena_alloc(parser->arena, sequence->n), sequence->mask, sequence->n);
	literal->len = sequence->n;
	need = (struct need){ .literals = literal, .n = 1, .worth = worth_of(literal),
			      .before = sequence->before,
			      .longest_before = sequence->longest_before };
	if (literal_prepare(literal) && need.worth >= 2)
		take_better(&sequence->part.need, &need);
	sequence->n = 0;
}

/* Either of two: what one of them lacks is not required. */
static void need_either(struct parser *parser, struct need *need, const struct need *other)
{
	struct literal *both;

	if (need->n == 0 || other->n == 0 || need->n + other->n > MOST_REQUIRED) {
		*need = (struct need){ 0 };
		return;
	}
	both = arena_alloc(parser->arena, (need->n + other->n) * sizeof(*both));
	memcpy(both, need->literals, need->n * sizeof(*both));
	memcpy(both + need->n, other->literals, other->n * sizeof(*both));
	need->literals = both;
	need->n += other->n;
	need->worth = need->worth < other->worth ? need->worth : other->worth;
	set_add_all(&need->before, &other->before);
	if (other->longest_before > need->longest_before)
		need->longest_before = other->longest_before;
}

/* --- atoms ------------------------------------------------------------------------------------------------ */

static bool at(const struct parser *parser, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(parser->end - parser->pos) >= len && !memcmp(parser->pos, text, len);
}

static int next(struct parser *parser)
{
	if (parser->pos < parser->end)
		return *parser->pos++;
	parser->is_lost = true;
	return 0;
}

static int digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* \xHH, two digits; the other forms are rare. */
static int hexadecimal(struct parser *parser)
{
	int high = digit(next(parser)), low = digit(next(parser));

	if (high < 0 || low < 0)
		parser->is_lost = true;
	return parser->is_lost ? 0 : high * 16 + low;
}

static void add_class(struct byte_set *set, int c)
{
	if (c == 'd') {
		set_add_range(set, '0', '9');
	} else if (c == 'w') {
		set_add_range(set, '0', '9');
		set_add_range(set, 'a', 'z');
		set_add_range(set, 'A', 'Z');
		set_add(set, '_');
	} else if (c == 's') {
		set_add_range(set, '\t', '\r');
		set_add(set, ' ');
	} else {
		set_add_range(set, 0, 255); /* \D, \W, \h and so on: no more than that */
	}
}

/* Behind a backslash: a byte, or -1 and the set of a class is added to SET. */
static int escaped(struct parser *parser, struct byte_set *set)
{
	static const char controls[] = "nrtfea", bytes[] = "\n\r\t\f\033\a";
	int c = next(parser);
	const char *control = c ? strchr(controls, c) : NULL;

	if (control)
		return bytes[control - controls];
	if (c == 'x')
		return hexadecimal(parser);
	if (c && strchr("dDwWsShHvV", c)) {
		add_class(set, c);
		return -1;
	}
	if (c == 0 || c >= 0x80 || is_letter((uint8_t)c) || (c >= '0' && c <= '9'))
		parser->is_lost = true; /* references, \Q, \K, \R, octal */
	return c;
}

/* What is between brackets; of "[[:alpha:]]" nothing is known. */
static void bracket(struct parser *parser, struct byte_set *ret)
{
	struct byte_set set = { 0 };
	bool negated = at(parser, "^"), first = true;
	int last = -1; /* a byte that a range may begin with */

	parser->pos += negated;
	for (;; first = false) {
		int c = next(parser);

		if (parser->is_lost || (c == ']' && !first))
			break;
		if (c == '[' && (at(parser, ":") || at(parser, ".") || at(parser, "=")))
			parser->is_lost = true;
		if (c == '-' && last >= 0 && !at(parser, "]")) {
			int high = next(parser);

			if (high == '\\')
				high = escaped(parser, &set);
			if (high < last || high == '[')
				parser->is_lost = true;
			else
				set_add_range(&set, (unsigned)last, (unsigned)high);
			last = -1;
			continue;
		}
		last = c == '\\' ? escaped(parser, &set) : c;
		if (last >= 0)
			set_add(&set, (unsigned)last);
	}
	if (parser->ignore_case)
		set_add_either_case(&set);
	for (size_t i = 0; i < 4; i++)
		ret->words[i] = negated ? ~set.words[i] : set.words[i];
}

/* --- how often ---------------------------------------------------------------------------------------------- */

struct repeat {
	int least, most; /* ANY_NUMBER */
};

static int number(struct parser *parser)
{
	int value = 0;

	while (parser->pos < parser->end && *parser->pos >= '0' && *parser->pos <= '9' && value < 100000)
		value = value * 10 + (*parser->pos++ - '0');
	return value;
}

/* "{3}", "{3,}", "{3,5}"; what else a brace may be differs between versions of PCRE2. */
static struct repeat braces(struct parser *parser)
{
	struct repeat repeat;

	parser->pos++;
	if (parser->pos == parser->end || *parser->pos < '0' || *parser->pos > '9')
		parser->is_lost = true;
	repeat.least = repeat.most = number(parser);
	if (at(parser, ",")) {
		parser->pos++;
		repeat.most = at(parser, "}") ? ANY_NUMBER : number(parser);
	}
	if (next(parser) != '}')
		parser->is_lost = true;
	return repeat;
}

static struct repeat repeat_of(struct parser *parser)
{
	struct repeat repeat = { 1, 1 };

	if (parser->pos == parser->end)
		return repeat;
	switch (*parser->pos) {
	case '*':
		repeat = (struct repeat){ 0, ANY_NUMBER };
		break;
	case '+':
		repeat = (struct repeat){ 1, ANY_NUMBER };
		break;
	case '?':
		repeat = (struct repeat){ 0, 1 };
		break;
	case '{':
		repeat = braces(parser);
		parser->pos--;
		break;
	default:
		return repeat;
	}
	parser->pos++;
	if (at(parser, "?") || at(parser, "+")) /* lazy, possessive */
		parser->pos++;
	return repeat;
}

/* --- sequences ------------------------------------------------------------------------------------------------ */

static void append(struct sequence *sequence, const struct part *part, struct repeat repeat)
{
	set_add_all(&sequence->part.bytes, &part->bytes);
	sequence->part.longest =
		add_lengths(sequence->part.longest, times(part->longest, repeat.most));
}

static void append_byte(struct parser *parser, struct sequence *sequence, int byte)
{
	bool either = parser->ignore_case && is_letter((uint8_t)byte);
	uint8_t mask = either ? 0xdf : 0xff;
	struct part part = { .longest = 1 };
	struct repeat repeat = repeat_of(parser);

	set_add(&part.bytes, (unsigned)byte);
	if (either)
		set_add(&part.bytes, (unsigned)byte ^ 0x20);
	if (repeat.least == 0)
		end_literal(parser, sequence);
	if (repeat.least && sequence->n == 0) {
		sequence->before = sequence->part.bytes;
		sequence->longest_before = sequence->part.longest;
	}
	if (repeat.least && sequence->n < LONGEST_REQUIRED) {
		sequence->value[sequence->n] = (uint8_t)byte & mask;
		sequence->mask[sequence->n++] = mask;
	}
	if (repeat.least != 1 || repeat.most != 1 || sequence->n == LONGEST_REQUIRED)
		end_literal(parser, sequence);
	append(sequence, &part, repeat);
}

/* Anything that is no single byte. */
static void append_part(struct parser *parser, struct sequence *sequence, struct part *part)
{
	struct repeat repeat = repeat_of(parser);

	end_literal(parser, sequence);
	if (repeat.least && part->need.n) {
		set_add_all(&part->need.before, &sequence->part.bytes);
		part->need.longest_before =
			add_lengths(part->need.longest_before, sequence->part.longest);
		take_better(&sequence->part.need, &part->need);
	}
	append(sequence, part, repeat);
}

static struct part alternatives(struct parser *parser);

/* Behind "(": a group, named or not; anything else that opens so is not looked into. */
static struct part group(struct parser *parser)
{
	struct part part = { 0 };

	if (at(parser, "?:")) {
		parser->pos += 2;
	} else if (at(parser, "?<") || at(parser, "?P<")) {
		parser->pos += at(parser, "?<") ? 2 : 3;
		if (parser->pos < parser->end && !is_letter(*parser->pos) && *parser->pos != '_')
			parser->is_lost = true; /* looks behind */
		while (!parser->is_lost && next(parser) != '>')
			;
	} else if (at(parser, "?") || at(parser, "*")) {
		parser->is_lost = true;
	}
	if (++parser->depth > DEEPEST)
		parser->is_lost = true;
	if (!parser->is_lost)
		part = alternatives(parser);
	parser->depth--;
	if (next(parser) != ')')
		parser->is_lost = true;
	return part;
}

static void atom(struct parser *parser, struct sequence *sequence)
{
	struct part part = { .longest = 1 };
	int c = next(parser), byte = c;

	switch (c) {
	case '(':
		part = group(parser);
		byte = -1;
		break;
	case '[':
		bracket(parser, &part.bytes);
		byte = -1;
		break;
	case '.':
		set_add_range(&part.bytes, 0, 255);
		part.bytes.words[0] &= ~(UINT64_C(1) << '\n');
		byte = -1;
		break;
	case '\\':
		if (at(parser, "b") || at(parser, "B")) { /* between bytes: a literal goes on */
			parser->pos++;
			return;
		}
		byte = escaped(parser, &part.bytes);
		break;
	case '^':
	case '$':
		return;
	case '*':
	case '+':
	case '?':
	case '{':
		parser->is_lost |= c != '{' || parser->pos == parser->end || !is_letter(*parser->pos);
		break;
	default:
		break;
	}
	if (byte >= 0)
		append_byte(parser, sequence, byte);
	else
		append_part(parser, sequence, &part);
}

static struct part one_alternative(struct parser *parser)
{
	struct sequence sequence = { 0 };

	while (!parser->is_lost && parser->pos < parser->end && *parser->pos != '|' && *parser->pos != ')')
		atom(parser, &sequence);
	end_literal(parser, &sequence);
	return sequence.part;
}

static struct part alternatives(struct parser *parser)
{
	struct part part = one_alternative(parser);

	while (!parser->is_lost && at(parser, "|")) {
		struct part other;

		parser->pos++;
		other = one_alternative(parser);
		need_either(parser, &part.need, &other.need);
		set_add_all(&part.bytes, &other.bytes);
		if (other.longest > part.longest)
			part.longest = other.longest;
	}
	return part;
}

void required_find(struct arena *arena, struct bytes regex, bool ignore_case, struct required *ret)
{
	struct parser parser = { .arena = arena, .pos = regex.data, .end = regex.data + regex.len,
				 .ignore_case = ignore_case };
	struct part part;

	*ret = (struct required){ 0 };
	if (at(&parser, "(?i)")) {
		parser.ignore_case = true;
		parser.pos += 4;
	}
	part = alternatives(&parser);
	if (parser.is_lost || parser.pos != parser.end)
		return;
	*ret = (struct required){ .literals = part.need.literals, .n = part.need.n,
				  .before = part.need.before,
				  .longest_before = part.need.longest_before };
}
