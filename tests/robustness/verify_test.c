/*
 * verify: of every check there is a set of images with that one thing wrong, made from a real dump that is whole,
 * and exactly that check says so.
 */
#include "tests/support/corrupt.h"

#include <archive.h>
#include <archive_entry.h>

#include "db/verify/verify.h"
#include "decoders/base/size.h"
#include "tests/robustness/corruptions.h"

/* --- verdicts ------------------------------------------------------------------------------------- */

/* The ids of what was found, each once and in order, "a b"; notes only where WITH_NOTES. */
static const char *ids_of(struct json_object *report, bool with_notes)
{
	static char ids[1024];
	struct json_object *findings = at(report, "/findings");
	const char *last = "";

	ids[0] = '\0';
	for (size_t i = 0; i < json_object_array_length(findings); i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i);
		const char *id = json_object_get_string(at(finding, "/rule"));

		if (!strcmp(id, last) ||
		    (!with_notes && !strcmp(json_object_get_string(at(finding, "/severity")), "note")))
			continue;
		snprintf(ids + strlen(ids), sizeof(ids) - strlen(ids), "%s%s", ids[0] ? " " : "", id);
		last = id;
	}
	return ids;
}

static const struct verify_check *check_named(const char *id)
{
	for (size_t i = 0; verify_check_at(i); i++)
		if (!strcmp(verify_check_at(i)->id, id))
			return verify_check_at(i);
	fail_msg("there is no check %s", id);
	return NULL;
}

/* What is absent is no damage, and neither is what refers to it. */
static int status_of(const struct verify_check *check, const struct corruption *corruption)
{
	bool is_damage = check->kind == FINDS_DAMAGE || check->kind == FINDS_CONTRADICTION;

	for (size_t i = 0; i < MOST_CHANGES; i++)
		is_damage = is_damage && corruption->changes[i].change != DELETE;
	return is_damage ? 4 : check->severity <= SEVERITY_ERROR ? 1 : 0;
}

static struct outcome verify(const char *directory, const struct corruption *corruption)
{
	char verified[4096], parent[4096];

	snprintf(verified, sizeof(verified), "%s/%s", directory, corruption->verified);
	snprintf(parent, sizeof(parent), "%s/%s", directory, corruption->parent ? corruption->parent : "");
	if (corruption->parent)
		return run("verify", "--format", "json", "--parent", parent, verified, NULL);
	return run("verify", "--format", "json", verified, NULL);
}

/* Whoever only checks is told the same. */
static bool check_says(const char *directory, const struct corruption *corruption)
{
	char checked[4096], parent[4096];
	struct json_object *report;
	struct outcome outcome;
	bool found = false;

	snprintf(checked, sizeof(checked), "%s/%s", directory, corruption->verified);
	snprintf(parent, sizeof(parent), "%s/%s", directory, corruption->parent ? corruption->parent : "");
	outcome = corruption->parent ? run("check", "--format", "json", "--parent", parent, checked, NULL)
				     : run("check", "--format", "json", checked, NULL);
	report = json_parse(outcome.out);
	for (size_t i = 0; report && i < json_object_array_length(at(report, "/findings")); i++) {
		struct json_object *finding = json_object_array_get_idx(at(report, "/findings"), i);

		found |= !strcmp(json_object_get_string(at(finding, "/rule")), corruption->id);
	}
	json_object_put(report);
	return found;
}

/* A rule that has more words for it, or the log's own, which tells why. */
static bool is_said_otherwise(const char *id)
{
	static const char *const ids[] = { "img-field-unknown", "img-dump-failed", "unix-peer-missing" };

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		if (!strcmp(ids[i], id))
			return true;
	return false;
}

static void exactly_the_intended_check_speaks(void **state)
{
	size_t wrong = 0;

	(void)state;
	assert_true(mkdir(scratch_path("corrupted"), 0777) == 0);
	for (size_t i = 0; i < ARRAY_SIZE(corruptions); i++) {
		const struct corruption *corruption = &corruptions[i];
		const struct verify_check *check = check_named(corruption->id);
		const char *directory = scratch_path("corrupted/%zu", i), *ids;
		struct json_object *report;
		struct outcome outcome;

		copy_below(sample_case(corruption->sample), directory);
		for (size_t k = 0; k < MOST_CHANGES; k++)
			apply(directory, &corruption->changes[k]);
		outcome = verify(directory, corruption);
		report = json_parse(outcome.out);
		ids = report ? ids_of(report, check->severity == SEVERITY_NOTE) : "no report";
		if (strcmp(ids, corruption->id) != 0 || outcome.status != status_of(check, corruption)) {
			fprintf(stderr, "corruption %zu, %s: found %s, status %d\n", i, corruption->id, ids,
				outcome.status);
			wrong++;
		}
		if (!is_said_otherwise(corruption->id) && !check_says(directory, corruption)) {
			fprintf(stderr, "corruption %zu: check does not say %s\n", i, corruption->id);
			wrong++;
		}
		json_object_put(report);
	}
	assert_int_equal(wrong, 0);
}

