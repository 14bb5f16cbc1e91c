/*
 * mem, search and strings, on memory that the test makes: pages here, in ancestors, never written, left to a page
 * server; across the borders of pages, runs, mappings and of the blocks that are searched. What must come out is
 * what a loop over the same bytes finds.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "decoders/base/size.h"
#include "tests/support/handmade.h"

#ifndef PAGE_BYTES /* search_64k_test.c has larger ones */
#define PAGE_BYTES 4096
#endif

enum {
	PAGE = PAGE_BYTES,
	N_PAGES = PAGE > 4096 ? 300 : 1200, /* more than four blocks */
	BORDER = 100,  /* a mapping ends there, and the next begins */
	BEHIND = 280,  /* a page in another block than the first */
	GAP_PAGES = 3, /* nothing is mapped in front of the last LAST pages */
	LAST = 20,
	GENERATIONS = 3,
	PID = 7,
};
static const uint64_t BASE = 0x10000000;

/* Where a page is: in generation N, or: */
enum place { ZERO = 100, LAZY };

static uint8_t memory[N_PAGES][PAGE];
static unsigned places[N_PAGES];
static size_t offsets[N_PAGES]; /* in the pages file */
static const char *checkpoint;
static uint64_t seed;

static unsigned random_below(unsigned n)
{
	return (unsigned)(next_random(&seed) >> 32) % n;
}

/* Valid until some more are made. */
__attribute__((format(printf, 1, 2))) static const char *text(const char *format, ...)
{
	static char made[16][100];
	static unsigned n;
	char *next = made[n++ % 16];
	va_list args;

	va_start(args, format);
	vsnprintf(next, sizeof(made[0]), format, args);
	va_end(args);
	return next;
}

static uint64_t address_of(size_t page)
{
	return BASE + (page + (page >= N_PAGES - LAST ? GAP_PAGES : 0)) * PAGE;
}

static bool is_present(size_t page)
{
	return places[page] <= GENERATIONS;
}

/* --- making it ------------------------------------------------------------------------------------------ */

/* Stretches of one place, a few of them longer than a block. */
static void choose_places(void)
{
	for (size_t page = 0; page < N_PAGES;) {
		unsigned dice = random_below(20), n = 1 + random_below(random_below(4) ? 4 : 360);
		unsigned place = dice == 0 ? (unsigned)ZERO : dice == 1 ? (unsigned)LAZY
								       : 1 + random_below(GENERATIONS);

		for (; n && page < N_PAGES; n--)
			places[page++] = place;
	}
	places[10] = LAZY;
	places[11] = ZERO;
}

static void fill_memory(void)
{
	static const char letters[] = "abcdefgh \n\t\0\0\x80";
	static const char *const words[] = { "needle", "NeeDle", "marker-1234", "n\0e\0e\0d\0l\0e\0" };
	static const size_t lengths[] = { 6, 6, 11, 12 };
	uint8_t *all = &memory[0][0];

	for (size_t i = 0; i < sizeof(memory); i++)
		all[i] = (uint8_t)letters[random_below(sizeof(letters) - 1)];
	for (size_t i = 0; i < 600; i++) {
		size_t word = random_below(4), page = 1 + random_below(N_PAGES - 1);
		size_t at = i % 2 ? page * PAGE - random_below(12) : random_below(sizeof(memory) - 16);

		if (at + lengths[word] <= sizeof(memory))
			memcpy(all + at, words[word], lengths[word]);
	}
	for (size_t page = 0; page < N_PAGES; page++)
		if (!is_present(page))
			memset(memory[page], 0, PAGE);
}

/* The flags of a page in the page map of a generation; 0: it has no entry. */
static unsigned flags_in(size_t page, unsigned generation)
{
	if (places[page] == LAZY)
		return generation == GENERATIONS ? 2 : 0;
	if (places[page] == ZERO)
		return 0;
	if (places[page] == generation)
		return 4;
	return places[page] < generation ? 1 : 0;
}

