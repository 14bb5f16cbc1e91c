/*
 * Diffs of real checkpoints: exactly the pages that the workload says it wrote between two dumps, whether
 * these are full or incremental; and nothing between a checkpoint and itself.
 */
#include "tests/interop/incremental.h"

static size_t n_pages_compared, n_themselves, n_steps;

/* --- a checkpoint and itself -------------------------------------------------------------------------- */

static void assert_same(const char *before, const char *after, const char *parent)
{
	struct outcome outcome = run("diff", before, after, "--format", "json", parent ? "--parent" : "-q",
				     parent ? parent : "-q", NULL);
	struct json_object *diff = json_parse(outcome.out);

	n_themselves++;
	same_number("status", 0, outcome.status);
	if (!diff) {
		differs("no JSON");
		return;
	}
	hold(diff);
	holds(!json_object_get_boolean(member(diff, "differs")), "nothing differs");
	json_object_object_foreach(diff, name, value)
	{
		static const char *const changes[] = { "added", "removed", "changed" };

		for (size_t i = 0; i < ARRAY_SIZE(changes); i++)
			if (length(member(value, changes[i])))
				differs("%s in %s", changes[i], name);
	}
}

static void same_as_itself(const struct case_files *files)
{
	if (!files->checkpoint || is_refused(files) || strstr(files->name, "-trailing"))
		return;
	look_at("%s", files->name);
	assert_same(files->checkpoint, files->checkpoint, first_match(files->directory, "pre.tar"));
}

/* --- what the workload wrote -------------------------------------------------------------------------- */

/* Pages of one state of the memory; the other one is in the list of incremental.h. */
static struct page *earlier;
static size_t n_earlier;

static void keep_earlier(void)
{
	free(earlier);
	earlier = calloc(n_pages + 1, sizeof(*earlier));
	memcpy(earlier, pages, n_pages * sizeof(*pages));
	n_earlier = n_pages;
}

static const struct page *find_page(const struct page *list, size_t n, uint64_t address)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].address == address && list[i].is_there)
			return &list[i];
	return NULL;
}

/* What a diff should say of an address; NULL: nothing. */
static const char *wanted_change(uint64_t address)
{
	const struct page *before = find_page(earlier, n_earlier, address);
	const struct page *after = find_page(pages, n_pages, address);

	if (!before && !after)
		return NULL;
	if (!before || !after)
		return after ? "new" : "gone";
	return before->region == after->region && before->index == after->index &&
			       before->generation == after->generation
		       ? NULL
		       : "changed";
}

static const char *const kinds_of_change[] = { "changed", "new", "gone" };

/* What the diff says of an address. */
static const char *found_change(struct json_object *memory, int64_t pid, uint64_t address)
{
	struct json_object *region, *one;

	EACH(region, memory)
	{
		if (number_of(region, "pid") != pid)
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(kinds_of_change); i++)
			EACH(one, member(member(region, "pages"), kinds_of_change[i]))
				if (strtoull(json_object_get_string(one), NULL, 16) == address)
					return kinds_of_change[i];
	}
	return NULL;
}

/* Whether an address is in one of the regions that the workload writes down all its writes to. */
static bool is_in_layout(const struct case_files *files, uint64_t address)
{
	struct json_object *layout = element(member(files->truth, "layout"), 0), *step;
	bool is_in = false;

	json_object_object_foreach(layout, key, value)
	{
		uint64_t start, n;

		(void)key;
		if (!json_object_is_type(value, json_type_array))
			continue;
		start = strtoull(json_object_get_string(element(value, 0)), NULL, 16);
		n = json_object_get_uint64(element(value, 1));
		is_in |= address >= start && address < start + n * 4096;
	}
	EACH(step, member(files->truth, "step"))
		if (is_one_of("mremap", text_of(step, "op"))) {
			uint64_t start = strtoull(text_of(step, "new_addr"), NULL, 16);

			is_in |= address >= start &&
				 address < start + (uint64_t)number_of(step, "npages") * 4096;
		}
	return is_in;
}

/* A pre-dump takes no shared memory: region B. */
static bool is_shared(const struct case_files *files, uint64_t address)
{
	struct json_object *b = member(element(member(files->truth, "layout"), 0), "B");
	uint64_t start = strtoull(json_object_get_string(element(b, 0)), NULL, 16);

	return address >= start && address < start + json_object_get_uint64(element(b, 1)) * 4096;
}

/* Whether a page of the later dump is stored, and all zeroes. */
static bool is_stored_zero(const char *before, const char *after, int64_t pid, uint64_t address)
{
	struct outcome outcome = run("mem", after, make_text("%" PRIx64 ":4096", address), "--raw", "-p",
				     make_text("%" PRId64, pid), "--parent", before, NULL);

	if (outcome.status != 0 || outcome.out.len != 4096)
		return false;
	for (size_t i = 0; i < 4096; i++)
		if (outcome.out.data[i])
			return false;
	return true;
}

/* Pages of a huge page that the workload gave back may stay with it, as zeroes, and are dumped: changed. */
static void assert_wanted(const char *before, const char *after, int64_t pid, uint64_t address,
			  const char *found)
{
	const char *wanted = wanted_change(address);

	if (wanted && strcmp(wanted, "gone") == 0 && found && strcmp(found, "changed") == 0)
		holds(is_stored_zero(before, after, pid, address), "it was given back");
	else
		same_text("change", wanted, found);
}

