/* The foundations: sizes, arenas, bytes, maps, the cursor, output, errors. */
#include "tests/support/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "decoders/base/arena.h"
#include "decoders/base/cursor.h"
#include "decoders/base/error.h"
#include "decoders/base/map.h"
#include "decoders/base/size.h"
#include "decoders/base/nearest.h"

#define assert_bytes(bytes, literal) assert_same_bytes((bytes), BYTES(literal), __LINE__)

static void assert_same_bytes(struct bytes got, struct bytes wanted, int line)
{
	if (!bytes_equal(got, wanted))
		fail_msg("line %d: \"%.*s\", not \"%.*s\"", line, BYTES_FMT(got), BYTES_FMT(wanted));
}

/* --- sizes ------------------------------------------------------------------------------------ */

static void sums_that_fit_are_exact(void **state)
{
	uint64_t result = 7;

	(void)state;
	assert_true(size_add(UINT64_MAX - 1, (uint64_t)1, &result));
	assert_true(result == UINT64_MAX);
	assert_true(size_mul(UINT64_MAX / 5, (uint64_t)5, &result));
	assert_true(result == UINT64_MAX);
	assert_true(size_sub((uint64_t)5, (uint64_t)5, &result));
	assert_true(result == 0);
}

static void sums_that_do_not_fit_are_told(void **state)
{
	uint64_t result = 7;

	(void)state;
	assert_false(size_add(UINT64_MAX, (uint64_t)1, &result));
	assert_false(size_mul(UINT64_MAX / 2, (uint64_t)3, &result));
	assert_false(size_sub((uint64_t)4, (uint64_t)5, &result));
}

static void rounding_up_goes_to_the_next_multiple(void **state)
{
	uint64_t result = 7;

	(void)state;
	assert_true(size_round_up(0, 8, &result));
	assert_int_equal(result, 0);
	assert_true(size_round_up(8, 8, &result));
	assert_int_equal(result, 8);
	assert_true(size_round_up(9, 8, &result));
	assert_int_equal(result, 16);
	assert_true(size_round_up(UINT64_MAX - 7, 8, &result));
	assert_true(result == UINT64_MAX - 7);
}

static void rounding_up_past_the_end_is_refused(void **state)
{
	uint64_t result = 7;

	(void)state;
	assert_false(size_round_up(UINT64_MAX - 6, 8, &result));
	assert_false(size_round_up(UINT64_MAX, 8, &result));
	assert_int_equal(result, 7);
}

/* --- arenas ----------------------------------------------------------------------------------- */

/* The compiler must not see it: it refuses such sizes by itself. */
static volatile size_t enormous = SIZE_MAX;

static void pieces_are_aligned_and_apart(void **state)
{
	struct arena arena;
	uint8_t *pieces[300];

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < 300; i++) {
		pieces[i] = arena_alloc(&arena, i * 7);
		assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
		memset(pieces[i], (int)i, i * 7);
	}
	for (size_t i = 0; i < 300; i++)
		for (size_t k = 0; k < i * 7; k++)
			assert_int_equal(pieces[i][k], (uint8_t)i);
	arena_deinit(&arena);
}

static void a_cleared_piece_is_zero_even_after_reset(void **state)
{
	struct arena arena;
	uint8_t *piece;

	(void)state;
	arena_init(&arena);
	memset(arena_alloc(&arena, 1000), 0xaa, 1000);
	arena_reset(&arena);
	piece = arena_zalloc(&arena, 1000);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(piece[i], 0);
	arena_deinit(&arena);
}

static void the_budget_ends_trying(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	arena.budget = 1000;
	assert_non_null(arena_try_alloc(&arena, 400));
	assert_non_null(arena_try_alloc(&arena, 400));
	assert_null(arena_try_alloc(&arena, 400));
	assert_non_null(arena_try_alloc(&arena, 100));
	assert_null(arena_try_alloc(&arena, enormous));
	arena_reset(&arena);
	assert_int_equal(arena.used, 0);
	assert_non_null(arena_try_alloc(&arena, 1000));
	arena_deinit(&arena);
}

