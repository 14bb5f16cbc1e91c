#include "db/sql/list.h"

#include "decoders/base/escape.h"
#include "decoders/base/json_c.h"
#include "decoders/base/out.h"

static bool all_are(struct json_object *list, enum json_type type)
{
	for (size_t i = 0; i < json_object_array_length(list); i++)
		if (!json_object_is_type(json_object_array_get_idx(list, i), type))
			return false;
	return true;
}

/* The items one behind the other, each ended by a NUL. */
static struct value strings_of(struct json_object *list, struct arena *arena)
{
	struct value value = { .type = VALUE_STRINGS };
	struct out out;

	out_init(&out, -1);
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *item = json_object_array_get_idx(list, i);
		struct bytes text = { (const uint8_t *)json_object_get_string(item),
				      (size_t)json_object_get_string_len(item) };

		out_bytes(&out, escape_undo(arena, text));
		out_char(&out, '\0');
	}
	value.text = arena_copy(arena, out_held(&out));
	out_deinit(&out);
	return value;
}

static bool numbers_of(struct json_object *list, struct arena *arena, struct value *ret)
{
	size_t n = json_object_array_length(list);
	uint32_t *items = arena_alloc(arena, (n + 1) * sizeof(*items));

	for (size_t i = 0; i < n; i++) {
		int64_t item = json_object_get_int64(json_object_array_get_idx(list, i));

		if (item < 0 || item > UINT32_MAX)
			return false;
		items[i] = (uint32_t)item;
	}
	*ret = (struct value){ .type = VALUE_NUMBERS, .numbers = { items, n } };
	return true;
}

bool list_parse(struct bytes text, struct arena *arena, struct value *ret)
{
	struct json_object *list = NULL;
	const char *reason;
	bool is_list;
	size_t end;

	if (!json_c_parse(text, &list, &end, &reason))
		return false;
	is_list = json_object_is_type(list, json_type_array);
	if (is_list && all_are(list, json_type_string))
		*ret = strings_of(list, arena);
	else
		is_list = is_list && all_are(list, json_type_int) && numbers_of(list, arena, ret);
	json_object_put(list);
	return is_list;
}
