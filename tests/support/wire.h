/*
 * Images built by hand: the tests' own small protobuf encoder.
 *
 * It knows nothing of the schema, so what it builds is not what the code under test would build.
 * Included by the tests that need it.
 */
/* json-c has a type where the JSON writer has a function. */
#pragma once

#define json_bool json_c_bool
#include "tests/support/support.h"
#undef json_bool

#include "decoders/base/out.h"

#define HELPER static __attribute__((unused))

HELPER void put_varint(struct out *wire, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		out_char(wire, (char)(value | 0x80));
	out_char(wire, (char)value);
}

HELPER void put_number(struct out *wire, uint64_t field, uint64_t value)
{
	put_varint(wire, field << 3);
	put_varint(wire, value);
}

HELPER void put_bytes(struct out *wire, uint64_t field, struct bytes bytes)
{
	put_varint(wire, field << 3 | 2);
	put_varint(wire, bytes.len);
	out_bytes(wire, bytes);
}

HELPER void put_text(struct out *wire, uint64_t field, const char *text)
{
	put_bytes(wire, field, bytes_of(text));
}

/* Puts INNER as a message field, and empties it for the next use. */
HELPER void put_message(struct out *wire, uint64_t field, struct out *inner)
{
	put_bytes(wire, field, out_held(inner));
	out_clear(inner);
}

HELPER void put_u16(struct out *image, uint16_t value, bool big_endian)
{
	out_char(image, (char)(big_endian ? value >> 8 : value));
	out_char(image, (char)(big_endian ? value : value >> 8));
}

HELPER void put_u32(struct out *image, uint32_t value, bool big_endian)
{
	put_u16(image, (uint16_t)(big_endian ? value >> 16 : value), big_endian);
	put_u16(image, (uint16_t)(big_endian ? value : value >> 16), big_endian);
}

/* The head of an image of the v1.1 layout. */
HELPER void put_magic(struct out *image, uint32_t magic)
{
	put_u32(image, 0x54564319, false);
	put_u32(image, magic, false);
}

/* An entry of a little-endian image; empties PAYLOAD. */
HELPER void put_entry(struct out *image, struct out *payload)
{
	put_u32(image, (uint32_t)payload->len, false);
	out_bytes(image, out_held(payload));
	out_clear(payload);
}

/* Writes IMAGE as DIRECTORY/NAME, and empties it. */
HELPER void write_image(const char *directory, const char *name, struct out *image)
{
	write_file(scratch_path("%s/%s", directory, name), out_held(image).data, image->len);
	out_clear(image);
}

/* xorshift64*: the same numbers in every run. */
HELPER uint64_t next_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * 0x2545f4914f6cdd1d;
}

enum {
	MAGIC_INVENTORY = 0x58313116,
	MAGIC_PSTREE = 0x50273030,
	MAGIC_CORE = 0x55053847,
	MAGIC_MM = 0x57492820,
	MAGIC_PAGEMAP = 0x56084025,
	MAGIC_FILES = 0x56303138,
	MAGIC_FDINFO = 0x56213732,
	MAGIC_MNTS = 0x55563928,
	MAGIC_UTSNS = 0x54473203,
};