static void a_size_that_cannot_be_is_not_given(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_null(arena_try_alloc(&arena, enormous));
	assert_null(arena_try_alloc(&arena, enormous - 20));
	assert_non_null(arena_try_alloc(&arena, 1));
	arena_deinit(&arena);
}

static void a_reset_arena_takes_no_more_memory(void **state)
{
	struct arena arena;
	void *first;

	(void)state;
	arena_init(&arena);
	first = arena_alloc(&arena, 100);
	arena_reset(&arena);
	assert_ptr_equal(arena_alloc(&arena, 100), first);
	arena_deinit(&arena);
	assert_null(arena.block);
}

static void copies_end_in_a_nul_and_absent_stays_absent(void **state)
{
	struct arena arena;
	struct bytes copy;

	(void)state;
	arena_init(&arena);
	copy = arena_copy(&arena, BYTES("a\0b"));
	assert_bytes(copy, "a\0b");
	assert_int_equal(copy.data[3], 0);
	assert_null(arena_copy(&arena, NO_BYTES).data);
	assert_non_null(arena_copy(&arena, BYTES("")).data);
	assert_string_equal(arena_text(&arena, NO_BYTES), "");
	assert_string_equal(arena_printf(&arena, "%d-%s", 7, "x"), "7-x");
	arena_deinit(&arena);
}

static void a_vector_grows_and_keeps_its_items(void **state)
{
	VEC(uint32_t) vec = { 0 };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (uint32_t i = 0; i < 5000; i++) {
		uint32_t *item = vec_push(&arena, &vec);

		assert_int_equal(*item, 0);
		*item = i * 3;
	}
	assert_int_equal(vec.n, 5000);
	for (uint32_t i = 0; i < 5000; i++)
		assert_int_equal(vec.items[i], i * 3);
	/* "costs at most twice its final size", and final is at most twice the items */
	assert_true(arena.used <= 4 * 5000 * sizeof(uint32_t) + 1024);
	arena_deinit(&arena);
}

/* --- bytes ------------------------------------------------------------------------------------ */

static void bytes_are_cut_at_their_ends_only(void **state)
{
	struct bytes b = BYTES("abcdef");

	(void)state;
	assert_bytes(bytes_from(b, 2), "cdef");
	assert_bytes(bytes_from(b, 6), "");
	assert_int_equal(bytes_from(b, 100).len, 0);
	assert_bytes(bytes_first(b, 2), "ab");
	assert_bytes(bytes_first(b, 100), "abcdef");
	assert_int_equal(bytes_find(b, 'c'), 2);
	assert_int_equal(bytes_find(b, 'x'), 6);
	assert_int_equal(bytes_find_last(BYTES("a/b/c"), '/'), 3);
	assert_int_equal(bytes_find(NO_BYTES, 'x'), 0);
	assert_int_equal(bytes_of(NULL).len, 0);
	assert_null(bytes_of(NULL).data);
}

static void bytes_compare_as_names_sort(void **state)
{
	(void)state;
	assert_true(bytes_compare(BYTES("a"), BYTES("b")) < 0);
	assert_true(bytes_compare(BYTES("ab"), BYTES("a")) > 0);
	assert_true(bytes_compare(BYTES("a\xff"), BYTES("az")) > 0);
	assert_int_equal(bytes_compare(BYTES("x"), BYTES("x")), 0);
	assert_int_equal(bytes_compare(NO_BYTES, BYTES("")), 0);
	assert_true(bytes_equal(NO_BYTES, BYTES("")));
	assert_false(bytes_equal(BYTES("a\0b"), BYTES("a\0c")));
}

static void prefixes_and_suffixes_fit_or_do_not(void **state)
{
	(void)state;
	assert_true(bytes_start_with(BYTES("core-1.img"), BYTES("core-")));
	assert_false(bytes_start_with(BYTES("cor"), BYTES("core-")));
	assert_true(bytes_end_with(BYTES("core-1.img"), BYTES(".img")));
	assert_false(bytes_end_with(BYTES("img"), BYTES(".img")));
	assert_true(bytes_start_with(BYTES("x"), BYTES("")));
}

