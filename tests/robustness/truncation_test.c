/* Truncation at every byte: what is intact is delivered, and what is missing is told. */
#include "tests/support/handmade.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decoders/model/checkpoint.h"

/* --- one image -------------------------------------------------------------------------------- */

struct whole_entry {
	uint64_t start, extra, end; /* of the entry in the image */
	struct bytes payload;
};

struct whole {
	struct bytes image, name;
	unsigned header;
	bool to_the_end; /* the last extra has no length of its own */
	struct whole_entry *entries;
	size_t n;
};

static void read_whole(struct bytes image, struct bytes name, struct whole *ret)
{
	struct problems problems;
	struct image_reader reader;
	struct image_entry entry;

	*ret = (struct whole){ .image = image, .name = name };
	problems_init(&problems);
	assert_null(image_open(image, name, NULL, &problems, &reader));
	ret->header = reader.header.len;
	ret->to_the_end = !strcmp(reader.header.kind->name, "GHOST_FILE");
	while (image_next(&reader, &entry)) {
		uint64_t extra = entry.offset + 4 + entry.payload.len;

		ret->entries = reallocarray(ret->entries, ret->n + 1, sizeof(*ret->entries));
		ret->entries[ret->n++] = (struct whole_entry){
			.start = entry.offset, .extra = extra, .end = extra + entry.extra.len,
			.payload = { image.data + entry.offset + 4, entry.payload.len },
		};
	}
	assert_int_equal(problems.n, 0);
	assert_int_equal(ret->n ? ret->entries[ret->n - 1].end : ret->header, image.len);
	image_close(&reader);
	problems_deinit(&problems);
}

static bool is_boundary(const struct whole *whole, size_t cut)
{
	if (cut == whole->header)
		return true;
	for (size_t i = 0; i < whole->n; i++)
		if (cut == whole->entries[i].end ||
		    (whole->to_the_end && cut >= whole->entries[i].extra))
			return true;
	return false;
}

static void check_entry(const struct whole *whole, size_t cut, size_t i,
			const struct image_entry *entry)
{
	const struct whole_entry *wanted = &whole->entries[i];

	assert_true(i < whole->n);
	assert_int_equal(entry->index, i);
	assert_int_equal(entry->offset, wanted->start);
	assert_true(bytes_equal(entry->payload, wanted->payload));
	assert_true(entry->extra.len <= wanted->end - wanted->extra);
	assert_true(wanted->extra + entry->extra.len <= cut);
}

static void check_cut(const struct whole *whole, size_t cut)
{
	/* A copy of its own, so that a sanitizer sees a read past its end. */
	uint8_t *copy = memcpy(malloc(cut + !cut), whole->image.data, cut);
	struct image_reader reader;
	struct image_entry entry;
	struct problems problems;
	struct error *error;
	size_t n = 0, intact = 0;

	problems_init(&problems);
	error = image_open((struct bytes){ copy, cut }, whole->name, NULL, &problems, &reader);
	if (!error) {
		for (; image_next(&reader, &entry); n++)
			check_entry(whole, cut, n, &entry);
		image_close(&reader);
	}
	while (intact < whole->n && whole->entries[intact].end <= cut)
		intact++;
	assert_true(error ? cut < whole->header : n >= intact);
	if (!error && !problems.n && !is_boundary(whole, cut))
		fail_msg("%.*s cut at %zu of %zu: no problem", BYTES_FMT(whole->name), cut,
			 whole->image.len);
	error_free(error);
	problems_deinit(&problems);
	free(copy);
}

/* How many bytes were tried: each of a small image, every few of a large one. */
static size_t check_image(const char *directory, const char *name)
{
	struct bytes image = read_file(scratch_path("%s/%s", directory, name));
	struct image_header header;
	struct whole whole;
	size_t n = 0;

	if (!image_recognise(image, bytes_of(name), &header) || !header.kind || !header.kind->message)
		return 0;
	read_whole(image, bytes_of(name), &whole);
	for (size_t cut = 0; cut < image.len; cut += 1 + image.len / 6000, n++)
		check_cut(&whole, cut);
	free(whole.entries);
	return n;
}