static void write_generation(const char *directory, unsigned generation)
{
	struct out image, payload, pages;

	out_init(&image, -1);
	out_init(&payload, -1);
	out_init(&pages, -1);
	put_magic(&image, MAGIC_PAGEMAP);
	put_number(&payload, 1, 1);
	put_entry(&image, &payload);
	for (size_t page = 0, n; page < N_PAGES; page += n) {
		unsigned flags = flags_in(page, generation);

		n = 1;
		if (!flags)
			continue;
		while (page + n < N_PAGES && flags_in(page + n, generation) == flags && n < 50 &&
		       address_of(page + n) == address_of(page) + n * PAGE)
			n++;
		put_number(&payload, 1, address_of(page));
		put_number(&payload, 2, 0);
		put_number(&payload, 4, flags);
		put_number(&payload, 5, n);
		put_entry(&image, &payload);
		for (size_t i = page; flags == 4 && i < page + n; i++) {
			offsets[i] = pages.len;
			out_write(&pages, memory[i], PAGE);
		}
	}
	write_image(directory, "pagemap-7.img", &image);
	write_image(directory, "pages-1.img", &pages);
	write_inventory(directory);
	if (generation > 1)
		assert_int_equal(symlink(generation == 2 ? "../1" : "../2",
					 scratch_path("%s/parent", directory)),
				 0);
	out_deinit(&image);
	out_deinit(&payload);
	out_deinit(&pages);
}

static void write_task(const char *directory)
{
	struct out image, mm;

	out_init(&image, -1);
	out_init(&mm, -1);
	put_magic(&image, MAGIC_PSTREE);
	put_pstree(&image, PID, 0);
	write_image(directory, "pstree.img", &image);
	write_core(directory, PID, BYTES("made"));
	put_mm(&mm, 0x1000, 0x1000);
	put_vma(&mm, address_of(0), address_of(BORDER));
	put_vma(&mm, address_of(BORDER), address_of(N_PAGES - LAST - 1) + PAGE);
	put_vma(&mm, address_of(N_PAGES - LAST), address_of(N_PAGES - 1) + PAGE);
	write_mm(directory, PID, &mm);
	out_deinit(&image);
	out_deinit(&mm);
}

static void make_checkpoint(uint32_t number)
{
	seed = number;
	choose_places();
	fill_memory();
	for (unsigned generation = 1; generation <= GENERATIONS; generation++)
		write_generation(text("%u/%u", number, generation), generation);
	write_task(text("%u/%u", number, GENERATIONS));
	checkpoint = scratch_path("%u", number);
}

/* --- searching --------------------------------------------------------------------------------------------- */

struct hits {
	struct {
		uint64_t address;
		size_t len;
	} items[20000];
	size_t n;
};

static struct hits wanted;

static pcre2_code *compile(const char *regex, bool ignore_case)
{
	size_t offset;
	int number;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)regex, PCRE2_ZERO_TERMINATED,
					 PCRE2_MULTILINE | (ignore_case ? PCRE2_CASELESS : 0), &number,
					 &offset, NULL);

	assert_non_null(code);
	return code;
}

/* All matches in pages [FIRST, END), which lie one behind the other and are there. */
static void find_in(pcre2_code *code, size_t first, size_t end)
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	const size_t *place = pcre2_get_ovector_pointer(data);
	size_t from = 0;

	while (pcre2_match(code, memory[first], (end - first) * PAGE, from, PCRE2_NOTEMPTY, data, NULL) >= 0) {
		assert_true(wanted.n < sizeof(wanted.items) / sizeof(wanted.items[0]));
		wanted.items[wanted.n].address = address_of(first) + place[0];
		wanted.items[wanted.n++].len = place[1] - place[0];
		from = place[1];
	}
	pcre2_match_data_free(data);
}