static void paths_split_at_the_last_slash(void **state)
{
	(void)state;
	assert_bytes(bytes_basename(BYTES("a/b/c")), "c");
	assert_bytes(bytes_dirname(BYTES("a/b/c")), "a/b");
	assert_bytes(bytes_basename(BYTES("c")), "c");
	assert_bytes(bytes_dirname(BYTES("c")), "");
	assert_bytes(bytes_basename(BYTES("a/")), "");
}

/* --- maps ------------------------------------------------------------------------------------- */

static void a_map_finds_what_was_put_and_nothing_else(void **state)
{
	struct map map = { 0 };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_int_equal(map_get(&map, 0), MAP_NONE);
	for (uint32_t i = 0; i < 20000; i++)
		assert_true(map_put(&arena, &map, (uint64_t)i << 32, i));
	for (uint32_t i = 0; i < 20000; i++) {
		assert_int_equal(map_get(&map, (uint64_t)i << 32), i);
		assert_int_equal(map_get(&map, ((uint64_t)i << 32) + 1), MAP_NONE);
	}
	assert_int_equal(map.n, 20000);
	arena_deinit(&arena);
}

static void a_key_put_twice_keeps_its_first_value(void **state)
{
	struct map map = { 0 };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_true(map_put(&arena, &map, UINT64_MAX, 1));
	assert_true(map_put(&arena, &map, 0, 2));
	assert_false(map_put(&arena, &map, UINT64_MAX, 3));
	assert_int_equal(map_get(&map, UINT64_MAX), 1);
	assert_int_equal(map_get(&map, 0), 2);
	assert_int_equal(map.n, 2);
	arena_deinit(&arena);
}

/* Keys that all begin their search at slot 0 of a map of 16: found by trying. */
static void keys_that_collide_stay_apart(void **state)
{
	struct map map = { 0 };
	struct arena arena;
	uint64_t keys[7], key = 0;

	(void)state;
	arena_init(&arena);
	for (size_t n = 0; n < 7; key++)
		if (((((key ^ key >> 32) * 0x9e3779b97f4a7c15) >> 32) & 15) == 0)
			keys[n++] = key;
	for (uint32_t i = 0; i < 7; i++)
		assert_true(map_put(&arena, &map, keys[i], i));
	for (uint32_t i = 0; i < 7; i++)
		assert_int_equal(map_get(&map, keys[i]), i);
	arena_deinit(&arena);
}

static void a_pair_keeps_both_numbers(void **state)
{
	(void)state;
	assert_true(map_pair(1, 2) == 0x100000002);
	assert_true(map_pair(UINT32_MAX, 0) == 0xffffffff00000000);
}

/* --- the cursor ------------------------------------------------------------------------------- */

static const struct bytes numbers = BYTES("\x01\x02\x03\x04\x05\x06\x07\x08");

static void numbers_are_read_in_both_byte_orders(void **state)
{
	struct cursor little, big;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	(void)state;
	little = cursor_over(numbers, false), big = cursor_over(numbers, true);
	assert_true(cursor_u16(&little, &u16) && u16 == 0x0201);
	assert_true(cursor_u16(&big, &u16) && u16 == 0x0102);
	assert_true(cursor_u32(&little, &u32) && u32 == 0x06050403);
	assert_true(cursor_u32(&big, &u32) && u32 == 0x03040506);
	assert_int_equal(cursor_offset(&little), 6);
	assert_int_equal(cursor_left(&little), 2);
	little = cursor_over(numbers, false), big = cursor_over(numbers, true);
	assert_true(cursor_u64(&little, &u64) && u64 == 0x0807060504030201);
	assert_true(cursor_u64(&big, &u64) && u64 == 0x0102030405060708);
}

static void a_short_input_leaves_the_position(void **state)
{
	struct cursor cursor = cursor_over(bytes_first(numbers, 3), false);
	struct bytes taken = NO_BYTES;
	uint16_t u16 = 7;
	uint32_t u32 = 7;
	uint64_t u64 = 7;

	(void)state;
	assert_false(cursor_u32(&cursor, &u32));
	assert_false(cursor_u64(&cursor, &u64));
	assert_false(cursor_take(&cursor, 4, &taken));
	assert_false(cursor_take(&cursor, UINT64_MAX, &taken));
	assert_int_equal(cursor_offset(&cursor), 0);
	assert_true(cursor_take(&cursor, 2, &taken));
	assert_bytes(taken, "\x01\x02");
	assert_false(cursor_u16(&cursor, &u16));
	assert_int_equal(cursor_offset(&cursor), 2);
	assert_int_equal(u16 + u32 + u64, 21);
}

