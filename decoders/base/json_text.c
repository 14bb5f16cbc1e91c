#include "decoders/base/json_text.h"

#include <string.h>

#include "decoders/base/json.h"

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

size_t json_skip_blank(struct bytes text, size_t pos)
{
	while (pos < text.len && is_blank(text.data[pos]))
		pos++;
	return pos;
}

static bool is_at(struct bytes text, size_t pos, char c)
{
	return pos < text.len && text.data[pos] == (uint8_t)c;
}

static bool broken(struct json_walk *walk, size_t pos, const char *reason)
{
	walk->pos = pos;
	walk->reason = pos >= walk->text.len ? "it is cut off" : reason;
	return false;
}

/* Which half of a surrogate pair the escape at POS is: 'D' the first, 'L' the last; 0: none. */
static char surrogate(struct bytes text, size_t pos)
{
	const uint8_t *c = text.data + pos;

	if (pos + 4 > text.len || c[0] != '\\' || c[1] != 'u' || (c[2] | 0x20) != 'd')
		return 0;
	return !c[3] ? 0 : strchr("89abAB", c[3]) ? 'D' : strchr("cdefCDEF", c[3]) ? 'L' : 0;
}

/*
 * .pos is at a quote, and behind the closing one then. Half a surrogate pair is no character; the
 * parser would put another in its place.
 */
static bool skip_string(struct json_walk *walk)
{
	struct bytes text = walk->text;

	for (size_t i = walk->pos + 1; i < text.len; i++) {
		char half = text.data[i] == '\\' ? surrogate(text, i) : 0;

		if (half && (half == 'L' || surrogate(text, i + 6) != 'L'))
			return broken(walk, i, "half a surrogate pair");
		if (text.data[i] == '\\') {
			i += half ? 7 : 1;
		} else if (text.data[i] == '"') {
			walk->pos = i + 1;
			return true;
		}
	}
	return broken(walk, text.len, NULL);
}

/* Whether it is an integer beyond 64 bits, which the parser would make the nearest one. */
static bool is_too_long(struct bytes word)
{
	bool negative = word.data[0] == '-';
	struct bytes digits = bytes_from(word, negative);
	struct bytes most = negative ? BYTES("9223372036854775808") : BYTES("18446744073709551615");

	for (size_t i = 0; i < digits.len; i++)
		if (digits.data[i] < '0' || digits.data[i] > '9')
			return false;
	return digits.len > most.len ||
	       (digits.len == most.len && memcmp(digits.data, most.data, most.len) > 0);
}

/* A number, true, false, null. */
static bool skip_word(struct json_walk *walk)
{
	size_t start = walk->pos, end = start;

	while (end < walk->text.len && walk->text.data[end] &&
	       strchr("+-.0123456789abcdefghijklmnopqrstuvwxyzE", walk->text.data[end]))
		end++;
	if (end == start)
		return broken(walk, start, "unexpected character");
	if (is_too_long((struct bytes){ walk->text.data + start, end - start }))
		return broken(walk, start, "a number beyond 64 bits");
	walk->pos = end;
	return true;
}

/*
 * Past one value. An empty object is two bytes of text and 800 bytes of memory, so what a tree
 * takes is not bounded by the length of its text.
 */
static bool skip_value(struct json_walk *walk, size_t *tree)
{
	static const size_t cost[256] = { ['{'] = 1024, ['['] = 512, [','] = 256 };
	size_t depth = 0;

	do {
		uint8_t c = walk->pos < walk->text.len ? walk->text.data[walk->pos] : 0;
		bool fits = true;

		*tree += cost[c];
		if (c == '"')
			fits = skip_string(walk);
		else if (c == '{' || c == '[')
			depth++, walk->pos++;
		else if (depth && (c == '}' || c == ']'))
			depth--, walk->pos++;
		else if (depth && (c == ',' || c == ':' || is_blank(c)))
			walk->pos++;
		else
			fits = skip_word(walk);
		if (!fits)
			return false;
	} while (depth);
	return true;
}

