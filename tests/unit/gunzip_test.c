/* gzip, by both engines where the build has both: the same bytes, and the same complaints. */
#include "tests/support/wire.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "decoders/base/size.h"
#include "decoders/source/gunzip.h"

static struct out stored, content;

static int begin(void **state)
{
	(void)state;
	out_init(&stored, -1);
	out_init(&content, -1);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	out_deinit(&stored);
	out_deinit(&content);
	return 0;
}

/* What memory looks like: text, zeroes, noise. */
static void fill(uint8_t *data, size_t len, uint64_t seed)
{
	for (size_t i = 0; i < len; i++) {
		unsigned kind = (unsigned)(i / 700 % 3);

		data[i] = kind == 0 ? (uint8_t)("frozen container "[i % 17]) : 0;
		if (kind == 2)
			data[i] = (uint8_t)next_random(&seed);
	}
}

/* Another member; HEADER may be NULL, LEVEL 0 stores. */
static void add_member(const uint8_t *data, size_t len, int level, gz_header *header)
{
	uint8_t *room = malloc(len * 2 + 1000);
	z_stream stream = { .next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)len,
			    .next_out = room, .avail_out = (uInt)(len * 2 + 1000) };

	assert_int_equal(deflateInit2(&stream, level, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	if (header)
		assert_int_equal(deflateSetHeader(&stream, header), Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	out_write(&stored, room, stream.total_out);
	out_write(&content, data, len);
	deflateEnd(&stream);
	free(room);
}

static void add_filled(size_t len, int level)
{
	uint8_t *data = malloc(len + 1);

	fill(data, len, len + 1);
	add_member(data, len, level, NULL);
	free(data);
}

struct result {
	struct out out;
	const char *trouble;
	uint64_t trouble_at, trailing;
	bool has_trailing;
};

/* INPUT in pieces of STEP bytes. */
static void inflate_all(enum gunzip_engine engine, struct bytes input, size_t step, struct result *ret)
{
	struct gunzip *gunzip = gunzip_new(engine);
	const uint8_t *bytes;
	ssize_t n;

	*ret = (struct result){ 0 };
	out_init(&ret->out, -1);
	do {
		if (gunzip_wants(gunzip)) {
			struct bytes piece = bytes_first(input, step);

			gunzip_give(gunzip, piece);
			input = bytes_from(input, piece.len);
		}
		n = gunzip_next(gunzip, &bytes);
		if (n > 0)
			out_write(&ret->out, bytes, (size_t)n);
	} while (n > 0 || (n == 0 && gunzip_wants(gunzip)));
	assert_true(n == 0 || n == -1);
	ret->trouble = gunzip_trouble(gunzip, &ret->trouble_at);
	assert_int_equal(ret->trouble == NULL, n == 0);
	if (ret->trouble)
		ret->trouble = strdup(ret->trouble);
	ret->has_trailing = gunzip_has_trailing(gunzip, &ret->trailing);
	gunzip_free(gunzip);
}

static void forget(struct result *result)
{
	out_deinit(&result->out);
	free((void *)(uintptr_t)result->trouble);
}

static const size_t steps[] = { 1, 7, 1000, SIZE_MAX };

/* Everything comes out, whatever the pieces, and nothing stands behind it. */
static void assert_whole(void)
{
	for (int engine = 0; gunzip_has((enum gunzip_engine)engine); engine++)
		for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
			struct result result;

			inflate_all((enum gunzip_engine)engine, out_held(&stored), steps[i], &result);
			if (result.trouble)
				fail_msg("%s: %s", gunzip_name((enum gunzip_engine)engine), result.trouble);
			assert_false(result.has_trailing);
			assert_int_equal(result.out.len, content.len);
			assert_memory_equal(result.out.buffer, content.buffer, content.len);
			forget(&result);
		}
}

/* --- what is whole ---------------------------------------------------------------------------------- */

static void one_member_comes_out(void **state)
{
	(void)state;
	for (int level = 0; level <= 9; level += 3) {
		out_clear(&stored);
		out_clear(&content);
		add_filled(700000, level); /* more than is inflated at once */
		assert_whole();
	}
}

static void members_follow_one_another(void **state)
{
	(void)state;
	add_filled(5000, 6);
	add_filled(0, 6);
	add_filled(1, 9);
	add_filled(700000, 1);
	assert_whole();
}

static void a_header_with_all_its_fields_is_passed(void **state)
{
	Bytef name[] = "checkpoint.tar", comment[] = "of a container", extra[300] = { 1, 2, 3 };
	gz_header header = { .name = name, .comment = comment, .extra = extra, .extra_len = sizeof(extra),
			     .time = 1, .os = 3 };

	(void)state;
	for (int hcrc = 0; hcrc < 2; hcrc++) {
		header.hcrc = hcrc;
		add_member((const uint8_t *)"frozen", 6, 6, &header);
		add_member((const uint8_t *)"again", 5, 6, &header);
	}
	add_filled(100, 6);
	assert_whole();
}

static void zeroes_behind_are_padding(void **state)
{
	(void)state;
	add_filled(5000, 6);
	for (int i = 0; i < 3000; i++)
		out_char(&stored, '\0');
	assert_whole();
}

static void only_what_is_gzip_fits(void **state)
{
	(void)state;
	assert_true(gunzip_fits(BYTES("\x1f\x8b\x08\x00")));
	assert_true(gunzip_fits(BYTES("\x1f\x8b\x08\x1f rest")));
	assert_false(gunzip_fits(BYTES("\x1f\x8b\x08")));
	assert_false(gunzip_fits(BYTES("\x1f\x8b\x07\x00")));
	assert_false(gunzip_fits(BYTES("\x1f\x8b\x08\x20"))); /* a flag that nobody has defined */
	assert_false(gunzip_fits(BYTES("\x28\xb5\x2f\xfd")));
}

/* --- what is not ------------------------------------------------------------------------------------- */

static void what_stands_behind_is_told(void **state)
{
	size_t end;

	(void)state;
	add_filled(5000, 6);
	end = stored.len;
	out_write(&stored, "\0\0\x1f\x8bgarbage", 11);
	for (int engine = 0; gunzip_has((enum gunzip_engine)engine); engine++)
		for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
			struct result result;

			inflate_all((enum gunzip_engine)engine, out_held(&stored), steps[i], &result);
			assert_null(result.trouble);
			assert_true(result.has_trailing);
			assert_int_equal(result.trailing, end + 2);
			assert_int_equal(result.out.len, 5000);
			forget(&result);
		}
}

