/*
 * Text of two bytes a character in memory, made text of one: so what looks for bytes finds it in UTF-16, too.
 *
 * A run is a number of printable ASCII characters, tabs and line ends, each with a zero behind it (or before it,
 * where the machine is big-endian), at any parity.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WIDE_SHORTEST = 8 /* characters */ };

struct wide_run {
	size_t start, n; /* the first byte, and how many characters */
};

/* The first run that ends behind FROM, whole; false where there is none. */
bool wide_next(const uint8_t *data, size_t len, bool big_endian, size_t from, struct wide_run *ret);

/* Its characters. */
void wide_narrow(const uint8_t *data, const struct wide_run *run, bool big_endian, uint8_t *ret);
