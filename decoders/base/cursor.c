#include "decoders/base/cursor.h"

static bool take_number(struct cursor *cursor, unsigned width, uint64_t *ret)
{
	uint64_t value = 0;

	if (cursor_left(cursor) < width)
		return false;
	for (unsigned i = 0; i < width; i++) {
		unsigned shift = 8 * (cursor->big_endian ? width - 1 - i : i);

		value |= (uint64_t)cursor->pos[i] << shift;
	}
	cursor->pos += width;
	*ret = value;
	return true;
}

bool cursor_u16(struct cursor *cursor, uint16_t *ret)
{
	uint64_t value;

	if (!take_number(cursor, 2, &value))
		return false;
	*ret = (uint16_t)value;
	return true;
}

bool cursor_u32(struct cursor *cursor, uint32_t *ret)
{
	uint64_t value;

	if (!take_number(cursor, 4, &value))
		return false;
	*ret = (uint32_t)value;
	return true;
}

bool cursor_u64(struct cursor *cursor, uint64_t *ret)
{
	return take_number(cursor, 8, ret);
}

bool cursor_varint_slow(struct cursor *cursor, uint64_t *ret)
{
	const uint8_t *pos = cursor->pos;
	const uint8_t *most = cursor_left(cursor) < 10 ? cursor->end : pos + 10;
	uint64_t value = 0;

	for (unsigned shift = 0; pos < most; shift += 7) {
		uint8_t byte = *pos++;

		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) {
			cursor->pos = pos;
			*ret = value;
			return true;
		}
	}
	return false;
}

bool cursor_take(struct cursor *cursor, uint64_t len, struct bytes *ret)
{
	if (cursor_left(cursor) < len)
		return false;
	*ret = (struct bytes){ cursor->pos, (size_t)len };
	cursor->pos += len;
	return true;
}
