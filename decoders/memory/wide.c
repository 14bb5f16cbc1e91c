#include "decoders/memory/wide.h"

#include <string.h>

static bool is_text(uint8_t byte)
{
	return (byte >= ' ' && byte < 0x7f) || byte == '\t' || byte == '\n' || byte == '\r';
}

static bool is_pair(const uint8_t *pair, bool big_endian)
{
	return pair[!big_endian] == 0 && is_text(pair[big_endian]);
}

/* Any run of WIDE_SHORTEST has a word of eight bytes in it that is zero in every other byte, and not in between. */
static bool may_be_inside(const uint8_t *data)
{
	const uint64_t zeroes = UINT64_C(0xff00ff00ff00ff00);
	uint64_t word, rest;

	memcpy(&word, data, sizeof(word));
	if ((word & zeroes) == 0)
		rest = word;
	else if ((word & ~zeroes) == 0)
		rest = word >> 8;
	else
		return false;
	return (rest & 0xff) && (rest & 0xff0000) && (rest & UINT64_C(0xff00000000)) &&
	       (rest & UINT64_C(0xff000000000000));
}

/* The run that has the pair at PLACE in it; n is 0 where that is none. */
static struct wide_run run_around(const uint8_t *data, size_t len, bool big_endian, size_t place)
{
	size_t start = place, end = place;

	while (start >= 2 && is_pair(data + start - 2, big_endian))
		start -= 2;
	while (len - end >= 2 && is_pair(data + end, big_endian))
		end += 2;
	return (struct wide_run){ start, (end - start) / 2 };
}

bool wide_next(const uint8_t *data, size_t len, bool big_endian, size_t from, struct wide_run *ret)
{
	for (size_t i = from; len >= 9 && i <= len - 9; i += 8) {
		if (!may_be_inside(data + i))
			continue;
		for (size_t parity = 0; parity < 2; parity++) {
			struct wide_run run = run_around(data, len, big_endian, i + parity);

			if (run.n < WIDE_SHORTEST || !is_pair(data + i + parity, big_endian))
				continue;
			*ret = run;
			return true;
		}
	}
	return false;
}

void wide_narrow(const uint8_t *data, const struct wide_run *run, bool big_endian, uint8_t *ret)
{
	for (size_t i = 0; i < run->n; i++)
		ret[i] = data[run->start + 2 * i + big_endian];
}