/* The part of a path below the scratch directory. */
static const char *below(const char *path)
{
	return path + strlen(scratch_path("%s", ""));
}

static size_t check_all(const char *directory)
{
	struct dirent **entries;
	int n = scandir(directory, &entries, NULL, alphasort);
	size_t checked = 0;

	assert_true(n > 2);
	for (int i = 0; i < n; i++) {
		if (entries[i]->d_type == DT_REG)
			checked += check_image(below(directory), entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return checked;
}

static void every_image_of_an_old_dump_can_be_cut_anywhere(void **state)
{
	(void)state;
	assert_true(check_all(scratch_path("%s/img", below(sample_case("tree-criu3.17.1")))) > 10000);
}

static void every_image_of_a_dump_can_be_cut_anywhere(void **state)
{
	(void)state;
	assert_true(check_all(scratch_path("%s/img", below(sample_case("fds-criu4.2.1")))) > 10000);
}

static void every_big_endian_image_can_be_cut_anywhere(void **state)
{
	(void)state;
	assert_true(check_all(scratch_path("%s/img", below(sample_case("fds-s390x-criu4.2.1")))) >
		    10000);
}

static void every_image_of_system_v_ipc_can_be_cut_anywhere(void **state)
{
	(void)state;
	assert_true(check_all(scratch_path("%s/img", below(sample_case("fds-ipcns-criu4.1.1")))) >
		    10000);
}

/* --- an archive ------------------------------------------------------------------------------- */

static void write_small(const char *directory)
{
	struct out image;

	write_inventory(directory);
	out_init(&image, -1);
	put_magic(&image, MAGIC_PSTREE);
	for (uint32_t pid = 1; pid <= 3; pid++) {
		put_pstree(&image, pid, pid - 1);
		write_core(directory, pid, BYTES("task"));
	}
	write_image(directory, "pstree.img", &image);
	out_deinit(&image);
}

struct opened {
	size_t members, processes, problems;
	bool has_cores; /* all processes are known by name */
};

static bool open_and_load(const char *path, struct opened *ret)
{
	struct checkpoint checkpoint;
	struct error *error = checkpoint_open(path, &checkpoint);

	*ret = (struct opened){ .has_cores = true };
	if (error) {
		assert_int_equal(error->kind, ERROR_UNREADABLE);
		error_free(error);
		return false;
	}
	checkpoint_need(&checkpoint, PART_EVERYTHING);
	ret->members = checkpoint.source.members.n;
	ret->processes = checkpoint.processes.n;
	ret->problems = checkpoint.problems.n;
	for (size_t i = 0; i < checkpoint.processes.n; i++) {
		assert_int_equal(checkpoint.processes.items[i].pid, i + 1);
		ret->has_cores &= checkpoint.processes.items[i].comm.len == 4;
	}
	checkpoint_close(&checkpoint);
	return true;
}

/* Where the last member's data ends; behind it is only the end of the archive. */
enum { END_MARKER = 1024 };

static size_t end_of_data(struct bytes archive)
{
	size_t end = archive.len;

	while (end && archive.data[end - 1] == 0)
		end--;
	return end;
}

static void a_plain_archive_can_be_cut_anywhere(void **state)
{
	const char *path = scratch_path("small.tar");
	struct opened intact, cut;
	struct bytes archive;

	(void)state;
	write_small("small");
	pack_directory(path, NULL, scratch_path("small"), "checkpoint/");
	archive = read_file(path);
	assert_true(open_and_load(path, &intact));
	assert_int_equal(intact.members, 5);
	assert_int_equal(intact.processes, 3);
	assert_int_equal(intact.problems, 0);
	assert_true(intact.has_cores);
	for (size_t len = archive.len; len-- > 0;) {
		assert_int_equal(truncate(path, (off_t)len), 0);
		if (!open_and_load(path, &cut)) {
			assert_true(len < 2048); /* not one image is whole */
			continue;
		}
		assert_true(cut.members <= intact.members && cut.processes <= intact.processes);
		if (!cut.problems && len < end_of_data(archive) + END_MARKER)
			fail_msg("cut at %zu of %zu: no problem", len, archive.len);
	}
}

/*
 * TAIL: bytes at the end that hold no content: a checksum, an index, the compressed end marker. Whatever
 * can be read, fewer bytes never give more.
 */
static void cut_compressed(const char *filter, size_t tail)
{
	const char *path = scratch_path("small.%s", filter);
	struct opened cut, before = { .members = SIZE_MAX };
	struct bytes archive;

	pack_directory(path, filter, scratch_path("small2"), "");
	archive = read_file(path);
	for (size_t len = archive.len; len-- > 0;) {
		assert_int_equal(truncate(path, (off_t)len), 0);
		if (!open_and_load(path, &cut))
			continue;
		if (!cut.problems && len + tail < archive.len)
			fail_msg("%s cut at %zu of %zu: no problem", filter, len, archive.len);
		assert_true(cut.members <= before.members);
		before = cut;
	}
}

static void a_compressed_archive_can_be_cut_anywhere(void **state)
{
	(void)state;
	write_small("small2");
	cut_compressed("gzip", 8);
	cut_compressed("zstd", 4);
	cut_compressed("xz", 64);
	cut_compressed("bzip2", 4);
	cut_compressed("lz4", 8);
}

/* --- the program ------------------------------------------------------------------------------ */

static void check_program(const char *directory, const char *image, size_t cut)
{
	const char *path = scratch_path("%s/%s", below(directory), image);
	struct bytes whole = read_file(path);
	struct outcome outcome;

	write_file(path, whole.data, cut);
	outcome = run("show", directory, NULL);
	write_file(path, whole.data, whole.len);
	if (outcome.status != 4 || !strstr((const char *)outcome.err.data, image))
		fail_msg("%s cut at %zu: status %d: %.500s", image, cut, outcome.status,
			 (const char *)outcome.err.data);
	assert_quiet(outcome.out, image);
}

static const char *tree(void)
{
	return scratch_path("%s/img", below(sample_case("tree-criu4.2.1")));
}

static void a_cut_image_is_named_and_the_status_is_4(void **state)
{
	static const char *const images[] = { "pstree.img", "inventory.img", "files.img", "seccomp.img",
					      "stats-dump" };
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct stat st;

		assert_int_equal(stat(scratch_path("%s/%s", below(tree()), images[i]), &st), 0);
		/* In the magic, in a size, behind it, and in front of the last byte: no boundaries. */
		for (off_t cut = 1; cut <= 3; cut++, n++)
			check_program(tree(), images[i], (size_t)cut);
		for (off_t cut = 9; cut <= 13; cut++, n++)
			check_program(tree(), images[i], (size_t)cut);
		for (off_t back = 1; back <= 3; back++, n++)
			check_program(tree(), images[i], (size_t)(st.st_size - back));
	}
	assert_true(n >= 50);
}

/* The first magic says that it is CRIU's; whoever reads the image must not be the one to tell. */
static void an_image_cut_in_its_second_magic_is_named(void **state)
{
	(void)state;
	for (size_t cut = 4; cut < 8; cut++) {
		check_program(tree(), "pstree.img", cut);
		check_program(tree(), "seccomp.img", cut);
	}
}

static void nothing_left_is_not_readable(void **state)
{
	struct outcome outcome;

	(void)state;
	write_file(scratch_path("nothing/inventory.img"), "", 0);
	outcome = run("show", scratch_path("nothing"), NULL);
	assert_int_equal(outcome.status, 3);
	assert_true(outcome.err.len > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_image_of_an_old_dump_can_be_cut_anywhere),
		cmocka_unit_test(every_image_of_a_dump_can_be_cut_anywhere),
		cmocka_unit_test(every_big_endian_image_can_be_cut_anywhere),
		cmocka_unit_test(every_image_of_system_v_ipc_can_be_cut_anywhere),
		cmocka_unit_test(a_plain_archive_can_be_cut_anywhere),
		cmocka_unit_test(a_compressed_archive_can_be_cut_anywhere),
		cmocka_unit_test(a_cut_image_is_named_and_the_status_is_4),
		cmocka_unit_test(an_image_cut_in_its_second_magic_is_named),
		cmocka_unit_test(nothing_left_is_not_readable),
	};

	return run_all(tests);
}
