#include "decoders/memory/literals.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

void literals_init(const struct literal *items, size_t n, struct literals *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->items = items;
	ret->n = n;
	for (size_t i = 0; i < n; i++) {
		/* Neighbours share a bucket: they are often alike, or alternatives of one thing. */
		size_t bucket = i * N_BUCKETS / n;

		ret->in_bucket[bucket][ret->n_in_bucket[bucket]++] = (uint8_t)i;
		for (size_t k = 0; k < LITERALS_HEAD; k++)
			for (unsigned byte = 0; byte < 256; byte++)
				if ((byte & items[i].mask[k]) == items[i].value[k])
					ret->tables[k][byte] |= (uint8_t)(1 << bucket);
	}
	for (size_t k = 0; k < LITERALS_HEAD; k++)
		for (unsigned byte = 0; byte < 256; byte++) {
			ret->low[k][byte & 15] |= ret->tables[k][byte];
			ret->high[k][byte >> 4] |= ret->tables[k][byte];
		}
}

/* Whether one of the literals in BUCKETS, a bit each, stands at PLACE. */
static bool stands_at(const struct literals *literals, const uint8_t *data, size_t len, size_t place,
		      unsigned buckets)
{
	for (; buckets; buckets &= buckets - 1) {
		unsigned bucket = (unsigned)__builtin_ctz(buckets);

		for (size_t i = 0; i < literals->n_in_bucket[bucket]; i++) {
			const struct literal *literal = &literals->items[literals->in_bucket[bucket][i]];

			if (len - place >= literal->len && literal_fits(literal, data + place))
				return true;
		}
	}
	return false;
}

static unsigned buckets_at(const struct literals *literals, const uint8_t *data)
{
	return literals->tables[0][data[0]] & literals->tables[1][data[1]] & literals->tables[2][data[2]];
}

static size_t find_plain(const struct literals *literals, const uint8_t *data, size_t len, size_t from,
			 size_t end)
{
	for (size_t i = from; i < end; i++) {
		unsigned buckets = buckets_at(literals, data + i);

		if (buckets && stands_at(literals, data, len, i, buckets))
			return i;
	}
	return SIZE_MAX;
}

#if defined(__x86_64__)

#define TARGET __attribute__((target("avx2")))

TARGET static __m256i table(const uint8_t *halves)
{
	return _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)halves));
}

/* The buckets in which each of 32 bytes can stand. */
TARGET static __m256i look_up(const uint8_t *data, __m256i low, __m256i high)
{
	const __m256i half = _mm256_set1_epi8(15);
	__m256i bytes = _mm256_loadu_si256((const void *)data);

	low = _mm256_shuffle_epi8(low, _mm256_and_si256(bytes, half));
	high = _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half));
	return _mm256_and_si256(low, high);
}

TARGET static size_t find_avx2(const struct literals *literals, const uint8_t *data, size_t len,
			       size_t from, size_t end)
{
	enum { STEP = 32 };
	__m256i low[LITERALS_HEAD], high[LITERALS_HEAD];
	size_t i = from;

	for (size_t k = 0; k < LITERALS_HEAD; k++) {
		low[k] = table(literals->low[k]);
		high[k] = table(literals->high[k]);
	}
	for (; end - i >= STEP; i += STEP) {
		__m256i found = look_up(data + i, low[0], high[0]);
		uint32_t bits;

		found = _mm256_and_si256(found, look_up(data + i + 1, low[1], high[1]));
		found = _mm256_and_si256(found, look_up(data + i + 2, low[2], high[2]));
		bits = ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(found, _mm256_setzero_si256()));
		for (; bits; bits &= bits - 1) {
			size_t place = i + (size_t)__builtin_ctz(bits);
			unsigned buckets = buckets_at(literals, data + place);

			if (buckets && stands_at(literals, data, len, place, buckets))
				return place;
		}
	}
	return find_plain(literals, data, len, i, end);
}

static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}

#else

#define find_avx2 find_plain

static bool has_avx2(void)
{
	return false;
}

#endif

size_t literals_find(const struct literals *literals, enum literal_way way, const uint8_t *data,
		     size_t len, size_t from, size_t limit)
{
	size_t end = len < LITERALS_HEAD ? 0 : len - LITERALS_HEAD + 1; /* it begins before */

	if (literals->n == 1)
		return literal_find(literals->items, way, data, len, from, limit);
	if (end > limit)
		end = limit;
	if (from >= end)
		return SIZE_MAX;
	if ((way == LITERAL_FASTEST || way == LITERAL_AVX2) && has_avx2())
		return find_avx2(literals, data, len, from, end);
	return find_plain(literals, data, len, from, end);
}

/* Buckets hold neighbours, so going through them is going through the items in order. */
bool literals_at(const struct literals *literals, const uint8_t *data, size_t len, size_t place, size_t *item)
{
	unsigned buckets = len - place < LITERALS_HEAD ? 0 : buckets_at(literals, data + place);

	for (size_t i = *item; buckets && i < literals->n; i++) {
		const struct literal *literal = &literals->items[i];

		if (!(buckets >> (i * N_BUCKETS / literals->n) & 1))
			continue;
		if (len - place >= literal->len && literal_fits(literal, data + place)) {
			*item = i;
			return true;
		}
	}
	return false;
}