static void find_wanted(const char *regex, bool ignore_case)
{
	pcre2_code *code = compile(regex, ignore_case);

	wanted.n = 0;
	for (size_t page = 0, end; page < N_PAGES; page = end) {
		end = page + 1;
		if (!is_present(page))
			continue;
		while (end < N_PAGES && is_present(end) && address_of(end) == address_of(end - 1) + PAGE)
			end++;
		find_in(code, page, end);
	}
	pcre2_code_free(code);
}

/* A line of JSON: the hit that is due, stored where the page is. */
static void assert_hit(struct json_object *row, size_t index)
{
	uint64_t address = strtoull(json_object_get_string(json_object_object_get(row, "addr")), NULL, 16);
	size_t page = (size_t)((address - BASE) / PAGE);

	assert_true(index < wanted.n);
	if (address != wanted.items[index].address)
		fail_msg("hit %zu at 0x%" PRIx64 ", not 0x%" PRIx64, index, wanted.items[index].address, address);
	assert_int_equal(json_object_get_int64(json_object_object_get(row, "len")), wanted.items[index].len);
	if (page >= N_PAGES - LAST)
		page -= GAP_PAGES;
	assert_int_equal(json_object_get_int(json_object_object_get(row, "ancestor")),
			 GENERATIONS - places[page]);
	assert_int_equal(json_object_get_int64(json_object_object_get(row, "offset")),
			 offsets[page] + address % PAGE);
	assert_int_equal(strtoull(json_object_get_string(json_object_object_get(row, "vma_start")), NULL, 16),
			 page < BORDER		 ? address_of(0)
			 : page < N_PAGES - LAST ? address_of(BORDER)
						 : address_of(N_PAGES - LAST));
}

static void assert_search(const char *pattern, const char *option, const char *regex, bool ignore_case,
			  const char *threads)
{
	struct outcome outcome = run("search", checkpoint, "-f", "jsonl", "-j", threads, option,
				     ignore_case ? "-i" : "-q", "--", pattern, NULL);
	struct bytes rest = outcome.out;
	size_t n = 0;

	find_wanted(regex, ignore_case);
	assert_int_equal(outcome.status, wanted.n ? 0 : 1);
	for (; rest.len; n++) {
		struct bytes line = bytes_first(rest, bytes_find(rest, '\n'));
		struct json_object *row = json_parse(line);

		assert_non_null(row);
		assert_hit(row, n);
		json_object_put(row);
		rest = bytes_from(rest, line.len + 1);
	}
	if (n != wanted.n)
		fail_msg("%s: %zu hits, not %zu", pattern, n, wanted.n);
}

static void search_finds_what_a_loop_finds(void **state)
{
	static const struct {
		const char *pattern, *option, *regex;
		bool ignore_case;
	} rows[] = {
		{ "needle", "-q", "needle", false },
		{ "needle", "-q", "needle", true },
		{ "6e 65 65 ?4 ??", "--hex", "nee[\\x04\\x14\\x24\\x34\\x44\\x54\\x64\\x74\\x84\\x94\\xa4\\xb4\\xc4"
					     "\\xd4\\xe4\\xf4][\\x00-\\xff]", false },
		{ "needle", "--utf16", "n\\x00e\\x00e\\x00d\\x00l\\x00e\\x00", false },
		{ "marker-[0-9]+", "--regex", "marker-[0-9]+", false },
		{ "[a-h]*(needle|marker-\\d)[a-h]*", "--regex", "[a-h]*(needle|marker-\\d)[a-h]*", true },
		{ "^[a-h]{7,}$", "--regex", "^[a-h]{7,}$", false },
		{ "(?<=c)[^\\x00]{300,}?d", "--regex", "(?<=c)[^\\x00]{300,}?d", false },
		{ "not there", "-q", "not there", false },
	};

	(void)state;
	for (uint32_t number = 1; number <= 3; number++) {
		make_checkpoint(number);
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			assert_search(rows[i].pattern, rows[i].option, rows[i].regex, rows[i].ignore_case,
				      (i + number) % 2 ? "1" : "4");
	}
}