/* Everything that was written is found, as what it is. */
static void assert_found(const struct case_files *files, const char *before, const char *after,
			 struct json_object *memory, int64_t pid, bool is_incremental)
{
	for (size_t i = 0; i < n_pages + n_earlier; i++) {
		uint64_t address = i < n_pages ? pages[i].address : earlier[i - n_pages].address;

		if (!wanted_change(address) || (is_incremental && is_shared(files, address)))
			continue;
		look_at("%s 0x%" PRIx64, files->name, address);
		assert_wanted(before, after, pid, address, found_change(memory, pid, address));
		n_pages_compared++;
	}
}

/* And nothing else is. */
static void assert_no_more(const struct case_files *files, const char *before, const char *after,
			   struct json_object *memory, int64_t pid)
{
	struct json_object *region, *one;

	EACH(region, memory)
	{
		if (number_of(region, "pid") != pid)
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(kinds_of_change); i++)
			EACH(one, member(member(region, "pages"), kinds_of_change[i]))
			{
				uint64_t address = strtoull(json_object_get_string(one), NULL, 16);

				if (!is_in_layout(files, address))
					continue;
				look_at("%s 0x%" PRIx64, files->name, address);
				assert_wanted(before, after, pid, address, kinds_of_change[i]);
			}
	}
}

/* A page that was written with what it held is the same, and an incremental dump stored it again. */
static void assert_stored_again(const struct case_files *files, struct json_object *memory, int64_t step)
{
	struct json_object *one, *page, *region, *address;

	EACH(one, member(files->truth, "step"))
	{
		if (number_of(one, "step") != step || !is_one_of("rewrite_same", text_of(one, "op")))
			continue;
		EACH(page, member(one, "pages"))
		{
			uint64_t wanted = strtoull(text_of(one, "addr"), NULL, 16) +
					  json_object_get_uint64(page) * 4096;
			bool is_found = false;

			EACH(region, memory)
				EACH(address, member(member(region, "pages"), "stored_again"))
					is_found |= strtoull(json_object_get_string(address), NULL, 16) ==
						    wanted;
			holds(is_found, "the page that was written unchanged is stored again");
		}
	}
}

/* The dumps of steps LAST - 1 and LAST. */
static void compare_step(const struct case_files *files, const char *before, const char *after, int64_t last,
			 bool is_incremental)
{
	int64_t pid = number_of(element(member(files->truth, "layout"), 0), "pid");
	struct json_object *diff, *memory;

	look_at("%s step %" PRId64, files->name, last);
	diff = run_json(1, "diff", before, after, "--format", "json", "--pages", NULL);
	hold(diff);
	memory = member(diff, "memory");
	replay_until(member(files->truth, "step"), last - 1);
	keep_earlier();
	replay_until(member(files->truth, "step"), last);
	assert_found(files, before, after, memory, pid, is_incremental);
	assert_no_more(files, before, after, memory, pid);
	if (is_incremental)
		assert_stored_again(files, memory, last);
	n_steps++;
}

/* Names of the dumps, each after a step of the workload; NULL where there is no more. */
static const char *dump_of(const struct case_files *files, size_t step)
{
	static const char *const names[][3] = { { "1", "2", "3" }, { "p1", "p2", "img" },
						{ "pre.tar", "ck.tar", NULL } };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *first = first_match(files->directory, names[i][0]);

		if (first)
			return names[i][step] ? first_match(files->directory, names[i][step]) : NULL;
	}
	return NULL;
}

/*
 * What auto-dedup punches out of the earlier dumps is no longer there: those are no record of the
 * earlier steps.
 */
static void what_was_written_differs(const struct case_files *files)
{
	if (is_refused(files) || !member(files->truth, "layout") || !member(files->truth, "step") ||
	    strstr(files->name, "dedup"))
		return;
	for (size_t step = 1; step < 3 && dump_of(files, step); step++)
		compare_step(files, dump_of(files, step - 1), dump_of(files, step), (int64_t)step,
			     !strstr(files->name, "incr-full"));
}

/* A dump against its own parent says what the two say when they are named. */
static void own_parent_is_the_one_before(const struct case_files *files)
{
	const char *where, *last;
	struct json_object *named, *found;

	if (is_refused(files) || !member(files->truth, "step") || strstr(files->name, "incr-full") ||
	    strstr(files->name, "podman"))
		return;
	look_at("%s", files->name);
	last = dump_of(files, 2);
	if (!last)
		return;
	named = hold(run_json(1, "diff", dump_of(files, 1), last, "-f", "json", "--pages", NULL));
	found = hold(run_json(1, "diff", "--parent", last, "-f", "json", "--pages", NULL));
	holds(json_same(member(named, "memory"), member(found, "memory"), &where), "the same");
	found = hold(run_json(1, "diff", files->directory, "-f", "json", "--pages", NULL));
	holds(json_same(member(named, "memory"), member(found, "memory"), &where), "the same");
}

static void enough_steps(void)
{
	enough_was_compared("checkpoints with themselves", n_themselves, 20);
	enough_was_compared("pages that were written", n_pages_compared, 80);
	enough_was_compared("steps", n_steps, 2);
}

int main(void)
{
	static const struct subject subjects[] = {
		{ "itself", same_as_itself, NULL },
		{ "what was written", what_was_written_differs, enough_steps },
		{ "its own parent", own_parent_is_the_one_before, NULL },
	};

	return run_over_cases("diff", subjects, ARRAY_SIZE(subjects));
}
