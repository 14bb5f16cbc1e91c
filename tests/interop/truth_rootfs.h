/*
 * What the container changed in its root file system and kept in its volume, against what the workload
 * did (truth.json) and what podman and docker said of it (diff.txt); and one checkpoint in several forms
 * of OCI image against itself.
 */
#pragma once

#include "tests/interop/corpus.h"

static size_t n_changes, n_contents, n_forms;

static struct json_object *find_path(struct json_object *rows, const char *path)
{
	struct json_object *row;

	EACH(row, rows)
		if (!strcmp(text_of(row, "path"), path))
			return row;
	return NULL;
}

static const char *producer_of(const struct case_files *files)
{
	return cell_text(element(list_table("checkpoint", files), 0), "producer");
}

static bool is_in(const char *words, const char *word)
{
	return is_one_of(words, word);
}

/* Whether what this producer left holds the difference; podman's does where it was exported. */
static bool keeps_changes(const struct case_files *files)
{
	return files->checkpoint && !is_refused(files) && fnmatch("podman-leave-*", files->name, 0) != 0 &&
	       is_in("podman cri-o containerd ctr", producer_of(files));
}

/*
 * podman and CRI-O leave a changed file out where the host has none of that name, so it may be missing;
 * where it is there nothing tells it from a new one, but certainty is not claimed.
 */
static void compare_changed(const struct case_files *files, struct json_object *rows, const char *path)
{
	struct json_object *row = find_path(rows, path);

	n_changes++;
	if (!row && is_in("podman cri-o", producer_of(files)))
		return;
	holds(row != NULL, make_text("%s is listed", path));
	if (cell_true(row, "certain"))
		same_text(path, "modified", cell_text(row, "change"));
	if (!strcmp(producer_of(files), "ctr") && !is_in("ctr-t-criu4.2.1", files->name))
		holds(cell_true(row, "certain"), "the base image's layers tell it");
}

static void compare_added(struct json_object *rows, const char *path)
{
	n_changes++;
	same_text(path, "added", cell_text(find_path(rows, path), "change"));
}

static void compare_deleted(struct json_object *rows, const char *path)
{
	n_changes++;
	same_text(path, "deleted", cell_text(find_path(rows, path), "change"));
	same_text(path, NULL, cell_text(find_path(rows, path), "size"));
}

/* coreutils' digest of TEXT. */
static const char *sha256_of(const char *text)
{
	const char *path = scratch_path("content");
	static char line[65];
	FILE *sum;

	write_file(path, text, strlen(text));
	sum = popen(make_text("sha256sum '%s'", path), "r");
	if (!sum || fread(line, 1, 64, sum) != 64)
		fail_msg("sha256sum does not work");
	pclose(sum);
	return line;
}

static void compare_contents(const struct case_files *files)
{
	struct json_object *rows = hold(run_json(
		strstr(files->directory, "-trailing-") ? 4 : 0, "list", "rootfs", "--columns",
		"path,sha256,size", "--format", "json", files->checkpoint, NULL));
	struct json_object *row = find_path(rows, "/data/new.txt");

	same_text("/data/new.txt", sha256_of("new-file-content\n"), cell_text(row, "sha256"));
	same_number("/data/new.txt", 17, cell_number(row, "size"));
	n_contents++;
	if (strcmp(producer_of(files), "podman") != 0)
		return;
	same_text("/vol/v.txt", sha256_of("vol-content\n"),
		  cell_text(find_path(rows, "/vol/v.txt"), "sha256"));
	n_contents++;
}

static void changes_are_true(const struct case_files *files)
{
	struct json_object *changes = member(files->truth, "rootfs_changes"), *rows, *path;

	if (!changes || !keeps_changes(files))
		return;
	rows = list_table("rootfs", files);
	EACH(path, member(changes, "A"))
		compare_added(rows, json_object_get_string(path));
	EACH(path, member(changes, "C"))
		compare_changed(files, rows, json_object_get_string(path));
	EACH(path, member(changes, "D"))
		compare_deleted(rows, json_object_get_string(path));
	if (find_path(rows, "/data/new.txt"))
		compare_contents(files);
}

/* podman's and docker's own list: "A /path" for everything new, "D /path". */
static void engine_diff_is_true(const struct case_files *files)
{
	const char *path = make_text("%s/diff.txt", files->directory);
	struct json_object *rows;
	char *rest, *line;

	if (!is_there(path) || !keeps_changes(files))
		return;
	rows = list_table("rootfs", files);
	rest = make_text("%s", (const char *)read_file(path).data);
	while ((line = strsep(&rest, "\n")))
		/* Sockets are in no archive. */
		if (line[0] == 'A' && !strstr(line, "/s."))
			compare_added(rows, line + 2);
		else if (line[0] == 'D')
			compare_deleted(rows, line + 2);
}

/* --- one checkpoint, several forms ------------------------------------------------------------------ */

static void compare_form(const struct case_files *files, const char *path)
{
	static const char *const same[] = { "process", "fd", "file", "vma", "socket", "mount", "env",
					    "rootfs" };
	struct json_object *row = element(
		hold(run_json(0, "list", "checkpoint", "--format", "json", path, NULL)), 0);
	struct json_object *main_row = element(list_table("checkpoint", files), 0);
	static const char *const facts[] = { "producer", "container", "container_id", "image", "arch" };

	look_at("%s", path);
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		same_text(facts[i], cell_text(main_row, facts[i]), cell_text(row, facts[i]));
	holds(cell_true(row, "wrapped"), "an OCI image is around it");
	for (size_t i = 0; i < ARRAY_SIZE(same); i++) {
		struct json_object *rows =
			hold(run_json(0, "list", same[i], "--format", "json", path, NULL));
		const char *where = NULL;

		if (!json_same(list_table(same[i], files), rows, &where))
			differs("table %s differs at %s", same[i], where);
		n_compared++;
	}
	n_forms++;
}

__attribute__((unused)) static void forms_are_alike(const struct case_files *files)
{
	static const char *const patterns[] = { "*.oci.tar", "*.docker.tar", "*.oci.dir", "*.docker.dir",
						"*.oci", "built.dir" };
	glob_t matches;

	if (strncmp(files->name, "podman-image", 12) != 0 && strncmp(files->name, "wrap-", 5) != 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
		if (glob(make_text("%s/%s", files->directory, patterns[i]), 0, NULL, &matches) != 0)
			continue;
		for (size_t k = 0; k < matches.gl_pathc; k++)
			compare_form(files, make_text("%s", matches.gl_pathv[k]));
		globfree(&matches);
	}
}

static void enough_changes_were_compared(void)
{
	enough_was_compared("changes of root file systems", n_changes, 60);
	enough_was_compared("contents of changed files", n_contents, 8);
}

__attribute__((unused)) static void enough_forms_were_compared(void)
{
	enough_was_compared("forms of OCI images", n_forms, 4);
}