/* What needs an archive is tested below. */
static bool is_tested_elsewhere(const char *id)
{
	static const char *const ids[] = { "archive-damaged", "archive-trailing", "img-unreadable", "pages-holes" };

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		if (!strcmp(ids[i], id))
			return true;
	return false;
}

static void every_check_has_a_corruption(void **state)
{
	(void)state;
	for (size_t i = 0; verify_check_at(i); i++) {
		const char *id = verify_check_at(i)->id;
		bool found = is_tested_elsewhere(id);

		for (size_t k = 0; k < ARRAY_SIZE(corruptions); k++)
			found |= !strcmp(corruptions[k].id, id);
		if (!found)
			fail_msg("no corruption makes %s speak", id);
	}
}

static void every_check_says_why_and_what_to_do(void **state)
{
	(void)state;
	for (size_t i = 0; verify_check_at(i); i++) {
		const struct verify_check *check = verify_check_at(i);

		assert_true(check->title && check->title[0] && check->why && check->why[0]);
		assert_true(check->fix && check->fix[0] && check->run);
		assert_int_equal(strspn(check->id, "abcdefghijklmnopqrstuvwxyz-"), strlen(check->id));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(check->id, verify_check_at(k)->id);
	}
}

/* --- archives --------------------------------------------------------------------------------------- */

static const char *ids_of_archive(const char *path, int status)
{
	struct json_object *report = run_json(status, "verify", "--format", "json", path, NULL);
	const char *ids = ids_of(report, true);

	json_object_put(report);
	return ids;
}

static size_t second_header(struct bytes tar)
{
	size_t size = strtoul((const char *)tar.data + 124, NULL, 8);

	return 512 + (size + 511) / 512 * 512;
}

static void damage_of_the_archive_is_found(void **state)
{
	const char *archive = scratch_path("whole.tar"), *other = scratch_path("other.tar");
	struct bytes bytes;
	uint8_t *copy;

	(void)state;
	pack_directory(archive, NULL, sample_case("fds-criu4.2.1"), "");
	assert_string_equal(ids_of_archive(archive, 0), "");
	bytes = read_file(archive);
	copy = calloc(1, bytes.len + 4096);
	memcpy(copy, bytes.data, bytes.len);
	memcpy(copy + bytes.len + 512, "what was there before", 21);
	write_file(other, copy, bytes.len + 4096);
	assert_string_equal(ids_of_archive(other, 4), "archive-trailing");
	copy[second_header(bytes) + 150] ^= 1; /* in its checksum */
	write_file(other, copy, bytes.len);
	assert_string_equal(ids_of_archive(other, 4), "archive-damaged");
	free(copy);
}

/* Cut inside the first file of pages: the list of tasks stood behind it. */
static void what_a_cut_explains_is_told(void **state)
{
	const char *cut = scratch_path("cut.tar"), *header;
	struct outcome outcome;
	struct bytes bytes;
	char archive[4096];

	(void)state;
	snprintf(archive, sizeof(archive), "%s/ck.tar.none", sample_case("podman-none-criu4.1.1"));
	bytes = read_file(archive);
	header = memmem(bytes.data, bytes.len, "checkpoint/pages-", 17);
	assert_non_null(header);
	write_file(cut, bytes.data, (size_t)(header - (const char *)bytes.data) + 512 + 1000);
	outcome = run("verify", cut, NULL);
	assert_int_equal(outcome.status, 4);
	assert_non_null(strstr((const char *)outcome.out.data, "the archive ends inside it"));
	assert_non_null(strstr((const char *)outcome.out.data,
			       "pstree.img: it is not in what is left of the archive, which is cut\n"));
}

