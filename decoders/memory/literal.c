#include "decoders/memory/literal.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* --- the two bytes -------------------------------------------------------------------------------- */

/* How frequent a byte is in memory, by rule of thumb: 0 rare. */
static unsigned frequency(uint8_t value, uint8_t mask)
{
	unsigned loose = (unsigned)__builtin_popcount((uint8_t)~mask) * 40;

	if (value == 0)
		return 250 + loose;
	if (value == 0xff || value == ' ' || value == 'e')
		return 120 + loose;
	if (value && memchr("taoinsrh\x01\x02\x04\x08\x10\x20\x40\x80\x7f", value, 17))
		return 100 + loose;
	if (value >= 'a' && value <= 'z')
		return 80 + loose;
	if ((value >= '0' && value <= '9') || (value >= 'A' && value <= 'Z') || value == 'H')
		return 60 + loose;
	return (value < 0x20 ? 70 : 40) + loose;
}

bool literal_prepare(struct literal *literal)
{
	size_t best = SIZE_MAX, next = SIZE_MAX;

	literal->is_exact = true;
	for (size_t i = 0; i < literal->len; i++) {
		literal->is_exact &= literal->mask[i] == 0xff;
		if (!literal->mask[i])
			continue;
		if (best == SIZE_MAX || frequency(literal->value[i], literal->mask[i]) <
						frequency(literal->value[best], literal->mask[best])) {
			next = best;
			best = i;
		} else if (next == SIZE_MAX ||
			   frequency(literal->value[i], literal->mask[i]) <=
				   frequency(literal->value[next], literal->mask[next])) {
			next = i;
		}
	}
	literal->first = best;
	literal->second = next == SIZE_MAX ? best : next;
	return best != SIZE_MAX;
}

bool literal_fits(const struct literal *literal, const uint8_t *data)
{
	if (literal->is_exact)
		return memcmp(data, literal->value, literal->len) == 0;
	for (size_t i = 0; i < literal->len; i++)
		if ((data[i] & literal->mask[i]) != literal->value[i])
			return false;
	return true;
}

/* --- plain C ------------------------------------------------------------------------------------------ */

static size_t find_plain(const struct literal *literal, const uint8_t *data, size_t from, size_t end)
{
	const uint8_t *value = literal->value, *mask = literal->mask;
	size_t first = literal->first, second = literal->second;

	for (size_t i = from; i < end; i++) {
		if (mask[first] == 0xff) {
			const uint8_t *next = memchr(data + i + first, value[first], end - i);

			if (!next)
				return SIZE_MAX;
			i = (size_t)(next - data) - first;
		} else if ((data[i + first] & mask[first]) != value[first]) {
			continue;
		}
		if ((data[i + second] & mask[second]) == value[second] && literal_fits(literal, data + i))
			return i;
	}
	return SIZE_MAX;
}

/* --- many at once -------------------------------------------------------------------------------------- */

#if defined(__x86_64__)

/* A function that looks at STEP places at once, by intrinsics of one width. */
#define FIND_WIDE(name, target, vector, step, load, set1, and_, equal, movemask)                    \
	target static size_t name(const struct literal *literal, const uint8_t *data, size_t from,  \
				  size_t end)                                                       \
	{                                                                                           \
		const vector value1 = set1((char)literal->value[literal->first]);                   \
		const vector value2 = set1((char)literal->value[literal->second]);                  \
		const vector mask1 = set1((char)literal->mask[literal->first]);                     \
		const vector mask2 = set1((char)literal->mask[literal->second]);                    \
		const uint8_t *at1 = data + literal->first, *at2 = data + literal->second;          \
		size_t i = from;                                                                    \
                                                                                                    \
		for (; end - i >= (step); i += (step)) {                                            \
			vector one = load((const void *)(at1 + i));                                 \
			vector two = load((const void *)(at2 + i));                                 \
			uint32_t bits;                                                              \
                                                                                                    \
			one = equal(and_(one, mask1), value1);                                      \
			two = equal(and_(two, mask2), value2);                                      \
			bits = (uint32_t)movemask(and_(one, two));                                  \
			for (; bits; bits &= bits - 1) {                                            \
				size_t place = i + (size_t)__builtin_ctz(bits);                     \
                                                                                                    \
				if (literal_fits(literal, data + place))                                    \
					return place;                                               \
			}                                                                           \
		}                                                                                   \
		return find_plain(literal, data, i, end);                                           \
	}

FIND_WIDE(find_sse2, , __m128i, 16, _mm_loadu_si128, _mm_set1_epi8, _mm_and_si128, _mm_cmpeq_epi8,
	  _mm_movemask_epi8)
FIND_WIDE(find_avx2, __attribute__((target("avx2"))), __m256i, 32, _mm256_loadu_si256,
	  _mm256_set1_epi8, _mm256_and_si256, _mm256_cmpeq_epi8, _mm256_movemask_epi8)

static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}

#else

#define find_sse2 find_plain
#define find_avx2 find_plain

static bool has_avx2(void)
{
	return false;
}

#endif

size_t literal_find(const struct literal *literal, enum literal_way way, const uint8_t *data,
		    size_t len, size_t from, size_t limit)
{
	size_t end;

	if (len < literal->len)
		return SIZE_MAX;
	end = len - literal->len + 1; /* it begins before */
	if (end > limit)
		end = limit;
	if (from >= end)
		return SIZE_MAX;
	if (way == LITERAL_PLAIN)
		return find_plain(literal, data, from, end);
	if (way != LITERAL_SSE2 && has_avx2())
		return find_avx2(literal, data, from, end);
	return find_sse2(literal, data, from, end);
}
