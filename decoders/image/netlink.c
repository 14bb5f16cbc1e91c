#include "decoders/image/netlink.h"

#include "decoders/base/size.h"

enum {
	MESSAGE_HEADER = 16,
	ATTRIBUTE_HEADER = 4,
	ALIGNMENT = 4,
	NUMBER_MASK = 0x3fff, /* of an attribute: above it are NLA_F_NESTED and NLA_F_NET_BYTEORDER */
};

void netlink_problem(struct netlink *netlink, uint32_t message, const uint8_t *where,
		     struct error *error)
{
	image_problem(netlink->image, error, message, (uint64_t)(where - netlink->image->image.data));
}

/* --- messages ----------------------------------------------------------------------------- */

/* A length in the wrong order is at least 65536 times a multiple of 4; no message is that long. */
static bool starts_big_endian(struct bytes stream)
{
	struct cursor little = cursor_over(stream, false), big = cursor_over(stream, true);
	uint32_t as_little, as_big;

	return cursor_u32(&little, &as_little) && cursor_u32(&big, &as_big) && as_big < as_little;
}

static bool take_magic(struct netlink *netlink, uint32_t magic)
{
	struct bytes stream = netlink->image->image;
	struct cursor little = cursor_over(stream, false), big = cursor_over(stream, true);
	uint32_t as_little = 0, as_big = 0;

	if (!cursor_u32(&little, &as_little) || !cursor_u32(&big, &as_big)) {
		image_problem(netlink->image,
			      error_new(ERROR_DAMAGED, "%zu bytes, too few for the magic of a dump",
					stream.len),
			      NO_ENTRY, 0);
		return false;
	}
	if (as_little != magic && as_big != magic) {
		image_problem(netlink->image,
			      error_new(ERROR_DAMAGED, "0x%08x is not the magic of a dump, 0x%08x",
					as_little, magic),
			      NO_ENTRY, 0);
		return false;
	}
	netlink->big_endian = as_big == magic;
	netlink->pos = sizeof(magic);
	return true;
}

bool netlink_open(struct image_reader *image, uint32_t magic, struct netlink *ret)
{
	struct netlink netlink = { .image = image };

	if (magic && image->image.len > 0) {
		if (!take_magic(&netlink, magic))
			return false;
	} else {
		netlink.big_endian = starts_big_endian(image->image);
	}
	*ret = netlink;
	return true;
}

/* The bytes of the next message behind its header; false where its length cannot be. */
static struct error *frame(struct cursor *cursor, struct netlink_message *ret)
{
	size_t left = cursor_left(cursor);
	uint32_t length, ignored;

	if (!cursor_u32(cursor, &length) || !cursor_u16(cursor, &ret->type) ||
	    !cursor_u16(cursor, &ret->flags) || !cursor_u32(cursor, &ignored) ||
	    !cursor_u32(cursor, &ignored))
		return error_new(ERROR_DAMAGED, "%zu bytes left, too few for a netlink message", left);
	if (length < MESSAGE_HEADER)
		return error_new(ERROR_DAMAGED, "length %u of a netlink message is less than its header",
				 length);
	if (!cursor_take(cursor, length - MESSAGE_HEADER, &ret->body))
		return error_new(ERROR_DAMAGED,
				 "length %u of a netlink message runs past the end, %zu left", length,
				 left);
	return NULL;
}

bool netlink_next(struct netlink *netlink, struct netlink_message *ret)
{
	struct bytes stream = netlink->image->image;
	struct netlink_message message = { .index = netlink->next++, .offset = netlink->pos };
	struct cursor cursor = cursor_over(stream, netlink->big_endian);
	struct error *error;
	uint64_t end;

	if (netlink->pos >= stream.len || !image_has_room(netlink->image))
		return false;
	cursor.pos += netlink->pos;
	netlink->pos = stream.len; /* where the framing is lost, there is no next */
	if (message.index == NETLINK_MOST)
		error = error_new(ERROR_LIMIT, "more than %d messages; the rest is left out",
				  NETLINK_MOST);
	else
		error = frame(&cursor, &message);
	if (error) {
		image_problem(netlink->image, error, message.index, message.offset);
		return false;
	}
	if (size_round_up(cursor_offset(&cursor) - message.offset, ALIGNMENT, &end))
		netlink->pos = message.offset + end;
	*ret = message;
	return true;
}

/* --- attributes --------------------------------------------------------------------------- */

static struct error *take_attribute(struct cursor *cursor, uint16_t *ret_number, struct bytes *ret)
{
	size_t left = cursor_left(cursor);
	struct bytes padding;
	uint16_t length;

