/* Damaged tars: what is whole is found again behind the damage, and nothing is taken for whole that is not. */
#include "tests/support/sources.h"

#include <stdio.h>
#include <stdlib.h>

enum { BLOCK = 512 };

/* "a", "b", "c" of one block each: headers at blocks 0, 2 and 4, the end at 6. */
static const struct tar_entry three[] = {
	{ "a", 'f', NULL, "first", 5 },
	{ "b", 'f', NULL, "second", 6 },
	{ "c", 'f', NULL, "third", 5 },
};

/* A made tar, its bytes open to change. */
struct bent {
	uint8_t *data;
	size_t len;
};

static struct bent make(const char *name, const struct tar_entry *entries, size_t n)
{
	struct bytes archive;

	write_tar(scratch_path("%s", name), NULL, entries, n);
	archive = read_file(scratch_path("%s", name));
	return (struct bent){ memcpy(malloc(archive.len), archive.data, archive.len), archive.len };
}

/* Writes it plain, or compressed. */
static const char *write_bent(struct bent *bent, bool gzip)
{
	const char *path = scratch_path("bent-%d.tar", gzip);
	char command[4096];

	write_file(path, bent->data, bent->len);
	if (!gzip)
		return path;
	snprintf(command, sizeof(command), "gzip -f '%s'", path);
	assert_int_equal(system(command), 0);
	return scratch_path("bent-%d.tar.gz", gzip);
}

static bool says(const struct source *source, const char *text)
{
	for (size_t i = 0; i < source->problems.n; i++)
		if (strstr(source->problems.items[i]->message, text))
			return true;
	return false;
}

static enum member_state state_of(const struct source *source, const char *name)
{
	const struct member *member = find(source, name);

	if (!member)
		fail_msg("no member %s", name);
	return member->state;
}

/* The second header damaged by CHANGE: the others are whole, in plain and compressed archives. */
static void assert_c_is_salvaged(void (*change)(struct bent *bent))
{
	for (int gzip = 0; gzip < 2; gzip++) {
		struct bent bent = make("whole.tar", three, 3);
		struct source source;

		change(&bent);
		open_source(write_bent(&bent, gzip), &source);
		assert_content(&source, "a", BYTES("first"));
		assert_content(&source, "c", BYTES("third"));
		assert_null(find(&source, "b"));
		assert_int_equal(state_of(&source, "a"), MEMBER_OK);
		assert_int_equal(state_of(&source, "c"), MEMBER_SALVAGED);
		assert_true(says(&source, "reading goes on behind the damage"));
		source_close(&source);
		free(bent.data);
	}
}

static void zero_header(struct bent *bent)
{
	memset(bent->data + 2 * BLOCK, 0, BLOCK);
}

static void flip_checksum(struct bent *bent)
{
	bent->data[2 * BLOCK + 150] ^= 0x10;
}

static void fill_with_noise(struct bent *bent)
{
	for (size_t i = 0; i < 2 * BLOCK; i++)
		bent->data[2 * BLOCK + i] = (uint8_t)(i * 37 + 11);
}

static void members_behind_a_zeroed_header_are_found(void **state)
{
	(void)state;
	assert_c_is_salvaged(zero_header);
}

static void members_behind_a_wrong_checksum_are_found(void **state)
{
	(void)state;
	assert_c_is_salvaged(flip_checksum);
}

static void members_behind_noise_are_found(void **state)
{
	(void)state;
	assert_c_is_salvaged(fill_with_noise);
}

/* What is in the members is whole; their checksum is not, or is missing, or something stands behind it. */
static void the_end_of_a_gzip_stream_is_looked_at(void **state)
{
	const char *path = scratch_path("end.tar.gz");
	struct bent bent = make("whole.tar", three, 3);
	struct bytes gzip = read_file(write_bent(&bent, true));
	uint8_t *data = malloc(gzip.len + 5);
	struct source source;

	(void)state;
	memcpy(data, gzip.data, gzip.len);
	data[gzip.len - 8] ^= 1;
	write_file(path, data, gzip.len);
	open_source(path, &source);
	assert_content(&source, "c", BYTES("third"));
	assert_true(says(&source, "what was read may be wrong: incorrect data check"));
	source_close(&source);

	data[gzip.len - 8] ^= 1;
	write_file(path, data, gzip.len - 3);
	open_source(path, &source);
	assert_content(&source, "c", BYTES("third"));
	assert_true(says(&source, "what was read may be wrong: truncated gzip input"));
	source_close(&source);

	memset(data + gzip.len, 0, 5);
	write_file(path, data, gzip.len + 5); /* padding */
	open_source(path, &source);
	assert_int_equal(source.problems.n, 0);
	source_close(&source);

	data[gzip.len + 4] = 'x';
	write_file(path, data, gzip.len + 5);
	open_source(path, &source);
	assert_content(&source, "c", BYTES("third"));
	assert_true(says(&source, "bytes behind the end of what is compressed"));
	source_close(&source);
	free(data);
	free(bent.data);
}

static void an_archive_may_be_damaged_in_several_places(void **state)
{
	struct tar_entry entries[9];
	char names[9][2];

	(void)state;
	for (int i = 0; i < 9; i++) {
		names[i][0] = (char)('a' + i);
		names[i][1] = '\0';
		entries[i] = (struct tar_entry){ names[i], 'f', NULL, names[i], 1 };
	}
	for (int gzip = 0; gzip < 2; gzip++) {
		struct bent bent = make("nine.tar", entries, 9);
		struct source source;

		for (int i = 1; i < 9; i += 3)
			memset(bent.data + 2 * BLOCK * i, i == 4 ? 0xaa : 0, BLOCK);
		open_source(write_bent(&bent, gzip), &source);
		for (int i = 0; i < 9; i++) {
			if (i % 3 == 1)
				assert_null(find(&source, names[i]));
			else
				assert_content(&source, names[i], bytes_of(names[i]));
		}
		source_close(&source);
		free(bent.data);
	}
}

