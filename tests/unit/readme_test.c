/* What the README shows of the program is what it prints, and the figures of "show" are those of the tables. */
#include "tests/support/handmade.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_WORDS = 16 };

static struct bytes next_line(struct bytes *rest)
{
	struct bytes line = bytes_first(*rest, bytes_find(*rest, '\n'));

	*rest = bytes_from(*rest, line.len + 1);
	return line;
}

/* "    $ build/coldcase show FILE": without the quotes that a shell would take away there are words alone. */
static bool take_command(struct bytes line, char *text, size_t size, const char *words[MOST_WORDS])
{
	static const char prompt[] = "    $ build/coldcase ";
	size_t n = 0;

	if (!bytes_start_with(line, bytes_of(prompt)))
		return false;
	snprintf(text, size, "%.*s", BYTES_FMT(bytes_from(line, strlen(prompt))));
	for (char *rest = text, *word; n + 1 < MOST_WORDS && (word = strsep(&rest, " ")); n++)
		words[n] = word;
	words[n] = NULL;
	return true;
}

/* A line that ends with an ellipsis is that of a terminal, which cuts. */
static bool is_as_shown(struct bytes shown, struct bytes printed)
{
	struct bytes ellipsis = BYTES("…");

	if (!bytes_end_with(shown, ellipsis))
		return bytes_equal(shown, printed);
	return bytes_start_with(printed, bytes_first(shown, shown.len - ellipsis.len));
}

/* The lines behind a command, which may be the first of more. The number of them. */
static size_t assert_prints(const char *const *words, struct bytes *rest)
{
	struct bytes printed = { 0 };
	size_t n = 0;

	for (; bytes_start_with(*rest, BYTES("    ")) && !bytes_start_with(*rest, BYTES("    $ ")); n++) {
		struct bytes shown = bytes_from(next_line(rest), 4), line;

		if (n == 0)
			printed = run_words(words).out;
		line = next_line(&printed);
		if (!is_as_shown(shown, line))
			fail_msg("README shows of %s:\n%.*s\nand it prints:\n%.*s", words[0], BYTES_FMT(shown),
				 BYTES_FMT(line));
	}
	return n;
}

static void it_prints_what_is_shown(void **state)
{
	struct bytes rest = read_file("README.md");
	const char *words[MOST_WORDS];
	size_t n_shown = 0;
	char text[1024];

	(void)state;
	while (rest.len)
		if (take_command(next_line(&rest), text, sizeof(text), words))
			n_shown += assert_prints(words, &rest) > 0;
	assert_true(n_shown >= 3);
}

/* --- figures ------------------------------------------------------------------------------------------------ */

static uint64_t number_in(struct json_object *rows, const char *key)
{
	return json_object_get_uint64(json_object_object_get(rows, key));
}

/* What SQL counts in the tables, under the names that "show" has for it. */
static const char counting[] =
	"SELECT (SELECT count(*) FROM process) AS processes, (SELECT count(*) FROM thread) AS threads, "
	"(SELECT count(*) FROM fd) AS fds, (SELECT count(*) FROM socket) AS sockets, (SELECT count(*) FROM vma) AS vmas, "
	"(SELECT sum(pages_present) FROM process) AS pages, "
	"(SELECT count(*) FROM file WHERE deleted) AS deleted, "
	"(SELECT count(*) FROM process WHERE state = 'zombie') AS zombies, "
	"(SELECT count(*) FROM process WHERE state = 'stopped') AS stopped";

/* ", 3 zombies": only where there are some. */
static void assert_line_says(struct bytes screen, uint64_t n, const char *one, const char *several)
{
	char words[64];

	snprintf(words, sizeof(words), ", %llu %s", (unsigned long long)n, n == 1 ? one : several);
	if ((strstr((const char *)screen.data, words) != NULL) != (n > 0))
		fail_msg("\"%s\" in: %s", words, (const char *)screen.data);
}

static void its_figures_are_those_of_the_tables(void **state)
{
	static const char *const same[] = { "processes", "threads", "fds", "sockets", "vmas", "pages" };
	uint64_t n_zombies = 0, n_stopped = 0, n_seen = 0;

	(void)state;
	for (const char *const *name = sample_cases(); *name; name++) {
		const char *path = sample_case(*name);
		struct outcome counted = run("query", path, counting, "-f", "json", "-q", NULL);
		struct bytes screen = run("show", path, "-q", NULL).out;
		struct json_object *figures = json_parse(run("show", path, "-q", "-f", "json", NULL).out);
		struct json_object *rows = json_parse(counted.out), *row;

		if (json_object_is_type(figures, json_type_array)) { /* of several a row each */
			json_object_put(figures);
			json_object_put(rows);
			continue;
		}
		n_seen++;
		if (!rows || !figures)
			fail_msg("%s: %.500s", *name, (const char *)counted.err.data);
		row = json_object_array_get_idx(rows, 0);
		for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
			if (number_in(row, same[i]) != number_in(figures, same[i]))
				fail_msg("%s: %s", *name, same[i]);
		assert_line_says(screen, number_in(row, "zombies"), "zombie", "zombies");
		assert_line_says(screen, number_in(row, "stopped"), "stopped", "stopped");
		assert_line_says(screen, number_in(row, "deleted"), "deleted", "deleted");
		n_zombies += number_in(row, "zombies");
		n_stopped += number_in(row, "stopped");
		json_object_put(rows);
		json_object_put(figures);
	}
	assert_true(n_seen > 20 && n_zombies > 0 && n_stopped > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_prints_what_is_shown),
		cmocka_unit_test(its_figures_are_those_of_the_tables),
	};

	return run_all(tests);
}
