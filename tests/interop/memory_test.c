/*
 * Memory against what the workloads say they wrote: markers at their addresses, by address and by search;
 * shared and System V memory; and of incremental dumps every byte of every page, through the chain.
 */
#include "tests/interop/corpus.h"
#include "tests/interop/incremental.h"

static size_t n_markers, n_zeroes, n_incremental, n_predumps;

/* --- texts at addresses ----------------------------------------------------------------------------- */

/* Arguments of the program that open the case: its checkpoint, and where its parent is. */
static const char *parent_of(const struct case_files *files)
{
	const char *parent = first_match(files->directory, "pre.tar");

	return parent ? parent : first_match(files->directory, "ps");
}

static struct outcome run_mem(const struct case_files *files, const char *checkpoint, int64_t pid,
			      const char *range, const char *fill)
{
	const char *parent = parent_of(files), *number = make_text("%" PRId64, pid);

	if (parent)
		return run("mem", checkpoint, range, "--raw", "-p", number, "--parent", parent, fill, NULL);
	return run("mem", checkpoint, range, "--raw", "-p", number, fill, NULL);
}

static void assert_text_at(const struct case_files *files, int64_t pid, uint64_t address,
			   const void *text, size_t len)
{
	struct outcome outcome = run_mem(files, files->checkpoint, pid,
					 make_text("%" PRIx64 ":%zu", address, len), NULL);

	look_at("%s pid %" PRId64 " 0x%" PRIx64, files->name, pid, address);
	n_markers++;
	same_number("status", 0, outcome.status);
	holds(outcome.out.len == len && !memcmp(outcome.out.data, text, len), "the bytes are there");
}

static void assert_found_at(const struct case_files *files, int64_t pid, uint64_t address,
			    const char *text, const char *kind)
{
	const char *parent = parent_of(files), *number = make_text("%" PRId64, pid);
	const char *wanted = make_text("\"addr\": \"0x%" PRIx64 "\"", address);
	struct outcome outcome = parent ? run("search", files->checkpoint, "-p", number, "-f", "jsonl",
					      "--parent", parent, "--", text, NULL)
					: run("search", files->checkpoint, "-p", number, "-f", "jsonl",
					      "-j", "2", kind, "--", text, NULL);

	same_number("status of search", 0, outcome.status);
	holds(strstr((const char *)outcome.out.data, wanted) != NULL, "search finds it there");
}

static void assert_marker(const struct case_files *files, int64_t pid, uint64_t address,
			  const char *text)
{
	assert_text_at(files, pid, address, text, strlen(text));
	assert_found_at(files, pid, address, text, "-q");
}

static void markers_are_there(const struct case_files *files, const char *key)
{
	struct json_object *item;

	EACH(item, member(files->truth, key))
	{
		const char *text = text_of(item, "text");
		uint64_t address = strtoull(text_of(item, "addr"), NULL, 16);
		size_t len = strlen(text);
		uint8_t wide[4096];

		if (!member(item, "encoding")) {
			assert_marker(files, number_of(item, "pid"), address, text);
			continue;
		}
		for (size_t i = 0; i < len; i++) {
			wide[2 * i] = (uint8_t)text[i];
			wide[2 * i + 1] = 0;
		}
		assert_text_at(files, number_of(item, "pid"), address, wide, 2 * len);
		assert_found_at(files, number_of(item, "pid"), address, text, "--utf16");
	}
}

/* {"0": TEXT, "5": TEXT}: by page, of 4 KiB whatever the machine's */
static void pages_hold(const struct case_files *files, struct json_object *item, int64_t pid)
{
	uint64_t address = strtoull(text_of(item, "addr"), NULL, 16);

	json_object_object_foreach(member(item, "pages"), page, text)
		assert_marker(files, pid, address + strtoull(page, NULL, 10) * 4096,
			      json_object_get_string(text));
}

/* What nobody wrote of [START, END) of a mapping reads as zeroes; pages are of 4 KiB whatever the machine's. */
static void rest_is_zero(const struct case_files *files, struct json_object *item, int64_t pid, int64_t start,
			 int64_t end)
{
	uint64_t address = strtoull(text_of(item, "addr"), NULL, 16) + (uint64_t)start;
	struct outcome outcome = run_mem(files, files->checkpoint, pid,
					 make_text("%" PRIx64 ":%" PRId64, address, end - start), NULL);

	look_at("%s pid %" PRId64 " 0x%" PRIx64, files->name, pid, address);
	same_number("status", 0, outcome.status);
	same_number("bytes", end - start, (int64_t)outcome.out.len);
	for (size_t i = 0; i + 4096 <= outcome.out.len; i += 4096) {
		static const uint8_t zeroes[4096];

		if (member(member(item, "pages"), make_text("%zu", ((size_t)start + i) / 4096)))
			continue;
		n_zeroes++;
		holds(!memcmp(outcome.out.data + i, zeroes, 4096), "a page that nobody wrote is zero");
	}
}

/* The workload writes up to the fourth page of its memfd. */
static void memfds_end_in_zeroes(const struct case_files *files)
{
	struct json_object *item;

	EACH(item, member(files->truth, "map"))
		if (!strcmp(text_of(item, "kind"), "shared memfd mapping"))
			rest_is_zero(files, item, number_of(item, "pid"), 16384, number_of(item, "len"));
}

