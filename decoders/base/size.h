/*
 * Arithmetic on sizes that come from the evidence.
 *
 * Lengths, counts and addresses in an image are chosen by whoever wrote it. Every sum and
 * product of them goes through these, which say whether the result is true.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define size_add(a, b, ret) (!__builtin_add_overflow((a), (b), (ret)))
#define size_sub(a, b, ret) (!__builtin_sub_overflow((a), (b), (ret)))
#define size_mul(a, b, ret) (!__builtin_mul_overflow((a), (b), (ret)))

/* VALUE rounded up to a multiple of the power of two ALIGN; false where that overflows. */
static inline bool size_round_up(uint64_t value, uint64_t align, uint64_t *ret)
{
	uint64_t sum;

	if (!size_add(value, align - 1, &sum))
		return false;
	*ret = sum & ~(align - 1);
	return true;
}

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
