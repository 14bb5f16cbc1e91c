/*
 * carve: nothing leaves its directory, whatever names the evidence has; what does not fit or is cut short is told.
 * Ghosts and shared memory: carve_contents_test; that contents are what they were: truth_contents_test.
 */
#include "tests/support/carving.h"
#include "tests/support/interrupt.h"

/* --- names ---------------------------------------------------------------------------------------------- */

static void hostile_names_stay_in_the_manifest(void **state)
{
	static const struct tar_entry entries[] = {
		{ "../escaped", 'f', NULL, "1", 1 },
		{ "/tmp/coldcase-absolute", 'f', NULL, "2", 1 },
		{ "a/../../../escaped", 'f', NULL, "3", 1 },
		{ "new\nline\ttab", 'f', NULL, "4", 1 },
		{ "manifest.tsv", 'f', NULL, "5", 1 },
		{ "..", 'f', NULL, "6", 1 },
		{ "link", 'l', "/etc/passwd", NULL, 0 },
		{ "link/through", 'f', NULL, "7", 1 },
		{ "hard", 'h', "/etc/passwd", NULL, 0 },
		{ "\x1b[2J\xff", 'f', NULL, "8", 1 },
	};
	const char *checkpoint = make_checkpoint("names"), *directory = new_directory();
	static const char *const filters[] = { NULL, "gzip" };
	struct bytes manifest;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(filters); i++) {
		directory = new_directory();
		write_tar(scratch_path("names/rootfs-diff.tar"), filters[i], entries, ARRAY_SIZE(entries));
		carve(checkpoint, directory);
		assert_only_files(directory, 8 + 2);
		assert_int_equal(access(scratch_path("escaped"), F_OK), -1);
		assert_int_equal(access("/tmp/coldcase-absolute", F_OK), -1);
		assert_true(bytes_equal(carved(directory, "rootfs-0-0"), BYTES("1")));
		assert_true(bytes_equal(carved(directory, "rootfs-0-9"), BYTES("8")));
		assert_row(directory, "rootfs-0-3", "\t/new\\x0aline\\x09tab\t");
		manifest = carved(directory, "manifest.tsv");
		for (size_t k = 0; k < manifest.len; k++)
			assert_true(manifest.data[k] >= 0x20 || strchr("\n\t", manifest.data[k]));
	}
}

/* Where in the archive, decompressed, a file of it is. */
static uint64_t offset_of(const char *directory, const char *file)
{
	const char *cell = row_of(directory, file);

	for (int i = 0; i < 7; i++)
		cell = strchr(cell, '\t') + 1;
	return strtoull(cell, NULL, 0);
}

static void the_offset_in_the_archive_is_told(void **state)
{
	static const char *const filters[] = { NULL, "gzip" };
	const struct tar_entry entries[] = { { "dir", 'd', NULL, NULL, 0 },
					     { "dir/a", 'f', NULL, "content of a", 12 },
					     { "empty", 'f', NULL, "", 0 },
					     { "b", 'f', NULL, "that of b", 9 } };
	const char *checkpoint = make_checkpoint("offsets");
	struct bytes plain;

	(void)state;
	write_tar(scratch_path("plain.tar"), NULL, entries, ARRAY_SIZE(entries));
	plain = read_file(scratch_path("plain.tar"));
	for (size_t i = 0; i < ARRAY_SIZE(filters); i++) {
		const char *directory = new_directory();

		write_tar(scratch_path("offsets/rootfs-diff.tar"), filters[i], entries, ARRAY_SIZE(entries));
		assert_int_equal(carve(checkpoint, directory).status, 0);
		assert_only_files(directory, 3 + 2);
		assert_memory_equal(plain.data + offset_of(directory, "rootfs-0-1"), "content of a", 12);
		assert_memory_equal(plain.data + offset_of(directory, "rootfs-0-3"), "that of b", 9);
		assert_int_equal(carved(directory, "rootfs-0-2").len, 0);
	}
}

/* Status 3 would say that there was nothing to carve. */
static void an_archive_inside_that_is_none_is_damage(void **state)
{
	const char *checkpoint = make_checkpoint("noarchive"), *directory = new_directory();

	(void)state;
	begin_image(MAGIC_PIPES_DATA);
	put_pipe(5, BYTES("waiting"));
	end_image("noarchive", "pipes-data.img");
	write_file(scratch_path("noarchive/rootfs-diff.tar"), "no archive", 10);
	assert_int_equal(carve(checkpoint, directory).status, 4);
	assert_true(bytes_equal(carved(directory, "pipe-5"), BYTES("waiting")));
}