	if (!cursor_u16(cursor, &length) || !cursor_u16(cursor, ret_number))
		return error_new(ERROR_DAMAGED, "%zu bytes left, too few for an attribute", left);
	*ret_number &= NUMBER_MASK;
	if (length < ATTRIBUTE_HEADER)
		return error_new(ERROR_DAMAGED, "length %u of attribute %u is less than its header",
				 length, *ret_number);
	if (!cursor_take(cursor, length - ATTRIBUTE_HEADER, ret))
		return error_new(ERROR_DAMAGED, "length %u of attribute %u runs past the end, %zu left",
				 length, *ret_number, left);
	if (!cursor_take(cursor, -(unsigned)length % ALIGNMENT, &padding))
		cursor->pos = cursor->end; /* the last one needs none */
	return NULL;
}

static bool take_attributes(struct netlink *netlink, uint32_t message, struct bytes bytes,
			    struct netlink_attributes *ret)
{
	struct cursor cursor = cursor_over(bytes, netlink->big_endian);

	memset(ret->values, 0, sizeof(ret->values));
	ret->netlink = netlink;
	ret->message = message;
	while (cursor_left(&cursor)) {
		const uint8_t *where = cursor.pos;
		struct bytes value;
		uint16_t number;
		struct error *error = take_attribute(&cursor, &number, &value);

		if (error) {
			netlink_problem(netlink, message, where, error);
			return false;
		}
		if (number < NETLINK_ATTRIBUTES)
			ret->values[number] = value; /* of several the last, as for the kernel */
	}
	return true;
}

bool netlink_split(struct netlink *netlink, const struct netlink_message *message, size_t size,
		   struct bytes *ret_header, struct netlink_attributes *ret)
{
	uint64_t padded;

	if (message->body.len < size || !size_round_up(size, ALIGNMENT, &padded)) {
		netlink_problem(netlink, message->index, message->body.data,
				error_new(ERROR_DAMAGED,
					  "%zu bytes behind the header of a netlink message, %zu needed",
					  message->body.len, size));
		return false;
	}
	*ret_header = bytes_first(message->body, size);
	return take_attributes(netlink, message->index, bytes_from(message->body, padded), ret);
}

bool netlink_nested(const struct netlink_attributes *outer, struct bytes value,
		    struct netlink_attributes *ret)
{
	return take_attributes(outer->netlink, outer->message, value, ret);
}

/* --- values ------------------------------------------------------------------------------- */

/* A cursor over a value of at least SIZE bytes; false where there is none. */
static bool open_value(const struct netlink_attributes *attributes, unsigned number, size_t size,
		       bool big_endian, struct cursor *ret)
{
	struct bytes value = attributes->values[number];

	if (!value.data)
		return false;
	if (value.len < size) {
		netlink_problem(attributes->netlink, attributes->message, value.data,
				error_new(ERROR_DAMAGED, "attribute %u has %zu bytes, %zu needed",
					  number, value.len, size));
		return false;
	}
	*ret = cursor_over(value, big_endian);
	return true;
}

uint32_t netlink_u8(const struct netlink_attributes *attributes, unsigned number)
{
	struct cursor cursor;

	return open_value(attributes, number, 1, false, &cursor) ? cursor.pos[0] : UINT32_MAX;
}

static uint32_t u32(const struct netlink_attributes *attributes, unsigned number, bool big_endian)
{
	struct cursor cursor;
	uint32_t value;

	return open_value(attributes, number, sizeof(value), big_endian, &cursor) &&
			       cursor_u32(&cursor, &value)
		       ? value
		       : UINT32_MAX;
}

uint32_t netlink_u32(const struct netlink_attributes *attributes, unsigned number)
{
	return u32(attributes, number, attributes->netlink->big_endian);
}

uint32_t netlink_be32(const struct netlink_attributes *attributes, unsigned number)
{
	return u32(attributes, number, true);
}

static uint32_t u16(const struct netlink_attributes *attributes, unsigned number, bool big_endian)
{
	struct cursor cursor;
	uint16_t value;

	return open_value(attributes, number, sizeof(value), big_endian, &cursor) &&
			       cursor_u16(&cursor, &value)
		       ? value
		       : UINT32_MAX;
}

uint32_t netlink_u16(const struct netlink_attributes *attributes, unsigned number)
{
	return u16(attributes, number, attributes->netlink->big_endian);
}

uint32_t netlink_be16(const struct netlink_attributes *attributes, unsigned number)
{
	return u16(attributes, number, true);
}

uint64_t netlink_be64(const struct netlink_attributes *attributes, unsigned number)
{
	struct cursor cursor;
	uint64_t value;

	return open_value(attributes, number, sizeof(value), true, &cursor) &&
			       cursor_u64(&cursor, &value)
		       ? value
		       : UINT64_MAX;
}

bool netlink_structure(const struct netlink_attributes *attributes, unsigned number, size_t size,
		       struct cursor *ret)
{
	return open_value(attributes, number, size, attributes->netlink->big_endian, ret);
}

struct bytes netlink_text(const struct netlink_attributes *attributes, unsigned number)
{
	struct bytes value = attributes->values[number];

	if (value.data && value.len && value.data[value.len - 1] == '\0')
		value.len--;
	return value;
}