static void memory_is_there(const struct case_files *files)
{
	struct json_object *item, *pid;

	if (is_refused(files) || !files->checkpoint || strstr(files->name, "broken-parent") ||
	    strstr(files->name, "lazy-pages") || strstr(files->name, "-trailing"))
		return;
	markers_are_there(files, "mem");
	markers_are_there(files, "secret");
	EACH(item, member(files->truth, "shared_anon"))
		EACH(pid, member(item, "pids"))
			if (member(item, "pages")) {
				pages_hold(files, item, json_object_get_int64(pid));
				/* in the second page one tells the other that it has written */
				rest_is_zero(files, item, json_object_get_int64(pid), 8192, number_of(item, "len"));
			}
	memfds_end_in_zeroes(files);
	EACH(item, member(files->truth, "sysv_shm"))
		if (member(item, "pages"))
			pages_hold(files, item, number_of(item, "pid"));
}

/* --- incremental memory -------------------------------------------------------------------------------- */

static uint64_t word_at(const uint8_t *bytes)
{
	uint64_t word = 0;

	for (size_t i = 8; i-- > 0;)
		word = word << 8 | bytes[i];
	return word;
}

static void compare_page(const struct page *page, const uint8_t *bytes)
{
	n_incremental++;
	for (uint64_t w = 0; w < 512; w++)
		if (word_at(bytes + 8 * w) != word_of(page, w)) {
			differs("page 0x%" PRIx64 ", word %" PRIu64, page->address, w);
			return;
		}
}

static int by_address(const void *a, const void *b)
{
	const struct page *left = a, *right = b;

	return (left->address > right->address) - (left->address < right->address);
}

/* Every page that was written so far; what is gone reads as nothing. */
static void compare_pages(const struct case_files *files, const char *checkpoint, int64_t last)
{
	int64_t pid = number_of(element(member(files->truth, "layout"), 0), "pid");

	qsort(pages, n_pages, sizeof(*pages), by_address);
	for (size_t i = 0, n; i < n_pages; i += n) {
		struct outcome outcome;

		n = 1;
		while (i + n < n_pages && pages[i + n].address == pages[i].address + n * 4096)
			n++;
		look_at("%s step %" PRId64 " 0x%" PRIx64, files->name, last, pages[i].address);
		outcome = run_mem(files, checkpoint, pid,
				  make_text("%" PRIx64 ":%zu", pages[i].address, n * 4096), "--fill");
		same_number("status", 0, outcome.status);
		same_number("bytes", (int64_t)(n * 4096), (int64_t)outcome.out.len);
		for (size_t k = 0; k < n && outcome.out.len == n * 4096; k++)
			compare_page(&pages[i + k], outcome.out.data + k * 4096);
	}
}

static void compare_dump(const struct case_files *files, const char *checkpoint, int64_t last)
{
	replay_until(member(files->truth, "step"), last);
	compare_pages(files, checkpoint, last);
}

/* A pre-dump takes no shared memory, and no pages that cannot be read: regions B and P. */
static void leave_out_what_no_predump_takes(struct json_object *layout)
{
	static const char *const names[] = { "B", "P" };
	size_t n = 0;

	for (size_t i = 0; i < n_pages; i++) {
		bool is_in = false;

		for (size_t k = 0; k < ARRAY_SIZE(names); k++) {
			struct json_object *region = member(layout, names[k]);
			uint64_t start = strtoull(json_object_get_string(element(region, 0)), NULL, 16);

			is_in |= pages[i].address - start < json_object_get_uint64(element(region, 1)) * 4096;
		}
		if (!is_in)
			pages[n++] = pages[i];
	}
	n_pages = n;
}

/*
 * truth.json says of each directory of a chain which step came before it. --auto-dedup makes holes in the ones before,
 * where a later one has the page.
 */
static void compare_predumps(const struct case_files *files)
{
	struct json_object *directories = member(files->truth, "dirs");

	if (is_refused(files) || !directories || !member(files->truth, "layout") || strstr(files->name, "-dedup-"))
		return;
	json_object_object_foreach(directories, name, text)
	{
		int last;

		if (sscanf(json_object_get_string(text), "pre-dump after step %d", &last) != 1)
			continue;
		replay_until(member(files->truth, "step"), last);
		leave_out_what_no_predump_takes(element(member(files->truth, "layout"), 0));
		n_predumps++;
		compare_pages(files, make_text("%s/%s", files->directory, name), last);
	}
}

static void incremental_memory_is_true(const struct case_files *files)
{
	each_incremental_dump(files, compare_dump);
	compare_predumps(files);
}

static void enough_predumps(void)
{
	enough_was_compared("pre-dumps", n_predumps, 2);
}

static void enough_markers(void)
{
	enough_was_compared("markers in memory", n_markers, 60);
	enough_was_compared("pages that nobody wrote", n_zeroes, 100);
	printf("compared: %zu pages of incremental dumps\n", n_incremental);
}

int main(void)
{
	static const struct subject subjects[] = {
		{ "markers", memory_is_there, enough_markers },
		{ "incremental memory", incremental_memory_is_true, enough_predumps },
	};

	return run_over_cases("memory", subjects, ARRAY_SIZE(subjects));
}