static void a_name_with_a_nul_is_escaped(void **state)
{
	const char *checkpoint = make_checkpoint("nul"), *directory = new_directory();

	(void)state;
	write_memfd("nul", "x", 0, 5);
	begin_image(MAGIC_MEMFD_INODE);
	put_bytes(&payload, 1, BYTES("../a\0/b"));
	for (uint64_t field = 2; field <= 7; field++)
		put_number(&payload, field, field == 5 ? 5 : 0);
	put_entry(&image, &payload);
	end_image("nul", "memfd.img");
	carve(checkpoint, directory);
	assert_only_files(directory, 1 + 2);
	assert_row(directory, "memfd-5", "\t../a\\x00/b\t");
}

static void what_repeats_itself_is_all_there(void **state)
{
	const char *checkpoint = make_checkpoint("twice"), *directory = new_directory();

	(void)state;
	begin_image(MAGIC_PIPES_DATA);
	put_pipe(3, BYTES("first"));
	put_pipe(3, BYTES("second"));
	end_image("twice", "pipes-data.img");
	assert_int_equal(carve(checkpoint, directory).status, 0);
	assert_only_files(directory, 2 + 2);
	assert_true(bytes_equal(carved(directory, "pipe-3"), BYTES("first")));
	assert_true(bytes_equal(carved(directory, "pipe-3-again-1"), BYTES("second")));
}

/* As everywhere else: the colons of an address are not that of a port. */
static void connections_have_addresses_in_brackets(void **state)
{
	const char *directory = new_directory();

	(void)state;
	assert_int_equal(carve("samples/podman.tar.zst", directory).status, 0);
	assert_row(directory, "tcp-416a-in", "\t[::1]:7111 - [::1]:42930\t");
	assert_row(directory, "tcp-4163-in", "\t127.0.0.1:41702 - 127.0.0.1:7110\t");
}

/* --- the directory -------------------------------------------------------------------------------------- */

static void assert_refused(const char *checkpoint, const char *directory, const char *why)
{
	struct outcome outcome = run("carve", checkpoint, "-o", directory, NULL);

	assert_int_equal(outcome.status, 2);
	if (!strstr((const char *)outcome.err.data, why))
		fail_msg("%s: %s", directory, (const char *)outcome.err.data);
}