bool json_walk_begin(struct bytes text, size_t pos, struct json_walk *ret)
{
	pos = json_skip_blank(text, pos);
	if (!is_at(text, pos, '{') && !is_at(text, pos, '['))
		return false;
	*ret = (struct json_walk){ .text = text, .pos = pos + 1,
				   .is_object = is_at(text, pos, '{') };
	return true;
}

static bool take_key(struct json_walk *walk, struct bytes *ret)
{
	size_t start = walk->pos + 1;

	if (!is_at(walk->text, walk->pos, '"'))
		return broken(walk, walk->pos, "a key is wanted");
	if (!skip_string(walk))
		return false;
	*ret = (struct bytes){ walk->text.data + start, walk->pos - 1 - start };
	walk->pos = json_skip_blank(walk->text, walk->pos);
	if (!is_at(walk->text, walk->pos, ':'))
		return broken(walk, walk->pos, "a colon is wanted");
	walk->pos = json_skip_blank(walk->text, walk->pos + 1);
	return true;
}

/* .pos is behind the bracket, or behind a member. */
static bool take_member(struct json_walk *walk, struct json_member *member)
{
	if (walk->begun) {
		if (!is_at(walk->text, walk->pos, ','))
			return broken(walk, walk->pos, "a comma is wanted");
		walk->pos = json_skip_blank(walk->text, walk->pos + 1);
	}
	walk->begun = true;
	if (walk->is_object && !take_key(walk, &member->key))
		return false;
	member->start = walk->pos;
	if (!skip_value(walk, &member->tree))
		return false;
	member->end = walk->pos;
	return true;
}

enum json_step json_walk_next(struct json_walk *walk, struct json_member *ret)
{
	struct json_member member = { .key = NO_BYTES };

	walk->pos = json_skip_blank(walk->text, walk->pos);
	if (is_at(walk->text, walk->pos, walk->is_object ? '}' : ']')) {
		walk->pos++;
		return JSON_END;
	}
	if (!take_member(walk, &member))
		return JSON_BROKEN;
	*ret = member;
	return JSON_MEMBER;
}

/* --- places ----------------------------------------------------------------------------------- */

void json_print_place(struct out *out, const struct json_place *place)
{
	if (!place)
		return;
	json_print_place(out, place->parent);
	if (!place->key)
		out_printf(out, "[%zu]", place->index);
	else
		out_printf(out, "%s%s", place->parent ? "." : "", place->key);
}

/* The start of one member of the value at POS; false where there is none such. */
static bool find_member(struct bytes text, size_t pos, const struct json_place *place, size_t *ret)
{
	struct json_member member;
	struct json_walk walk;

	if (!json_walk_begin(text, pos, &walk) || walk.is_object != (place->key != NULL))
		return false;
	for (size_t i = 0; json_walk_next(&walk, &member) == JSON_MEMBER; i++) {
		if (place->key ? bytes_equal(member.key, bytes_of(place->key)) : i == place->index) {
			*ret = member.start;
			return true;
		}
	}
	return false;
}

size_t json_locate(struct bytes text, size_t pos, const struct json_place *root,
		   const struct json_place *place)
{
	const struct json_place *steps[JSON_DEPTH];
	size_t n = 0;

	for (; place != root && place && n < JSON_DEPTH; place = place->parent)
		steps[n++] = place;
	while (n && find_member(text, pos, steps[n - 1], &pos))
		n--;
	return json_skip_blank(text, pos);
}

void json_line_and_column(struct bytes text, size_t pos, size_t *ret_line, size_t *ret_column)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < pos && i < text.len; i++) {
		if (text.data[i] == '\n')
			line++, column = 1;
		else if ((text.data[i] & 0xc0) != 0x80)
			column++;
	}
	*ret_line = line;
	*ret_column = column;
}