static void count_and_max_are_of_the_same_hits(void **state)
{
	struct outcome outcome;

	(void)state;
	find_wanted("needle", false);
	assert_true(wanted.n > 10);
	outcome = run("search", checkpoint, "--count", "needle", NULL);
	assert_non_null(strstr((const char *)outcome.out.data, text("%zu  in all", wanted.n)));
	outcome = run("search", checkpoint, "--max", "3", "-f", "csv", "-j", "3", "needle", NULL);
	assert_int_equal(outcome.status, 0);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(strstr((const char *)outcome.out.data,
					text("%" PRIx64 ",", wanted.items[i].address)) != NULL,
				 i < 3);
}

/* --- mem ----------------------------------------------------------------------------------------------------- */

static const char *state_of(size_t page)
{
	return is_present(page) ? "present" : places[page] == ZERO ? "zero" : "lazy";
}

static void every_byte_comes_with_its_state(void **state)
{
	struct outcome outcome = run("mem", checkpoint, "-f", "jsonl",
				     text("%" PRIx64 "-%" PRIx64, BASE, address_of(N_PAGES - 1) + PAGE),
				     NULL);
	struct bytes rest = outcome.out;
	uint64_t at = BASE;

	(void)state;
	assert_int_equal(outcome.status, 0);
	while (rest.len) {
		struct bytes line = bytes_first(rest, bytes_find(rest, '\n'));
		struct json_object *row = json_parse(line), *value;
		size_t page = (size_t)((at - BASE) / PAGE);
		const char *wanted_state = "unmapped";

		if (page >= N_PAGES - LAST)
			page = page >= N_PAGES - LAST + GAP_PAGES ? page - GAP_PAGES : N_PAGES;
		if (page < N_PAGES)
			wanted_state = state_of(page);
		json_object_object_get_ex(row, "addr", &value);
		assert_int_equal(strtoull(json_object_get_string(value), NULL, 16), at);
		json_object_object_get_ex(row, "state", &value);
		assert_string_equal(json_object_get_string(value), wanted_state);
		if (json_object_object_get_ex(row, "hex", &value) && value) {
			char digits[3];

			snprintf(digits, sizeof(digits), "%02x", memory[page][0]);
			assert_memory_equal(json_object_get_string(value), digits, 2);
			json_object_object_get_ex(row, "offset", &value);
			assert_int_equal(json_object_get_int64(value), offsets[page]);
		}
		json_object_object_get_ex(row, "len", &value);
		at += (uint64_t)json_object_get_int64(value);
		json_object_put(row);
		rest = bytes_from(rest, line.len + 1);
	}
	assert_int_equal(at, address_of(N_PAGES - 1) + PAGE);
}

static void raw_bytes_are_those_and_no_others(void **state)
{
	size_t len = (size_t)(N_PAGES - LAST) * PAGE - 300;
	const char *range = text("%" PRIx64 ":%zu", BASE + 100, len);
	struct outcome outcome;

	(void)state;
	outcome = run("mem", checkpoint, "--raw", range, "-p", "7", NULL);
	assert_int_equal(outcome.status, 3);
	assert_int_equal(outcome.out.len, 0);
	assert_non_null(strstr((const char *)outcome.err.data, "--fill"));
	outcome = run("mem", checkpoint, "--raw", range, "--fill", NULL);
	assert_int_equal(outcome.status, 0);
	assert_int_equal(outcome.out.len, len);
	assert_memory_equal(outcome.out.data, &memory[0][0] + 100, len);
	assert_non_null(strstr((const char *)outcome.err.data, "zeroes are in their place"));
}

