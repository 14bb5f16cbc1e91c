/*
 * The tables member, stat, mount, and the page counts of process, against the reference
 * decoder's output of the images that they come from; mounts against mountinfo too.
 */
#pragma once

#include "tests/interop/corpus.h"

static size_t n_members, n_numbers, n_mounts, n_tasks, n_segments;

/* --- the reference's documents ---------------------------------------------------------------- */

struct reference {
	const char *image;            /* its name: "core-1.img" */
	struct json_object *document;
};

struct references {
	struct reference *items;
	size_t n;
};

static int is_plain(const struct dirent *entry)
{
	return fnmatch("*.decode.json", entry->d_name, 0) == 0;
}

static struct references read_references(const struct case_files *files)
{
	const char *directory = reference_directory(files);
	struct references references = { 0 };
	struct dirent **entries;
	int n = scandir(directory, &entries, is_plain, alphasort);

	if (n <= 0)
		return references;
	references.items = calloc((size_t)n, sizeof(*references.items));
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;

		references.items[references.n++] = (struct reference){
			.image = make_text("%.*s", (int)(strlen(name) - strlen(".decode.json")),
					   name),
			.document = hold(json_file(make_text("%s/%s", directory, name))),
		};
	}
	return references;
}

/* The entries of an image; NULL where the reference has not decoded it. */
static struct json_object *entries_of(const struct references *references, const char *image)
{
	for (size_t i = 0; i < references->n; i++)
		if (!strcmp(references->items[i].image, image))
			return member(references->items[i].document, "entries");
	return NULL;
}

/* --- member ----------------------------------------------------------------------------------- */

/* The member of that image, wherever in the checkpoint it lies. */
static struct json_object *member_named(struct json_object *members, const char *image)
{
	struct json_object *row;

	EACH(row, members) {
		const char *name = cell_text(row, "name");
		const char *slash = strrchr(name, '/');

		if (!strcmp(slash ? slash + 1 : name, image))
			return row;
	}
	return NULL;
}

/*
 * The reference swallows entries of SysV shared memory, see decode-exceptions.tsv; and it counts
 * the chunks of a sparse ghost file, which are content, as entries.
 */
static bool counts_differently(const char *image, struct json_object *entries)
{
	struct json_object *first = element(entries, 0);

	return !fnmatch("ipcns-shm-*.img", image, 0) ||
	       (!fnmatch("ghost-file-*.img", image, 0) && member(first, "chunks"));
}

/*
 * One magic number names two kinds: the pages of tasks, and those of shared memory, which only
 * the name of the file tells apart. The reference looks at the magic alone.
 */
static const char *kind_of_reference(const struct reference *reference)
{
	return !fnmatch("pagemap-shmem-*.img", reference->image, 0)
		       ? "SHMEM_PAGEMAP"
		       : text_of(reference->document, "magic");
}

static void compare_members(const struct case_files *files, const struct references *references)
{
	struct json_object *members = list_table("member", files), *row;

	for (size_t i = 0; i < references->n; i++) {
		struct json_object *entries = member(references->items[i].document, "entries");

		look_at("member %s", references->items[i].image);
		row = member_named(members, references->items[i].image);
		n_members++;
		holds(row != NULL, "it is listed");
		if (!row)
			continue;
		same_text("kind", kind_of_reference(&references->items[i]), cell_text(row, "kind"));
		same_text("state", "ok", cell_text(row, "state"));
		if (!counts_differently(references->items[i].image, entries))
			same_number("entries", (int64_t)length(entries),
				    cell_number(row, "entries"));
	}
}

/* --- stat ------------------------------------------------------------------------------------- */

static void compare_stats(const struct case_files *files, const struct references *references)
{
	struct json_object *dump = element(entries_of(references, "stats-dump"), 0);
	struct json_object *stats = list_table("stat", files), *row;

	dump = member(dump, "dump");
	look_at("stats-dump");
	if (!dump)
		return;
	same_number("numbers", json_object_object_length(dump), (int64_t)length(stats));
	EACH(row, stats) {
		const char *name = cell_text(row, "name");

		same_text("phase", "dump", cell_text(row, "phase"));
		holds(member(dump, name) != NULL, "the image has that number");
		same_number(name, number_of(dump, name), cell_number(row, "value"));
		n_numbers++;
	}
}

/* --- mount ------------------------------------------------------------------------------------ */

static struct json_object *mount_entries(const struct references *references)
{
	for (size_t i = 0; i < references->n; i++)
		if (!fnmatch("mountpoints-*.img", references->items[i].image, 0))
			return member(references->items[i].document, "entries");
	return NULL;
}

static void compare_mount(struct json_object *row, struct json_object *entry)
{
	static const char *const texts[] = { "mountpoint", "root", "source", "options", "ext_key" };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		same_text(texts[i], text_of(entry, texts[i]), cell_text(row, texts[i]));
	same_number("parent_id", number_of(entry, "parent_mnt_id"), cell_number(row, "parent_id"));
	same_mask("flags", (uint64_t)number_of(entry, "flags"), cell_mask(row, "flags"));
	same_mask("sb_flags", (uint64_t)number_of(entry, "sb_flags"), cell_mask(row, "sb_flags"));
	n_mounts++;
}