/* A document of the engine, and archives of files, beside the images and among them. */
static void damage_beside_the_images_is_found(void **state)
{
	static const char *const archives[] = { "rootfs-diff.tar", "devshm-checkpoint.tar", "volumes/v-podman-zstd.tar",
						"checkpoint/tmpfs-dev-55.tar.gz.img" };
	char archive[4096];
	const char *directory;

	(void)state;
	snprintf(archive, sizeof(archive), "%s/ck.tar.none", sample_case("podman-none-criu4.1.1"));
	directory = unpack(archive, "podman");
	assert_string_equal(ids_of_archive(directory, 0), "");
	write_file(scratch_path("podman/config.dump"), "{", 1);
	assert_string_equal(ids_of_archive(directory, 4), "img-unreadable");
	for (size_t i = 0; i < ARRAY_SIZE(archives); i++) {
		directory = unpack("samples/podman.tar.zst", archives[i] + strcspn(archives[i], "/-") + 1);
		snprintf(archive, sizeof(archive), "%s/%s", directory, archives[i]);
		assert_int_equal(truncate(archive, (off_t)read_file(archive).len / 2), 0);
		assert_string_equal(ids_of_archive(directory, 4), "img-unreadable");
	}
}

/* Puts a file into an archive; of one with HOLES only the first page is kept. */
static void put_file(struct archive *archive, const char *directory, const char *name, bool holes)
{
	struct bytes content = read_file(scratch_path("holes/%s/%s", directory, name));
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, (int64_t)content.len);
	if (holes)
		archive_entry_sparse_add_entry(entry, 0, 4096);
	assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(archive, content.data, content.len), content.len);
	archive_entry_free(entry);
}

static void holes_in_pages_are_found(void **state)
{
	const char *path = scratch_path("holes.tar"), *images = scratch_path("holes/img");
	struct archive *archive = archive_write_new();
	struct dirent **entries;
	int n;

	(void)state;
	copy_below(sample_case("fds-criu4.2.1"), scratch_path("holes"));
	archive_write_set_format_pax(archive);
	assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
	n = scandir(images, &entries, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		if (entries[i]->d_name[0] != '.')
			put_file(archive, "img", entries[i]->d_name, !strcmp(entries[i]->d_name, "pages-3.img"));
		free(entries[i]);
	}
	free(entries);
	assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
	archive_write_free(archive);
	assert_string_equal(ids_of_archive(path, 0), "pages-holes");
}

/* --- the command ------------------------------------------------------------------------------------- */

static void fail_on_says_what_counts(void **state)
{
	const char *images = scratch_path("surplus");
	const struct corruption note = { "pages-surplus", FDS, { { "img/pages-3.img", GROW, "4096", NULL } } };

	(void)state;
	copy_below(sample_case("fds-criu4.2.1"), images);
	assert_int_equal(run("verify", images, NULL).status, 0);
	apply(images, &note.changes[0]);
	assert_int_equal(run("verify", images, NULL).status, 0);
	assert_int_equal(run("verify", "--fail-on", "warning", images, NULL).status, 0);
	assert_int_equal(run("verify", "--fail-on", "note", images, NULL).status, 1);
	assert_int_equal(run("verify", "--fail-on", "fatal", images, NULL).status, 2);
	assert_int_equal(run("verify", scratch_path("nothing"), NULL).status, 3);
	assert_int_equal(run("verify", "-q", images, NULL).out.len, 0);
}

static void several_are_told_apart(void **state)
{
	const char *chain = sample_case("predump-read-criu4.1.1"), *fds = sample_case("fds-criu4.2.1");
	char first[4096];
	struct json_object *reports;
	struct outcome outcome;

	(void)state;
	snprintf(first, sizeof(first), "%s/1", chain);
	reports = run_json(1, "verify", "--format", "json", first, fds, NULL);
	assert_int_equal(json_object_array_length(reports), 2);
	assert_string_equal(json_object_get_string(at(reports, "/0/checkpoint")), first);
	assert_string_equal(json_object_get_string(at(reports, "/0/findings/0/rule")), "img-predump-only");
	assert_int_equal(json_object_array_length(at(reports, "/1/findings")), 0);
	json_object_put(reports);
	outcome = run("verify", first, fds, NULL);
	assert_non_null(strstr((const char *)outcome.out.data, "img-predump-only"));
	assert_non_null(strstr((const char *)outcome.out.data, "\nnothing found\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exactly_the_intended_check_speaks),
		cmocka_unit_test(every_check_has_a_corruption),
		cmocka_unit_test(every_check_says_why_and_what_to_do),
		cmocka_unit_test(damage_of_the_archive_is_found),
		cmocka_unit_test(what_a_cut_explains_is_told),
		cmocka_unit_test(damage_beside_the_images_is_found),
		cmocka_unit_test(holes_in_pages_are_found),
		cmocka_unit_test(fail_on_says_what_counts),
		cmocka_unit_test(several_are_told_apart),
	};

	return run_all(tests);
}