static void only_a_new_or_empty_directory_will_do(void **state)
{
	const char *checkpoint = make_checkpoint("plain"), *directory = new_directory();
	struct stat st;

	(void)state;
	write_file(scratch_path("full/x"), "", 0);
	assert_int_equal(mkdir(scratch_path("empty"), 0755), 0);
	assert_int_equal(symlink(scratch_path("empty"), scratch_path("link")), 0);
	assert_refused(checkpoint, scratch_path("full"), "not empty");
	assert_refused(checkpoint, scratch_path("full/x"), "not a directory");
	assert_refused(checkpoint, scratch_path("link"), "not a directory");
	assert_refused(checkpoint, scratch_path("link/"), "not a directory");
	assert_refused(checkpoint, scratch_path("none/below"), "cannot make");
	assert_refused(checkpoint, scratch_path("plain/inside"), "in the evidence");
	assert_int_equal(access(scratch_path("plain/inside"), F_OK), -1);
	write_file(scratch_path("plain/sub/x"), "", 0);
	assert_refused(checkpoint, scratch_path("plain/sub/inside"), "in the evidence");
	assert_int_equal(run("carve", checkpoint, NULL).status, 2);
	assert_int_equal(rmdir(scratch_path("empty")), 0);
	assert_int_equal(carve(checkpoint, directory).status, 0);
	assert_int_equal(stat(directory, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_refused(checkpoint, directory, "not empty");
}

static void kinds_and_sizes_are_checked(void **state)
{
	const char *checkpoint = make_checkpoint("plain");
	struct outcome outcome = run("carve", checkpoint, "-o", new_directory(), "--what", "memfd,ghosts", NULL);

	(void)state;
	assert_int_equal(outcome.status, 2);
	assert_non_null(strstr((const char *)outcome.err.data, "did you mean"));
	assert_int_equal(run("carve", checkpoint, "-o", new_directory(), "--max-size", "1X", NULL).status, 2);
	assert_int_equal(run("carve", checkpoint, "-o", new_directory(), "--max-size", "-1", NULL).status, 2);
	assert_int_equal(run("carve", checkpoint, "-o", new_directory(), "--max-size", "99999999T", NULL).status,
			 2);
}

/* --- limits --------------------------------------------------------------------------------------------- */

static const char *make_pipes(void)
{
	static uint8_t content[100000];
	const char *checkpoint = make_checkpoint("pipes");

	memset(content, 'x', sizeof(content));
	begin_image(MAGIC_PIPES_DATA);
	for (uint32_t i = 1; i <= 3; i++)
		put_pipe(i, (struct bytes){ content, sizeof(content) });
	end_image("pipes", "pipes-data.img");
	return checkpoint;
}

static void the_limit_of_all_sizes_is_told(void **state)
{
	const char *checkpoint = make_pipes(), *directory = new_directory();
	struct outcome outcome = run("carve", checkpoint, "-o", directory, "--max-size", "150000", NULL);

	(void)state;
	assert_int_equal(outcome.status, 4);
	assert_non_null(strstr((const char *)outcome.err.data, "2 contents are left out or cut"));
	assert_only_files(directory, 2 + 2);
	assert_int_equal(carved(directory, "pipe-1").len, 100000);
	assert_int_equal(carved(directory, "pipe-2").len, 50000);
	assert_row(directory, "pipe-2", "\tno\t50000\tcut at --max-size");
}

static void a_disk_that_is_full_is_told(void **state)
{
	const char *checkpoint = make_pipes(), *directory = new_directory();
	const char *program = getenv("COLDCASE");
	char command[4096];
	int status;

	(void)state;
	snprintf(command, sizeof(command), "ulimit -f 100; exec '%s' carve '%s' -o '%s' > '%s' 2>&1",
		 program ? program : "build/coldcase", checkpoint, directory, scratch_path("said"));
	status = system(command);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 5);
	assert_non_null(strstr((const char *)read_file(scratch_path("said")).data, "cannot write"));
	assert_row(directory, "pipe-1", "\tno\t");
	assert_row(directory, "pipe-1", "could not be written");
}

/* --- choosing ------------------------------------------------------------------------------------------- */

static void assert_refused_process(struct outcome outcome)
{
	assert_int_equal(outcome.status, 2);
	assert_non_null(strstr((const char *)outcome.err.data, "there is no process 1 in it"));
}

static void kinds_and_processes_are_chosen(void **state)
{
	const char *checkpoint = sample_case("fds-criu4.2.1"), *directory = new_directory();

	(void)state;
	assert_int_equal(run("carve", checkpoint, "-o", directory, "--what", "ghost,fifo", NULL).status, 0);
	assert_only_files(directory, 3 + 1 + 2);
	directory = new_directory();
	assert_int_equal(run("carve", checkpoint, "-o", directory, "-p", "3035", NULL).status, 0);
	assert_row(directory, "shmem-", "\tyes\t");
	directory = new_directory();
	assert_refused_process(run("carve", checkpoint, "-o", directory, "-p", "3035,1", NULL));
	assert_only_files(directory, 0);
}

/* Files that are complete stay, with their rows; the one that is being written does not. */
static void an_interrupted_file_is_removed(void **state)
{
	enum { SIZE = 200 << 20 };
	const char *checkpoint = make_checkpoint("long"), *directory = scratch_path("long.d");
	uint8_t *content = malloc(SIZE);
	bool ended = false;

	(void)state;
	assert_non_null(content);
	memset(content, 'x', SIZE);
	begin_image(MAGIC_GHOST_FILE);
	put_ghost(S_IFREG | 0644, false, 0);
	out_write(&image, "short", 5);
	end_image("long", "ghost-file-1.img");
	begin_image(MAGIC_GHOST_FILE);
	put_ghost(S_IFREG | 0644, false, 0);
	out_write(&image, content, SIZE);
	end_image("long", "ghost-file-2.img");
	free(content);
	for (int tries = 0; tries < 20 && !ended; tries++) {
		unlink(scratch_path("long.d/ghost-1"));
		unlink(scratch_path("long.d/ghost-2"));
		unlink(scratch_path("long.d/manifest.tsv"));
		unlink(scratch_path("long.d/parts.tsv"));
		ended = interrupt(scratch_path("long.d/ghost-2"), "carve", checkpoint, "-o", directory);
	}
	assert_true(ended);
	assert_int_equal(-1, access(scratch_path("long.d/ghost-2"), F_OK));
	assert_true(bytes_equal(read_file(scratch_path("long.d/ghost-1")), BYTES("short")));
	assert_non_null(strstr((const char *)read_file(scratch_path("long.d/manifest.tsv")).data, "\nghost-1\t"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_names_stay_in_the_manifest),
		cmocka_unit_test(the_offset_in_the_archive_is_told),
		cmocka_unit_test(an_archive_inside_that_is_none_is_damage),
		cmocka_unit_test(a_name_with_a_nul_is_escaped),
		cmocka_unit_test(what_repeats_itself_is_all_there),
		cmocka_unit_test(only_a_new_or_empty_directory_will_do),
		cmocka_unit_test(kinds_and_sizes_are_checked),
		cmocka_unit_test(the_limit_of_all_sizes_is_told),
		cmocka_unit_test(a_disk_that_is_full_is_told),
		cmocka_unit_test(kinds_and_processes_are_chosen),
		cmocka_unit_test(connections_have_addresses_in_brackets),
		cmocka_unit_test(an_interrupted_file_is_removed),
	};

	return run_all(tests);
}