static bool varint(struct bytes bytes, uint64_t *ret, uint64_t *ret_offset)
{
	struct cursor cursor = cursor_over(bytes, true); /* the byte order must not matter */
	bool good = cursor_varint(&cursor, ret);

	*ret_offset = cursor_offset(&cursor);
	return good;
}

static void varints_are_read(void **state)
{
	uint64_t value, at;

	(void)state;
	assert_true(varint(BYTES("\x00"), &value, &at) && value == 0 && at == 1);
	assert_true(varint(BYTES("\x96\x01"), &value, &at) && value == 150 && at == 2);
	assert_true(varint(BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), &value, &at));
	assert_true(value == UINT64_MAX && at == 10);
	/* longer than it need be, which protobuf allows */
	assert_true(varint(BYTES("\x81\x80\x00\xff"), &value, &at) && value == 1 && at == 3);
	/* what is beyond 64 bits is dropped */
	assert_true(varint(BYTES("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7e"), &value, &at));
	assert_true(value == 0 && at == 10);
}

static void varints_that_do_not_end_are_refused(void **state)
{
	uint64_t value = 7, at;

	(void)state;
	assert_false(varint(BYTES(""), &value, &at));
	assert_false(varint(BYTES("\x80"), &value, &at) || at);
	assert_false(varint(BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff"), &value, &at) || at);
	assert_false(varint(BYTES("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"), &value, &at) ||
		     at);
	assert_int_equal(value, 7);
}

/* --- output ----------------------------------------------------------------------------------- */

static void memory_output_holds_what_was_written(void **state)
{
	struct out out;

	(void)state;
	out_init(&out, -1);
	assert_bytes(out_held(&out), "");
	out_text(&out, "a");
	out_char(&out, '\0');
	out_u64(&out, UINT64_MAX);
	out_char(&out, ' ');
	out_i64(&out, INT64_MIN);
	out_char(&out, ' ');
	out_hex(&out, 0);
	out_hex(&out, UINT64_MAX);
	out_repeat(&out, '.', 3);
	out_bytes(&out, NO_BYTES);
	out_printf(&out, "%s", "z");
	assert_bytes(out_held(&out),
		     "a\0" "18446744073709551615 -9223372036854775808 0x0"
		     "0xffffffffffffffff...z");
	assert_true(out_flush(&out));
	assert_true(out.len > 0);
	out_clear(&out);
	assert_bytes(out_held(&out), "");
	out_deinit(&out);
}

static void long_output_is_whole_in_memory_and_in_a_file(void **state)
{
	static char text[300001];
	struct out memory, file;
	const char *path = scratch_path("out");
	int fd;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	write_file(path, "", 0);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	out_init(&memory, -1);
	out_init(&file, fd);
	for (int i = 0; i < 3; i++) {
		out_printf(&memory, "<%s>", text);
		out_printf(&file, "<%s>", text);
		out_text(&memory, "between");
		out_text(&file, "between");
	}
	assert_int_equal(memory.len, 3 * (300002 + 7));
	assert_true(out_flush(&file));
	assert_true(bytes_equal(read_file(path), out_held(&memory)));
	close(fd);
	out_deinit(&memory);
	out_deinit(&file);
}

static void a_reader_that_went_away_is_no_error(void **state)
{
	struct out out;
	int ends[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	out_init(&out, ends[1]);
	out_text(&out, "lost");
	assert_true(out_flush(&out));
	assert_int_equal(out.error, EPIPE);
	out_repeat(&out, 'x', 200000);
	assert_true(out_flush(&out));
	close(ends[1]);
	out_deinit(&out);
}

static void a_full_disk_is_an_error_that_stays(void **state)
{
	struct out out;
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	out_init(&out, fd);
	out_repeat(&out, 'x', 200000);
	assert_false(out_flush(&out));
	assert_int_equal(out.error, ENOSPC);
	out_text(&out, "more");
	assert_false(out_flush(&out));
	close(fd);
	out_deinit(&out);
}

/* --- errors ----------------------------------------------------------------------------------- */

static void assert_printed(struct error *error, struct bytes wanted, int line)
{
	struct out out;

	out_init(&out, -1);
	error_print(error, &out);
	assert_same_bytes(out_held(&out), wanted, line);
	out_deinit(&out);
	error_free(error);
}
#define assert_prints(error, literal) assert_printed((error), BYTES(literal), __LINE__)

static void an_error_prints_what_is_known_of_its_place(void **state)
{
	struct error *error = error_new(ERROR_DAMAGED, "length %u", 7u);

	(void)state;
	error = error_at(error, 12, 0x1a0);
	error = error_in_image(error, BYTES("pagemap-7.img"));
	error = error_in_source(error, "ck.tar");
	assert_prints(error, "ck.tar: pagemap-7.img entry 12 at 0x1a0: length 7");
	assert_prints(error_new(ERROR_USAGE, "no"), "no");
	assert_prints(error_in_source(error_new(ERROR_USAGE, "no"), "x"), "x: no");
	assert_prints(error_in_image(error_new(ERROR_USAGE, "no"), BYTES("i")), "i: no");
	assert_prints(error_in_image(error_at(error_new(ERROR_DAMAGED, "no"), NO_ENTRY, 0),
				     BYTES("i")),
		      "i at 0x0: no");
}

static void context_is_set_once_by_the_one_who_knows_best(void **state)
{
	struct error *error = error_at(error_new(ERROR_LIMIT, "m"), NO_ENTRY, 5);

	(void)state;
	error = error_at(error, 3, 99);
	error = error_in_image(error_in_image(error, BYTES("inner")), BYTES("outer"));
	error = error_in_source(error_in_source(error, "near"), "far");
	assert_prints(error, "near: inner entry 3 at 0x5: m");
	assert_null(error_at(NULL, 1, 2));
	assert_null(error_in_image(NULL, BYTES("x")));
	assert_null(error_in_source(NULL, "x"));
	error_free(NULL);
}

static void hostile_names_in_errors_are_escaped(void **state)
{
	struct error *error = error_new(ERROR_DAMAGED, "bad \"%s\"", "\x1b]0;x\a");

	(void)state;
	error = error_in_image(error, BYTES("a\n\xff.img"));
	assert_prints(error_in_source(error, "d\r"),
		      "d\\x0d: a\\x0a\\xff.img: bad \"\\x1b]0;x\\x07\"");
}

static void errno_is_told_in_words(void **state)
{
	struct error *error;

	(void)state;
	errno = ENOENT;
	error = error_errno(ERROR_UNREADABLE, "cannot open %s", "x");
	assert_prints(error, "cannot open x: No such file or directory");
}

static void the_exit_status_follows_the_kind(void **state)
{
	(void)state;
	assert_int_equal(error_exit_status(ERROR_USAGE), 2);
	assert_int_equal(error_exit_status(ERROR_UNREADABLE), 3);
	assert_int_equal(error_exit_status(ERROR_DAMAGED), 4);
	assert_int_equal(error_exit_status(ERROR_LIMIT), 4);
	assert_int_equal(error_exit_status(ERROR_INTERNAL), 5);
}

static struct error *problem(const char *image, uint32_t entry, uint64_t offset, const char *text)
{
	return error_in_image(error_at(error_new(ERROR_DAMAGED, "%s", text), entry, offset),
			      bytes_of(image));
}

static void the_same_problem_is_kept_once(void **state)
{
	struct problems problems;

	(void)state;
	problems_init(&problems);
	problems_add(&problems, NULL);
	assert_int_equal(problems.n, 0);
	problems_add(&problems, problem("a", 1, 2, "m"));
	problems_add(&problems, problem("a", 1, 2, "m"));
	assert_int_equal(problems.n, 1);
	problems_add(&problems, problem("b", 1, 2, "m"));
	problems_add(&problems, problem("a", 2, 2, "m"));
	problems_add(&problems, problem("a", 1, 3, "m"));
	problems_add(&problems, problem("a", 1, 2, "n"));
	problems_add(&problems, error_in_source(problem("a", 1, 2, "m"), "s"));
	assert_int_equal(problems.n, 6);
	problems_deinit(&problems);
	assert_int_equal(problems.n, 0);
}

static void too_many_problems_are_counted(void **state)
{
	struct problems problems;

	(void)state;
	problems_init(&problems);
	for (uint32_t i = 0; i < PROBLEMS_KEPT + 7; i++)
		problems_add(&problems, problem("a", i, 0, "m"));
	problems_add(&problems, problem("a", 0, 0, "m")); /* known: not dropped */
	assert_int_equal(problems.n, PROBLEMS_KEPT);
	assert_int_equal(problems.dropped, 7);
	assert_int_equal(problems.items[PROBLEMS_KEPT - 1]->entry, PROBLEMS_KEPT - 1);
	problems_deinit(&problems);
}

/* --- did you mean ----------------------------------------------------------------------------- */

static void a_hint_leaves_the_rest_of_an_error(void **state)
{
	struct nearest nearest = nearest_to(BYTES("PSTREE.im"));
	struct error *error = error_at(error_new(ERROR_LIMIT, "not there"), 3, 0x40);

	(void)state;
	error = nearest_hint(&nearest, error, NULL);
	assert_string_equal(error->message, "not there");
	nearest_try(&nearest, BYTES("stats-dump"));
	assert_null(nearest.best.data);
	nearest_try(&nearest, BYTES("pstree.img"));
	error = nearest_hint(&nearest, error, "ask");
	assert_string_equal(error->message, "not there; did you mean \"pstree.img\"?");
	assert_int_equal(error->kind, ERROR_LIMIT);
	assert_int_equal(error->entry, 3);
	assert_int_equal(error->offset, 0x40);
	error_free(error);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_that_fit_are_exact),
		cmocka_unit_test(sums_that_do_not_fit_are_told),
		cmocka_unit_test(rounding_up_goes_to_the_next_multiple),
		cmocka_unit_test(rounding_up_past_the_end_is_refused),
		cmocka_unit_test(pieces_are_aligned_and_apart),
		cmocka_unit_test(a_cleared_piece_is_zero_even_after_reset),
		cmocka_unit_test(the_budget_ends_trying),
		cmocka_unit_test(a_size_that_cannot_be_is_not_given),
		cmocka_unit_test(a_reset_arena_takes_no_more_memory),
		cmocka_unit_test(copies_end_in_a_nul_and_absent_stays_absent),
		cmocka_unit_test(a_vector_grows_and_keeps_its_items),
		cmocka_unit_test(bytes_are_cut_at_their_ends_only),
		cmocka_unit_test(bytes_compare_as_names_sort),
		cmocka_unit_test(prefixes_and_suffixes_fit_or_do_not),
		cmocka_unit_test(paths_split_at_the_last_slash),
		cmocka_unit_test(a_map_finds_what_was_put_and_nothing_else),
		cmocka_unit_test(a_key_put_twice_keeps_its_first_value),
		cmocka_unit_test(keys_that_collide_stay_apart),
		cmocka_unit_test(a_pair_keeps_both_numbers),
		cmocka_unit_test(numbers_are_read_in_both_byte_orders),
		cmocka_unit_test(a_short_input_leaves_the_position),
		cmocka_unit_test(varints_are_read),
		cmocka_unit_test(varints_that_do_not_end_are_refused),
		cmocka_unit_test(memory_output_holds_what_was_written),
		cmocka_unit_test(long_output_is_whole_in_memory_and_in_a_file),
		cmocka_unit_test(a_reader_that_went_away_is_no_error),
		cmocka_unit_test(a_full_disk_is_an_error_that_stays),
		cmocka_unit_test(an_error_prints_what_is_known_of_its_place),
		cmocka_unit_test(context_is_set_once_by_the_one_who_knows_best),
		cmocka_unit_test(hostile_names_in_errors_are_escaped),
		cmocka_unit_test(errno_is_told_in_words),
		cmocka_unit_test(the_exit_status_follows_the_kind),
		cmocka_unit_test(the_same_problem_is_kept_once),
		cmocka_unit_test(too_many_problems_are_counted),
		cmocka_unit_test(a_hint_leaves_the_rest_of_an_error),
	};

	return run_all(tests);
}
