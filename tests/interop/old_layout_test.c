/*
 * Old layouts read alike: each case, put into the layout of an older CRIU (old_layout.h), gives the
 * same tables as it is, row for row. Each difference alone, and all of them together; with
 * CORPUS=DIRECTORY the cases are the directories there.
 */
#include "tests/interop/old_layout.h"

#include <ftw.h>

#include "db/tables/render.h"

/* --- what may differ -------------------------------------------------------------------------- */

static const struct exception {
	unsigned features; /* any of them */
	const char *table, *column; /* NULL: all of it */
	const char *reason;
} exceptions[] = {
	{ ~0u, "member", NULL, "names, kinds and sizes of images are what is changed" },
	{ ~0u, "checkpoint", "path", "the copy is elsewhere" },
	{ ~0u, "checkpoint", "size", "an image of its own has a header of its own" },
	{ OLD_HEADERS, "checkpoint", "img_version", "it says which headers the images have" },
	{ NO_INVENTORY, "checkpoint", "img_version", "the inventory has it" },
	{ NO_INVENTORY, "checkpoint", "lsm", "the inventory has it" },
	{ NO_INVENTORY, "checkpoint", "dump_uptime", "the inventory has it" },
	{ NO_INVENTORY, "checkpoint", "checkpointed", "its time is that of the inventory" },
	{ NO_INVENTORY, "cgroup", "is_root", "the inventory names the set" },
	{ NO_INVENTORY, "namespace", NULL, "which are the host's, and so whose timens-0 is, it says" },
	{ OLD_NAMESPACES, "namespace", "image", "its name has a pid in it" },
	{ OLD_SHM, "sysv", "in_pagemaps", "it says where the bytes of a segment are" },
	{ OLD_SHM, "sysv", "held_bytes", "zeroes are held too, where page maps leave them out" },
	{ OLD_SHM, "vma", "pages_present", "zeroes are in ipcns-shm too" },
	{ OLD_SHM, "vma", "pages_absent", "zeroes are in ipcns-shm too" },
	{ OLD_SHM, "page_run", NULL, "likewise" },
	{ OLD_FIELDS, "vma", "madvise", "not recorded by then" },
	{ OLD_FIELDS, "mount", "sb_flags", "not recorded by then" },
	{ OLD_FIELDS, "file", "size", "not recorded by then" },
	{ OLD_FIELDS, "file", "mode", "not recorded by then" },
	{ OLD_FIELDS, "fd", "size", "not recorded by then" },
};

static bool is_exempt(unsigned features, const char *table, const char *column)
{
	for (size_t i = 0; i < ARRAY_SIZE(exceptions); i++)
		if ((exceptions[i].features & features) && !strcmp(exceptions[i].table, table) &&
		    (!exceptions[i].column || (column && !strcmp(exceptions[i].column, column))))
			return true;
	return false;
}

/* --- tables ----------------------------------------------------------------------------------- */