/* All that is there comes out; then it is cut. */
static void every_cut_is_told(void **state)
{
	size_t end;

	(void)state;
	add_filled(3000, 6);
	end = stored.len;
	add_filled(2000, 6);
	for (size_t len = 1; len < stored.len; len++)
		for (int engine = 0; gunzip_has((enum gunzip_engine)engine); engine++) {
			struct result result;

			inflate_all((enum gunzip_engine)engine, bytes_first(out_held(&stored), len), 100, &result);
			assert_memory_equal(result.out.buffer, content.buffer, result.out.len);
			if (len == end) {
				assert_null(result.trouble);
			} else if (len < GUNZIP_HEAD || (len > end && len < end + GUNZIP_HEAD)) {
				assert_true(result.has_trailing); /* too little to be a member */
				assert_int_equal(result.trailing, len < end ? 0 : end);
			} else {
				assert_non_null(result.trouble);
				assert_string_equal(result.trouble, "truncated gzip input");
				assert_int_equal(result.trouble_at, len);
			}
			forget(&result);
		}
}

static size_t common(const struct out *a, const struct out *b)
{
	return a->len < b->len ? a->len : b->len;
}

/* One bit at a time: both engines say the same of it, and nothing that is wrong passes without a word. */
static void every_flipped_bit_is_told(void **state)
{
	size_t n_told = 0;

	(void)state;
	add_filled(2500, 6);
	for (size_t bit = 0; bit < stored.len * 8; bit++) {
		struct result results[2] = { 0 };
		int n = 0;

		stored.buffer[bit / 8] ^= (char)(1 << bit % 8);
		for (; gunzip_has((enum gunzip_engine)n); n++) {
			struct result *result = &results[n];

			inflate_all((enum gunzip_engine)n, out_held(&stored), 100, result);
			if (!result->trouble && !result->has_trailing) {
				/* In the header's time, say, or the code of a letter that does not occur. */
				assert_int_equal(result->out.len, content.len);
				assert_memory_equal(result->out.buffer, content.buffer, content.len);
			}
			n_told += result->trouble != NULL;
		}
		stored.buffer[bit / 8] ^= (char)(1 << bit % 8);
		if (n == 2) {
			assert_int_equal(results[0].trouble == NULL, results[1].trouble == NULL);
			assert_int_equal(results[0].has_trailing, results[1].has_trailing);
			assert_memory_equal(results[0].out.buffer, results[1].out.buffer,
					    common(&results[0].out, &results[1].out));
		}
		for (int i = 0; i < n; i++)
			forget(&results[i]);
	}
	assert_true(n_told > stored.len * 7);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_member_comes_out),
		TEST(members_follow_one_another),
		TEST(a_header_with_all_its_fields_is_passed),
		TEST(zeroes_behind_are_padding),
		TEST(only_what_is_gzip_fits),
		TEST(what_stands_behind_is_told),
		TEST(every_cut_is_told),
		TEST(every_flipped_bit_is_told),
	};

	return run_all(tests);
}