static void a_whole_member_counts_before_a_salvaged_one(void **state)
{
	const struct tar_entry entries[] = { { "a", 'f', NULL, "whole", 5 },
					     { "b", 'f', NULL, "lost", 4 },
					     { "a", 'f', NULL, "later", 5 } };
	struct bent bent = make("again.tar", entries, 3);
	struct source source;

	(void)state;
	zero_header(&bent);
	open_source(write_bent(&bent, false), &source);
	assert_content(&source, "a", BYTES("whole"));
	source_close(&source);
	free(bent.data);
}

/* An engine that writes over a longer file leaves the end of the older archive behind its own. */
static void what_stands_behind_the_end_is_listed_and_not_used(void **state)
{
	const struct tar_entry old[] = { { "a", 'f', NULL, "older", 5 }, { "d", 'f', NULL, "gone", 4 } };

	(void)state;
	for (int gzip = 0; gzip < 2; gzip++) {
		struct bent new = make("new.tar", three, 3), tail = make("old.tar", old, 2);
		struct bent both = { malloc(new.len + tail.len), new.len + tail.len };
		struct source source;
		size_t trailing = 0;

		memcpy(both.data, new.data, new.len);
		memcpy(both.data + new.len, tail.data, tail.len);
		open_source(write_bent(&both, gzip), &source);
		assert_content(&source, "a", BYTES("first"));
		assert_null(find(&source, "d"));
		assert_int_equal(source.members.n, 5);
		for (size_t i = 0; i < source.members.n; i++)
			trailing += source.members.items[i].state == MEMBER_TRAILING;
		assert_int_equal(trailing, 2);
		assert_true(says(&source, "behind the end"));
		source_close(&source);
		free(new.data);
		free(tail.data);
		free(both.data);
	}
}

static void an_archive_cut_between_members_is_told(void **state)
{
	(void)state;
	for (int gzip = 0; gzip < 2; gzip++) {
		struct bent bent = make("cut.tar", three, 3);
		struct source source;

		bent.len = 4 * BLOCK; /* behind "b" */
		open_source(write_bent(&bent, gzip), &source);
		assert_content(&source, "b", BYTES("second"));
		assert_int_equal(source.members.n, 2);
		assert_true(says(&source, "no end marker"));
		source_close(&source);
		free(bent.data);
	}
}

static void a_whole_archive_has_no_problems(void **state)
{
	(void)state;
	for (int gzip = 0; gzip < 2; gzip++) {
		struct bent bent = make("fine.tar", three, 3);
		struct source source;

		open_source(write_bent(&bent, gzip), &source);
		assert_int_equal(source.problems.n, 0);
		assert_int_equal(source.members.n, 3);
		source_close(&source);
		free(bent.data);
	}
}

/* Memory may hold a tar's headers; where a member is cut short they are data, and no members. */
static void a_header_inside_a_member_that_is_cut_is_no_member(void **state)
{
	struct bent inner = make("inner.tar", three, 3), bent;
	const struct tar_entry entry = { "pages-1.img", 'f', NULL, inner.data, inner.len };

	(void)state;
	bent = make("pages.tar", &entry, 1);
	bent.len = 6 * BLOCK;
	for (int gzip = 0; gzip < 2; gzip++) {
		struct source source;

		open_source(write_bent(&bent, gzip), &source);
		assert_int_equal(source.members.n, 1);
		assert_int_equal(source.members.items[0].state, MEMBER_TRUNCATED);
		source_close(&source);
	}
	free(inner.data);
	free(bent.data);
}

/* A second pass over a damaged archive meets the same members at the same places. */
static void a_second_pass_goes_on_behind_damage_too(void **state)
{
	struct bent bent = make("second.tar", three, 3);
	struct want want = { .range = { 1, 3 } };
	struct source source;
	struct error *error;
	char got[4] = "";

	(void)state;
	fill_with_noise(&bent);
	error = source_open(write_bent(&bent, true), NULL, &source); /* keeps heads alone */
	assert_null(error);
	want.member = source_index(&source, find(&source, "c"));
	source.members.items[want.member].n_pieces = 0; /* as if not even its head was kept */
	assert_null(source_keep(&source, &want, 1));
	assert_null(source_read(&source, find(&source, "c"), 1, got, 3));
	assert_string_equal(got, "hir");
	source_close(&source);
	free(bent.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_behind_a_zeroed_header_are_found),
		cmocka_unit_test(members_behind_a_wrong_checksum_are_found),
		cmocka_unit_test(members_behind_noise_are_found),
		cmocka_unit_test(the_end_of_a_gzip_stream_is_looked_at),
		cmocka_unit_test(an_archive_may_be_damaged_in_several_places),
		cmocka_unit_test(a_whole_member_counts_before_a_salvaged_one),
		cmocka_unit_test(what_stands_behind_the_end_is_listed_and_not_used),
		cmocka_unit_test(an_archive_cut_between_members_is_told),
		cmocka_unit_test(a_whole_archive_has_no_problems),
		cmocka_unit_test(a_header_inside_a_member_that_is_cut_is_no_member),
		cmocka_unit_test(a_second_pass_goes_on_behind_damage_too),
	};

	return run_all(tests);
}
