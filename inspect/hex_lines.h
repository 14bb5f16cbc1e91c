/* Bytes as "hexdump -C" has them: address, sixteen bytes, and the same as text. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "decoders/base/out.h"

enum { HEX_LINE = 16 };

/* What is remembered from line to line; begins as zeroes. */
struct hex_lines {
	uint8_t bytes[HEX_LINE], before[HEX_LINE];
	bool has_before, starred;
};

/*
 * The next bytes. Lines stand at multiples of 16, so the first may begin and the last end with blanks: pieces of a run
 * meet at such multiples.
 */
void hex_lines_put(struct hex_lines *lines, uint64_t address, const uint8_t *bytes, size_t len, struct out *out);

/* The address behind the last byte, where "*" stands for the last lines. */
void hex_lines_end(const struct hex_lines *lines, uint64_t end, struct out *out);
