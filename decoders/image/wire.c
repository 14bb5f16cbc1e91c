#include "decoders/image/wire.h"

#include "decoders/base/cursor.h"

static bool skip_value(struct cursor *cursor, unsigned wire_type)
{
	struct bytes skipped;
	uint64_t len;

	switch (wire_type) {
	case 0:
		return cursor_varint(cursor, &len);
	case 1:
		return cursor_take(cursor, 8, &skipped);
	case 2:
		return cursor_varint(cursor, &len) && cursor_take(cursor, len, &skipped);
	case 5:
		return cursor_take(cursor, 4, &skipped);
	default:
		return false;
	}
}

bool wire_number(struct bytes wire, uint32_t number, uint64_t *ret)
{
	struct cursor cursor = cursor_over(wire, false);
	bool found = false;
	uint64_t key;

	while (cursor_left(&cursor) && cursor_varint(&cursor, &key)) {
		if (key == (uint64_t)number << 3 && cursor_varint(&cursor, ret))
			found = true;
		else if (!skip_value(&cursor, key & 7))
			break;
	}
	return found;
}