/* A table's rows as JSON texts, sorted: old images have them in another order. */
struct rows {
	char **texts;
	size_t n;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *row_text(struct checkpoint *checkpoint, const struct listing *listing, size_t row,
		      unsigned features, struct out *out)
{
	struct json json;

	out_clear(out);
	json_init(&json, out, JSON_ONE_LINE);
	json_object_begin(&json);
	for (size_t i = 0; i < listing->n_columns; i++) {
		const char *column = listing->columns[i]->name;
		struct value value;

		if (is_exempt(features, listing->table->name, column))
			continue;
		listing_cell(checkpoint, listing, i, listing_row(listing, row), listing->arena,
			     &value);
		json_key(&json, column);
		render_value_json(&value, &json);
	}
	json_object_end(&json);
	return arena_text(listing->arena, out_held(out));
}

static struct rows rows_of(struct checkpoint *checkpoint, const struct table *table,
			   unsigned features)
{
	const struct listing_request all = { 0 };
	struct listing listing;
	struct rows rows;
	struct out out;

	if (listing_init(&checkpoint->arena, table, &all, &listing))
		fail_msg("no listing of %s", table->name);
	listing_choose(checkpoint, &all, &listing);
	rows = (struct rows){ arena_alloc(&checkpoint->arena,
					  (listing.n + 1) * sizeof(*rows.texts)),
			      listing.n };
	out_init(&out, -1);
	for (size_t i = 0; i < rows.n; i++)
		rows.texts[i] = row_text(checkpoint, &listing, i, features, &out);
	out_deinit(&out);
	qsort(rows.texts, rows.n, sizeof(*rows.texts), by_text);
	return rows;
}

/* What is in only one of them, the first few of each. */
static void compare_rows(const char *table, struct rows new, struct rows old)
{
	unsigned told = 0;

	for (size_t i = 0, k = 0; (i < new.n || k < old.n) && told < 6;) {
		int order = i == new.n ? 1 : k == old.n ? -1 : strcmp(new.texts[i], old.texts[k]);

		n_compared += order == 0;
		told += order != 0;
		if (order < 0)
			differs("%s: not in the old layout: %s", table, new.texts[i]);
		else if (order > 0)
			differs("%s: in the old layout only: %s", table, old.texts[k]);
		i += order <= 0;
		k += order >= 0;
	}
}

static bool opens(const char *path, struct checkpoint *ret)
{
	struct error *error = checkpoint_open(path, ret);

	error_free(error);
	return !error;
}

static void compare_tables(const char *new_path, const char *old_path, unsigned features)
{
	struct checkpoint new, old;

	if (!opens(new_path, &new)) /* a dump that failed early holds nothing */
		return;
	if (!opens(old_path, &old))
		fail_msg("%s cannot be opened", old_path);
	for (size_t i = 0; i < n_tables; i++) {
		struct rows of_new = rows_of(&new, tables[i], features);
		struct rows of_old = rows_of(&old, tables[i], features);

		if (!is_exempt(features, tables[i]->name, NULL))
			compare_rows(tables[i]->name, of_new, of_old);
	}
	same_number("the number of problems", (int64_t)new.problems.n, (int64_t)old.problems.n);
	for (size_t i = 0; i < old.problems.n && new.problems.n < old.problems.n; i++)
		differs("%.*s: %s", BYTES_FMT(bytes_of(old.problems.items[i]->image)),
			old.problems.items[i]->message);
	checkpoint_close(&new);
	checkpoint_close(&old);
}

/* --- layouts ---------------------------------------------------------------------------------- */

static const struct layout_case {
	const char *name;
	unsigned features;
	size_t least; /* bundled cases in which it moves anything */
} layouts[] = {
	{ "v1.0 headers", OLD_HEADERS, 22 },
	{ "images for each type of file", OLD_FILES, 22 },
	{ "watches beside their files", OLD_WATCHES, 11 },
	{ "mappings beside mm", OLD_VMAS, 22 },
	{ "signal actions beside core", OLD_SIGACTIONS, 22 },
	{ "limits beside core", OLD_RLIMITS, 22 },
	{ "timers beside core", OLD_TIMERS, 22 },
	{ "signals beside core", OLD_SIGNALS, 22 },
	{ "credentials beside core", OLD_CREDS, 22 },
	{ "seccomp of tasks", OLD_SECCOMP, 8 },
	{ "ids in core only", OLD_IDS_IN_CORE, 21 },
	{ "ids in core too", OLD_IDS_TWICE, 21 },
	{ "descriptors by pid", OLD_FDINFO, 21 },
	{ "remaps without a type", OLD_REMAPS, 11 },
	{ "page runs without flags", OLD_PAGE_FLAGS, 22 },
	{ "page counts of 32 bits", OLD_PAGE_COUNTS, 11 },
	{ "segments in ipcns-shm", OLD_SHM, 3 },
	{ "namespaces by pid", OLD_NAMESPACES, 21 },
	{ "newer fields absent", OLD_FIELDS, 22 },
	{ "all together", OLD_ALL, 22 },
	{ "no inventory", NO_INVENTORY, 21 },
	{ "v1.1 headers, all else together", OLD_ALL & ~(unsigned)OLD_HEADERS, 22 },
};

static struct {
	size_t cases, places;
} moved[ARRAY_SIZE(layouts)];

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	remove(path);
	return 0;
}

/* An archive's members as files; a directory stays where it is. Returns the top of the tree. */
static const char *unpacked(const struct case_files *files)
{
	struct stat st;

	if (stat(files->checkpoint, &st) == 0 && S_ISDIR(st.st_mode))
		return files->directory;
	return unpack(files->checkpoint, make_text("unpacked/%s", files->name));
}

static void compare_layout(const struct case_files *files, const char *top, const char *checkpoint,
			   size_t i)
{
	const struct layout_case *layout = &layouts[i];
	const char *copy = scratch_path("old/%s", files->name);
	size_t n_moved = old_tree(top, copy, layout->features);

	look_at("%s, %s", files->name, layout->name);
	if (n_moved) {
		moved[i].cases++;
		moved[i].places += n_moved;
		compare_tables(checkpoint, make_text("%s%s", copy, checkpoint + strlen(top)),
			       layout->features);
	}
	nftw(copy, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void layouts_read_alike(const struct case_files *files)
{
	const char *top, *checkpoint;

	if (!files->checkpoint)
		return;
	top = unpacked(files);
	checkpoint = top == files->directory ? files->checkpoint : top;
	for (size_t i = 0; i < ARRAY_SIZE(layouts); i++)
		compare_layout(files, top, checkpoint, i);
}

static void enough_layouts_were_read(void)
{
	enough_was_compared("rows", n_compared, 700000);
	for (size_t i = 0; i < ARRAY_SIZE(layouts); i++) {
		printf("%s: %zu places\n", layouts[i].name, moved[i].places);
		enough_was_compared(layouts[i].name, moved[i].cases, layouts[i].least);
	}
}

int main(void)
{
	static const struct subject subjects[] = {
		{ "old layouts", layouts_read_alike, enough_layouts_were_read },
	};

	return run_over_cases("old layouts", subjects, ARRAY_SIZE(subjects));
}
