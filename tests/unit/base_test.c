/* The foundations: bytes, sizes, arenas. */
#include "tests/support/support.h"

#include "decoders/base/arena.h"
#include "decoders/base/size.h"

static void sizes_are_checked(void **state)
{
	uint64_t result = 7;

	(void)state;
	assert_false(size_add(UINT64_MAX, (uint64_t)1, &result));
	assert_false(size_mul(UINT64_MAX / 2, (uint64_t)3, &result));
	assert_false(size_round_up(UINT64_MAX - 2, 8, &result));
	assert_true(size_round_up(9, 8, &result));
	assert_int_equal(result, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_checked),
	};

	return run_all(tests);
}