static void what_is_no_address_is_told(void **state)
{
	static const struct {
		const char *range;
		int status;
	} rows[] = {
		{ "xyz", 2 },		{ "10000000-10000000", 2 }, { "10001000-10000000", 2 },
		{ "10000000:0", 2 },	{ "10000000:-5", 2 },	    { "ffffffffffffffff:2", 2 },
		{ "1ffffffffffffffff", 2 }, { "10000000:1Q", 2 },   { "500:10", 3 },
		{ "0x10000000", 0 },	{ "10000000:0x10", 0 },	    { "fff0-10000010", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct outcome outcome = run("mem", checkpoint, rows[i].range, NULL);

		if (outcome.status != rows[i].status)
			fail_msg("%s: status %d: %s", rows[i].range, outcome.status,
				 (const char *)outcome.err.data);
	}
}

/* --- strings --------------------------------------------------------------------------------------------------- */

static void strings_are_what_a_loop_finds(void **state)
{
	struct outcome outcome = run("strings", checkpoint, "-n", "18", "-f", "jsonl", NULL);
	struct bytes rest = outcome.out;
	size_t n = 0;

	(void)state;
	find_wanted("[\\x20-\\x7e\\t]{18,}", false);
	assert_true(wanted.n > 10);
	assert_int_equal(outcome.status, 0);
	for (; rest.len; n++) {
		struct bytes line = bytes_first(rest, bytes_find(rest, '\n'));
		struct json_object *row = json_parse(line);

		assert_hit(row, n);
		json_object_put(row);
		rest = bytes_from(rest, line.len + 1);
	}
	assert_int_equal(n, wanted.n);
}

/* --- limits ------------------------------------------------------------------------------------------------------ */

/* A run of one letter that is longer than a match may be, and behind it something to be found. */
static void limits_are_told_and_the_search_goes_on(void **state)
{
	struct outcome outcome;

	(void)state;
	seed = 9;
	for (size_t page = 0; page < N_PAGES; page++)
		places[page] = GENERATIONS;
	memset(memory, 0, sizeof(memory));
	memset(memory[2], 'a', 20 * PAGE);
	memcpy(memory[BEHIND], "needle", 6);
	for (unsigned generation = 1; generation <= GENERATIONS; generation++)
		write_generation(text("limits/%u", generation), generation);
	write_task(text("limits/%u", GENERATIONS));
	checkpoint = scratch_path("limits");

	outcome = run("search", checkpoint, "--regex", "a+|needle", "-f", "csv", NULL);
	assert_int_equal(outcome.status, 4);
	assert_non_null(strstr((const char *)outcome.err.data, text("0x%zx", (size_t)address_of(2))));
	assert_non_null(strstr((const char *)outcome.out.data, text("0x%zx", (size_t)address_of(BEHIND))));

	outcome = run("search", checkpoint, "--regex", "(a|aa|b)+c|(?=needl)needle", "-f", "csv", NULL);
	assert_int_equal(outcome.status, 4);
	assert_non_null(strstr((const char *)outcome.err.data, text("at 0x%zx of process 7", (size_t)address_of(2))));
	assert_non_null(strstr((const char *)outcome.out.data, text("0x%zx", (size_t)address_of(BEHIND))));
}

/*
 * The pages file ends early: what is in front of that is searched, and it is told. Cut within a page it does not say
 * any more how large pages are, and then those of x86_64, as which the core is made, have 4 KiB.
 */
#if PAGE_BYTES == 4096
static void a_pages_file_that_is_too_short_is_told(void **state)
{
	struct outcome outcome;

	(void)state;
	assert_int_equal(truncate(scratch_path("limits/3/pages-1.img"), (BEHIND + 1) * PAGE + 100), 0);
	outcome = run("search", checkpoint, "needle", NULL);
	assert_int_equal(outcome.status, 4);
	assert_non_null(strstr((const char *)outcome.out.data, text("%zx", (size_t)address_of(BEHIND))));
	assert_non_null(strstr((const char *)outcome.err.data, "ends early"));
	outcome = run("mem", checkpoint, text("%zx:8192", (size_t)address_of(BEHIND + 1)), NULL);
	assert_int_equal(outcome.status, 4);
	assert_non_null(strstr((const char *)outcome.out.data, "missing"));
	outcome = run("search", checkpoint, "not there", NULL);
	assert_int_equal(outcome.status, 4);
}
#endif

/* A compressed archive is inflated in --spool-dir, else in TMPDIR; where there is no place for it, it says so. */
static void a_place_to_inflate_in_is_chosen(void **state)
{
	const char *samples = getenv("SAMPLES"), *good = scratch_path("1");
	struct outcome outcome;
	char archive[4096];

	(void)state;
	snprintf(archive, sizeof(archive), "%s/podman.tar.zst", samples ? samples : "samples");
	outcome = run("search", archive, "SHARED-ANON-PAGE-0", "--spool-dir", "/no/such", NULL);
	assert_int_equal(outcome.status, 2);
	assert_non_null(strstr((const char *)outcome.err.data, "/no/such: cannot make a temporary file there"));
	assert_int_equal(setenv("TMPDIR", "/no/such", 1), 0);
	outcome = run("search", archive, "SHARED-ANON-PAGE-0", NULL);
	assert_int_equal(outcome.status, 3);
	assert_non_null(strstr((const char *)outcome.err.data, "--spool-dir"));
	assert_int_equal(run("search", archive, "SHARED-ANON-PAGE-0", "--spool-dir", good, NULL).status, 0);
	assert_int_equal(setenv("TMPDIR", good, 1), 0);
	assert_int_equal(run("search", archive, "SHARED-ANON-PAGE-0", NULL).status, 0);
	unsetenv("TMPDIR");
}

static struct outcome search_with_room(const char *archive, rlim_t bytes)
{
	struct rlimit limit;
	struct outcome outcome;
	rlim_t before;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	before = limit.rlim_cur;
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	outcome = run("search", archive, "SHARED-ANON-PAGE-0", NULL);
	limit.rlim_cur = before;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	return outcome;
}

/* Where there is no room for all of it the archive is whole all the same: nothing says that it is cut. */
static void no_room_to_inflate_in_is_no_damage(void **state)
{
	static const rlim_t room[] = { 400, 600, 4096, 45056, 45056 + 300, 200000 };
	const char *samples = getenv("SAMPLES"), *err;
	char archive[4096];

	(void)state;
	snprintf(archive, sizeof(archive), "%s/podman.tar.zst", samples ? samples : "samples");
	for (size_t i = 0; i < ARRAY_SIZE(room); i++) {
		struct outcome outcome = search_with_room(archive, room[i]);

		err = (const char *)outcome.err.data;
		assert_int_equal(outcome.status, 4);
		assert_non_null(strstr(err, "cannot be inflated into a temporary file: File too large"));
		if (strstr(err, "archive ends") || strstr(err, "end marker") || strstr(err, "runcated"))
			fail_msg("%llu bytes: %s", (unsigned long long)room[i], err);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(search_finds_what_a_loop_finds),
		cmocka_unit_test(count_and_max_are_of_the_same_hits),
		cmocka_unit_test(every_byte_comes_with_its_state),
		cmocka_unit_test(raw_bytes_are_those_and_no_others),
		cmocka_unit_test(what_is_no_address_is_told),
		cmocka_unit_test(strings_are_what_a_loop_finds),
		cmocka_unit_test(limits_are_told_and_the_search_goes_on),
		cmocka_unit_test(a_place_to_inflate_in_is_chosen),
		cmocka_unit_test(no_room_to_inflate_in_is_no_damage),
#if PAGE_BYTES == 4096
		cmocka_unit_test(a_pages_file_that_is_too_short_is_told),
#endif
	};

	return run_all(tests);
}
