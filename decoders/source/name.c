#include "decoders/source/name.h"

/* The next component between slashes; false at the end. */
static bool next_component(struct bytes *rest, struct bytes *ret)
{
	size_t start = 0;

	while (start < rest->len && rest->data[start] == '/')
		start++;
	*rest = bytes_from(*rest, start);
	*ret = bytes_first(*rest, bytes_find(*rest, '/'));
	*rest = bytes_from(*rest, ret->len);
	return ret->len > 0;
}

bool name_clean(struct arena *arena, struct bytes raw, struct bytes *ret)
{
	uint8_t *clean = arena_alloc(arena, raw.len + 1);
	struct bytes rest = raw, component;
	size_t len = 0;
	bool safe = true;

	while (next_component(&rest, &component)) {
		if (bytes_equal(component, BYTES(".")))
			continue;
		if (bytes_equal(component, BYTES("..")))
			safe = false;
		if (len)
			clean[len++] = '/';
		memcpy(clean + len, component.data, component.len);
		len += component.len;
	}
	clean[len] = '\0';
	*ret = (struct bytes){ clean, len };
	return safe;
}

struct bytes name_join(struct arena *arena, struct bytes directory, struct bytes name)
{
	uint8_t *joined;

	if (directory.len == 0)
		return name;
	joined = arena_alloc(arena, directory.len + name.len + 2);
	memcpy(joined, directory.data, directory.len);
	joined[directory.len] = '/';
	memcpy(joined + directory.len + 1, name.data, name.len);
	joined[directory.len + 1 + name.len] = '\0';
	return (struct bytes){ joined, directory.len + 1 + name.len };
}
