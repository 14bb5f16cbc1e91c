#include "db/tables/value.h"

#include <time.h>

bool strings_next(struct bytes *rest, struct bytes *ret)
{
	if (rest->len == 0)
		return false;
	*ret = bytes_first(*rest, bytes_find(*rest, '\0'));
	*rest = bytes_from(*rest, ret->len + 1);
	return true;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_lists(const struct value *a, const struct value *b)
{
	for (size_t i = 0; i < a->numbers.n && i < b->numbers.n; i++)
		if (a->numbers.items[i] != b->numbers.items[i])
			return compare_numbers(a->numbers.items[i], b->numbers.items[i]);
	return compare_numbers(a->numbers.n, b->numbers.n);
}

int value_compare(const struct value *a, const struct value *b)
{
	if (a->type != b->type)
		return compare_numbers(a->type, b->type);
	switch (a->type) {
	case VALUE_NULL:
		return 0;
	case VALUE_BOOL:
		return compare_numbers(a->boolean, b->boolean);
	case VALUE_INT:
		return (a->integer > b->integer) - (a->integer < b->integer);
	case VALUE_UINT:
	case VALUE_HEX:
	case VALUE_OCTAL:
		return compare_numbers(a->number, b->number);
	case VALUE_REAL:
		return (a->real > b->real) - (a->real < b->real);
	case VALUE_TEXT:
	case VALUE_STRINGS:
		return bytes_compare(a->text, b->text);
	case VALUE_NUMBERS:
		return compare_lists(a, b);
	}
	return 0;
}

struct value value_copy(struct arena *arena, const struct value *value)
{
	struct value copy = *value;

	if (value->type == VALUE_TEXT || value->type == VALUE_STRINGS)
		copy.text = arena_copy(arena, value->text);
	if (value->type == VALUE_NUMBERS)
		copy.numbers.items = memcpy(arena_alloc(arena, value->numbers.n * sizeof(uint32_t) + 1),
					    value->numbers.items, value->numbers.n * sizeof(uint32_t));
	return copy;
}

struct value value_time(struct arena *arena, uint64_t seconds)
{
	time_t time = (time_t)seconds;
	char text[64];
	struct tm utc;

	if (!seconds || seconds == UINT64_MAX || !gmtime_r(&time, &utc) ||
	    !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc))
		return (struct value){ .type = VALUE_NULL };
	return value_text(arena_copy(arena, bytes_of(text)));
}