/* "132 100 0:42 / /proc rw,relatime shared:5 - proc proc rw" of mountinfo. */
static void compare_mountinfo(struct json_object *mounts, const char *line)
{
	char device[32], root[512], mountpoint[512], fstype[64];
	int64_t mnt_id, parent_id;
	const char *dash = strstr(line, " - ");
	struct json_object *row;

	if (!dash || sscanf(line, "%" SCNd64 " %" SCNd64 " %31s %511s %511s", &mnt_id, &parent_id,
			    device, root, mountpoint) != 5 ||
	    sscanf(dash + 3, "%63s", fstype) != 1) {
		differs("no line of mountinfo: %s", line);
		return;
	}
	look_at("mount %" PRId64 " (mountinfo)", mnt_id);
	row = find_row(mounts, "mnt_id", mnt_id, NULL, 0);
	holds(row != NULL, "it is there");
	if (!row)
		return;
	same_number("parent_id", parent_id, cell_number(row, "parent_id"));
	same_text("mountpoint", mountpoint, cell_text(row, "mountpoint"));
	same_text("device", device, cell_text(row, "device"));
	/* CRIU has no name for types that it cannot dump, as long as they are external. */
	if (strcmp(cell_text(row, "fstype"), "unsupported") != 0)
		same_text("fstype", fstype, cell_text(row, "fstype"));
	n_mounts++;
}

static void compare_with_kernel(const struct case_files *files, struct json_object *mounts)
{
	static const char *const names[] = { "mountinfo-pid1.txt", "mountinfo.txt" };
	const char *path = NULL;
	char *text, *line;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names) && !(path && is_there(path)); i++)
		path = make_text("%s/%s", files->directory, names[i]);
	if (!is_there(path))
		return;
	text = (char *)(uintptr_t)read_file(path).data;
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		/* CRIU skips it: "skipping fs mounted at" in dump.log. */
		if (strstr(line, " - tracefs "))
			continue;
		compare_mountinfo(mounts, line);
		n++;
	}
	look_at("mountinfo");
	same_number("mounts", (int64_t)n, (int64_t)length(mounts));
}

static void compare_mounts(const struct case_files *files, const struct references *references)
{
	struct json_object *mounts = list_table("mount", files), *entry, *row;
	struct json_object *entries = mount_entries(references);

	look_at("mounts");
	same_number("mounts", (int64_t)length(entries), (int64_t)length(mounts));
	EACH(entry, entries) {
		look_at("mount %" PRId64, number_of(entry, "mnt_id"));
		row = find_row(mounts, "mnt_id", number_of(entry, "mnt_id"), NULL, 0);
		holds(row != NULL, "it is there");
		if (row)
			compare_mount(row, entry);
	}
	compare_with_kernel(files, mounts);
}

/* --- pages ------------------------------------------------------------------------------------ */

enum { PE_PARENT = 1, PE_LAZY = 2, PE_PRESENT = 4 };

struct page_counts {
	int64_t present, parent, lazy;
};

/* Newer images count pages in a wider field, and leave 0 in the old one. */
static int64_t pages_of(struct json_object *entry)
{
	return number_of(entry, member(entry, "nr_pages") ? "nr_pages" : "compat_nr_pages");
}

/* Present and lazy together mean that the bytes are here. */
static struct page_counts count_pages(struct json_object *entries)
{
	struct page_counts counts = { 0 };
	struct json_object *entry;

	EACH(entry, entries) {
		int64_t flags = member(entry, "flags") ? number_of(entry, "flags")
				: number_of(entry, "in_parent") ? PE_PARENT
								: PE_PRESENT;

		if (flags & PE_PRESENT)
			counts.present += pages_of(entry);
		else if (flags & PE_PARENT)
			counts.parent += pages_of(entry);
		else if (flags & PE_LAZY)
			counts.lazy += pages_of(entry);
	}
	return counts;
}

static void compare_pages(const struct case_files *files, const struct references *references)
{
	struct json_object *row;

	EACH(row, list_table("process", files)) {
		const char *image = make_text("pagemap-%" PRId64 ".img", cell_number(row, "pid"));
		struct page_counts counts = count_pages(entries_of(references, image));

		look_at("%s", image);
		same_number("pages_present", counts.present, cell_number(row, "pages_present"));
		same_number("pages_parent", counts.parent, cell_number(row, "pages_parent"));
		same_number("pages_lazy", counts.lazy, cell_number(row, "pages_lazy"));
		n_tasks++;
	}
}

/* --- SysV shared memory ----------------------------------------------------------------------- */

/* What the reference gets wrong is held against the workload instead. */
static void compare_segments(const struct case_files *files)
{
	const char *image = first_match(files->directory, "img/ipcns-shm-*.img");
	struct json_object *entries, *truth, *entry, *description;

	if (!image || !member(files->truth, "sysv_shm"))
		return;
	entries = member(hold(run_json(0, "decode", image, NULL)), "entries");
	look_at("%s", image);
	same_number("segments", (int64_t)length(member(files->truth, "sysv_shm")),
		    (int64_t)length(entries));
	EACH(truth, member(files->truth, "sysv_shm")) {
		entry = element(entries, truth_at);
		description = member(entry, "desc");
		same_number("key", strtoll(text_of(truth, "key"), NULL, 16),
			    number_of(description, "key"));
		same_number("size", number_of(truth, "size"), number_of(entry, "size"));
		n_segments++;
	}
}

/* --- running ---------------------------------------------------------------------------------- */

static void images_are_listed(const struct case_files *files)
{
	struct references references;

	if (files->checkpoint && !is_refused(files)) {
		references = read_references(files);
		holds(references.n > 0, "the reference decoded something");
		compare_members(files, &references);
		compare_stats(files, &references);
		compare_mounts(files, &references);
		compare_pages(files, &references);
		compare_segments(files);
		free(references.items);
	}
}

static void enough_images_were_listed(void)
{
	enough_was_compared("members", n_members, 800);
	enough_was_compared("statistics", n_numbers, 150);
	enough_was_compared("mounts", n_mounts, 270);
	enough_was_compared("tasks with pages", n_tasks, 75);
	enough_was_compared("segments of shared memory", n_segments, 6);
}
