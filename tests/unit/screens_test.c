/* What the screens look like: scripts played, held against files that were looked at. */
#include "tests/support/screens.h"

#include <stdlib.h>

#include "decoders/base/escape.h"

static const char *const sample = "samples/podman.tar.zst";

/* The script with each "save" turned into WORD. */
static const char *script_with(const char *word)
{
	const char *path = scratch_path("%s.script", word);
	struct bytes script = read_file("tests/tui/screens.script");
	char *text = malloc(script.len * 2 + 1), *out = text;

	assert_non_null(text);
	while (script.len) {
		struct bytes line = next_line(&script);

		if (bytes_start_with(line, BYTES("save"))) {
			out += sprintf(out, "%s", word);
			line = bytes_from(line, 4);
		}
		out += sprintf(out, "%.*s\n", BYTES_FMT(line));
	}
	write_file(path, text, (size_t)(out - text));
	free(text);
	return path;
}

static void screens_of_80_columns(void **state)
{
	(void)state;
	assert_golden("screens", "80x24");
}

static void screens_of_120_columns(void **state)
{
	(void)state;
	assert_golden("screens", "120x40");
}

static void screens_of_200_columns(void **state)
{
	(void)state;
	assert_golden("screens", "200x60");
}

static void screens_of_ascii(void **state)
{
	(void)state;
	assert_golden_of_ascii("screens");
}

static void the_mouse_points(void **state)
{
	(void)state;
	assert_same(played("tests/tui/mouse.script", "--size", "80x24"), "tests/tui/mouse.txt");
}

static void cells_look_as_they_should(void **state)
{
	(void)state;
	assert_same(played("tests/tui/looks.script", "--size", "80x24"), "tests/tui/looks.txt");
}

/* docs/screens has the pictures that are drawn today. */
static void pictures_are_current(void **state)
{
	static const char *const names[] = { "memory", "findings", "descriptors" };
	char command[1024];

	(void)state;
	snprintf(command, sizeof(command), "docs/screens/make '%s' '%s'", getenv("COLDCASE"), scratch_path("%s", ""));
	assert_int_equal(system(command), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		char path[64];

		snprintf(path, sizeof(path), "docs/screens/%s.svg", names[i]);
		assert_same(read_file(scratch_path("%s.svg", names[i])), path);
		assert_in_range(read_file(path).len, 2000, 60000);
	}
}

/* No line is wider than the screen, and no screen higher. */
static void screens_fit(void **state)
{
	static const struct {
		const char *text;
		size_t columns, rows;
	} sizes[] = { { "80x24", 80, 24 }, { "31x7", 31, 7 }, { "20x5", 20, 5 }, { "3x2", 3, 2 } };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct bytes rest = played("tests/tui/screens.script", "--size", sizes[i].text);
		size_t rows = sizes[i].rows;

		while (rest.len) {
			struct bytes line = next_line(&rest);

			if (bytes_start_with(line, BYTES("== "))) {
				assert_true(rows == sizes[i].rows || rows == 5 || rows == 1);
				rows = 0;
				continue;
			}
			assert_in_range(text_width(line), 0, sizes[i].columns < 20 ? 20 : sizes[i].columns);
			rows++;
		}
	}
}

/* Nothing is said by a colour alone: the row that is selected begins with a sign, what is bad has its word. */
static void looks_have_signs(void **state)
{
	struct bytes looks = played(script_with("looks"), "--size", "80x24");
	struct bytes text = played("tests/tui/screens.script", "--size", "80x24");
	size_t selected = 0;

	(void)state;
	while (looks.len && text.len) {
		struct bytes look = next_line(&looks), line = next_line(&text);

		if (look.len > 2 && look.data[0] == 'S' && look.data[look.len - 1] == 'S') {
			assert_int_equal(line.data[0], '>');
			selected++;
		}
	}
	assert_in_range(selected, 20, 60);
}

/* The rows are those that list prints, and secrets stay masked until they are asked for. */
static void rows_are_those_of_list(void **state)
{
	static const char script[] = "size 300x200\ntype :fd\nkeys Enter\nsave\n";
	struct bytes screen, line, rest;
	size_t n = 0;

	(void)state;
	write_file(scratch_path("fd.script"), script, strlen(script));
	screen = played(scratch_path("fd.script"), "--size", "300x200");
	rest = run("list", "fd", sample, "-f", "csv", "-c", "pid,fd,path", NULL).out;
	rest = bytes_from(rest, bytes_find(rest, '\n') + 1);
	while (rest.len) {
		char pid[16], fd[16], path[256];

		line = next_line(&rest);
		assert_int_equal(sscanf((const char *)line.data, "%15[^,],%15[^,],%255[^\r\n]", pid, fd, path), 3);
		assert_non_null(memmem(screen.data, screen.len, path, strlen(path)));
		n++;
	}
	assert_int_equal(n, 92);
}

/* The first bytes of the stack's last page, as the screen has them and as mem prints them. */
static void memory_is_that_of_mem(void **state)
{
	static const char script[] = "keys p m\ntype :go\nkeys Esc Enter\ntype :goto 7ffe835c0f00\nkeys Enter\nsave\n";
	struct bytes raw, screen;
	char line[256], *out = line;

	(void)state;
	write_file(scratch_path("memory.script"), script, strlen(script));
	screen = played(scratch_path("memory.script"), "--size", "80x24");
	raw = run("mem", sample, "--raw", "-p", "1", "7ffe835c0f00:16", NULL).out;
	assert_int_equal(raw.len, 16);
	out += sprintf(out, ">7ffe835c0f00");
	for (size_t i = 0; i < raw.len; i++)
		out += sprintf(out, "%s%02x", i == 8 ? "  " : " ", raw.data[i]);
	assert_non_null(memmem(screen.data, screen.len, line, strlen(line)));
}

/* The command that is told for the screen, as a shell runs it. */
static struct bytes output_of_command(struct bytes screen, const char *beginning)
{
	const char *found = strstr((const char *)screen.data, beginning), *path = scratch_path("printed");
	char command[2048];

	if (!found)
		fail_msg("\"%s\" is not on the screen:\n%.*s", beginning, BYTES_FMT(screen));
	found += strlen("coldcase ");
	snprintf(command, sizeof(command), "'%s' %.*s >'%s'", getenv("COLDCASE"), (int)strcspn(found, "\n"), found, path);
	if (system(command) != 0) // NOLINT(cert-env33-c): the words are ours
		fail_msg("%s failed", command);
	return read_file(path);
}

/* One row, of tables whose rows have an id, a key of several columns, or of texts. */
static void a_row_has_a_command_of_its_own(void **state)
{
	static const char *const tables[] = { "fd", "socket", "env", "mount", "rlimit", "file", "sysctl", "thread", "rootfs" };
	char keys[64], beginning[64];

	(void)state;
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		struct bytes out;

		snprintf(keys, sizeof(keys), "type :%s\nkeys Enter j j v c\nsave\n", tables[i]);
		snprintf(beginning, sizeof(beginning), "coldcase list %s --provenance --where", tables[i]);
		out = output_of_command(screen_after(keys), beginning);
		(void)next_line(&out);
		(void)next_line(&out);
		if (out.len)
			fail_msg("%s: more than one row:\n%.*s", tables[i], BYTES_FMT(out));
	}
}

/* A filter is one over what is shown, which grep has. */
static void a_list_that_is_filtered_has_the_command_for_it(void **state)
{
	struct bytes out = output_of_command(screen_after("type :sockets\nkeys Enter\ntype \\unix\nkeys Enter c\nsave\n"),
					     "coldcase list socket");
	size_t n;

	(void)state;
	assert_true(bytes_start_with(out, BYTES("  9  unix ")));
	for (n = 0; out.len; n++)
		(void)next_line(&out);
	assert_int_equal(n, 15);
	out = output_of_command(screen_after("type :files\nkeys Enter\ntype \\!'x\nkeys Enter c\nsave\n"), "coldcase list file");
	assert_true(out.len > 0);
}

/* The first member is a directory: there are no bytes to look at, and what it is is told. */
static void a_directory_opens_as_its_row(void **state)
{
	struct bytes screen = screen_after("keys Enter\nsave member\n");

	(void)state;
	assert_says(screen, "kind                directory");
}

/* A key that goes to the screen that is there opens no second one, of which Esc had to close each. */
static void a_screen_is_not_opened_upon_itself(void **state)
{
	static const struct {
		const char *go, *way;
	} all[] = {
		{ "keys p p p", "processes" }, { "keys T T", "tables" },	    { "keys L L", "log" },
		{ "keys i i", "check" },       { "keys P P", "problems" },	    { "keys ? ?", "help" },
		{ "keys m m m", "maps of 1" }, { "type :fd\nkeys Enter\ntype :fds\nkeys Enter", "fds" },
		{ "keys p T p", "processes \u203a tables \u203a processes" },
		{ "keys p j m m", "processes \u203a maps of 9" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		char script[128], way[128];

		snprintf(script, sizeof(script), "%s\nsave\n", all[i].go);
		snprintf(way, sizeof(way), "== \n coldcase podman.tar.zst \u203a %s\n", all[i].way);
		assert_says(screen_after(script), way);
	}
}

/* There are no mappings to choose from: its pages are shown, and the overview says what it is. */
static void memory_of_a_predump_is_its_pages(void **state)
{
	char path[4096];
	struct bytes screen;

	(void)state;
	snprintf(path, sizeof(path), "%s/1", sample_case("predump-read-criu4.1.1"));
	shown[0] = path;
	screen = screen_after("save overview\nkeys p\nsave ps\nkeys m\nsave memory\n");
	shown[0] = sample;
	assert_says(screen, "INCOMPLETE: a pre-dump, memory and nothing else  2 processes");
	assert_says(screen, "\n> 12230     -    -    -    -  ");
	assert_says(screen, "memory of 12230\n");
	assert_says(screen, "pages; their mapping is not known\n>");
}

/* They are no cells of a table, whose secrets are known: as search, mem and the bytes themselves show them, so does a hit. */
static void bytes_of_hits_are_not_masked(void **state)
{
	struct bytes found = run("search", sample, "RUN_ENV=", NULL).out;

	(void)state;
	assert_says(found, "RUN_ENV=run-env-secret");
	assert_says(screen_after("type :find RUN_ENV=\nkeys Enter\nsave\n"), "RUN_ENV=run-env-secret");
}

static void wrong_scripts_are_told(void **state)
{
	static const char *const scripts[][2] = {
		{ "save\nkeys Nokey\n", "line 2" },
		{ "size 80\n", "COLUMNSxROWS" },
		{ "jump\n", "jump" },
		{ "mouse 5\n", "COLUMN ROW" },
		{ "mouse 5 5 wheel\n", "wheel-up" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++) {
		const char *path = scratch_path("wrong.script");
		struct outcome outcome;

		write_file(path, scripts[i][0], strlen(scripts[i][0]));
		outcome = run("tui", "--script", path, sample, NULL);
		assert_int_equal(outcome.status, 2);
		assert_non_null(strstr((const char *)outcome.err.data, scripts[i][1]));
	}
	assert_int_equal(run("tui", sample, NULL).status, 2); /* no terminal */
}

/* Files go into the directory that was named, by the name that was typed, and nowhere else. */
static void rows_are_written(void **state)
{
	static const char script[] = "type :fd\nkeys Enter\ntype w\ntype fd.csv\nkeys Enter\nsave said.txt\n"
				     "type w\ntype ../evil.csv\nkeys Enter\nsave refused.txt\n";
	const char *directory = scratch_path("written"), *file = scratch_path("w.script");
	struct outcome outcome;
	struct bytes csv;

	(void)state;
	write_file(file, script, strlen(script));
	outcome = run("tui", "--script", file, "-o", directory, sample, NULL);
	assert_int_equal(outcome.status, 0);
	csv = read_file(scratch_path("written/fd.csv"));
	assert_true(bytes_start_with(csv, BYTES("pid,fd,")));
	assert_non_null(strstr((const char *)read_file(scratch_path("written/said.txt")).data, "92 rows in"));
	assert_non_null(strstr((const char *)read_file(scratch_path("written/refused.txt")).data, "a name of"));
	/* Without a directory nothing is written, and no name is asked for. */
	assert_says(screen_after("type :fd\nkeys Enter w\nsave\n"), " start with -o DIR: ");
	assert_says(screen_after("type :fd\nkeys Enter\ntype :w fd.csv\nkeys Enter\nsave\n"), " start with -o DIR: ");
}

/* Findings and the rows of a SELECT are filtered and sorted as tables are. */
static void results_are_arranged(void **state)
{
	struct bytes screen;

	(void)state;
	screen = screen_after("keys i\ntype \\tcp-\nkeys Enter\nsave\n");
	assert_says(screen, "> note      tcp-established-internal ");
	assert_says(screen, "1 of 2 (15 in all)  filter tcp-\n");
	screen = screen_after("keys i\ntype :sort rule\nkeys Enter G\nsave\n");
	assert_says(screen, "> warning   vma-anonymous-executable ");
	screen = screen_after("keys i\ntype :sort -severity\nkeys Enter G\nsave\n");
	assert_says(screen, "> warning    vma-anonymous-executable ");
	screen = screen_after("type :sql SELECT pid, fd FROM fd\nkeys Enter\ntype :sort -fd\nkeys Enter\nsave\n");
	assert_says(screen, "\n    9   31\n    9   30\n"); /* a number, not a text: that would be 9 */
	screen = screen_after("type :sql SELECT pid, fd FROM fd\nkeys Enter\ntype \\^16  1\nkeys Enter Enter\nsave\n");
	assert_says(screen, "sql \u203a 16 shmem-kid\n");
}

/* What a row or the line of messages cuts is there in full, where there is room for it. */
static void what_is_cut_is_shown(void **state)
{
	static const char script[] = "size 80x24\nkeys i\nsave\nkeys Enter G\nsave\nsize 60x24\nkeys d\nsave\n"
				     "size 80x9\nkeys Esc g\nsave\n";
	struct bytes screen;

	(void)state;
	write_file(scratch_path("cut.script"), script, strlen(script));
	screen = played(scratch_path("cut.script"), "--size", "80x24");
	assert_says(screen, "\n 1 mapping: 0x210008000000\n fix: \"coldcase mem -p PID --vma ADDRESS\" shows it\n\n");
	assert_says(screen, "\n samples/podman.tar.zst: has no parent to compare it with:\n it is not incremental\n");
	screen = bytes_from(screen, screen.len - 9 * 80); /* too low for that */
	assert_null(memmem(screen.data, screen.len, "fix: ", 5));
}

/* Any list is written: a tree with its numbers as numbers, a result with each name once, and what is marked alone. */
static void lists_are_written(void **state)
{
	static const char script[] = "type :ps\nkeys Enter\ntype :w ps.jsonl\nkeys Enter\n"
				     "type :sql SELECT pid, pid, argv, exit_code FROM process WHERE pid = 9\nkeys Enter\n"
				     "type :w sql.jsonl\nkeys Enter\n"
				     "type :process\nkeys Enter Down Space\ntype :w marked.csv\nkeys Enter\nsave said.txt\n"
				     "keys P\ntype :w none.csv\nkeys Enter\n";
	const char *directory = scratch_path("lists"), *file = scratch_path("lists.script");
	struct bytes text;

	(void)state;
	write_file(file, script, strlen(script));
	assert_int_equal(run("tui", "--script", file, "-o", directory, sample, NULL).status, 0);
	text = read_file(scratch_path("lists/ps.jsonl"));
	assert_says(next_line(&text), "{\"pid\": 1, \"ppid\": 0, \"uid\": 0, \"thr\": 1, \"fds\": 30, "
				      "\"memory\": 118784, \"odd\": \"x\", \"command\": \"/bin/fds ");
	assert_same(run("query", sample, "-f", "jsonl", "SELECT pid, pid, argv, exit_code FROM process WHERE pid = 9",
			NULL).out, scratch_path("lists/sql.jsonl"));
	text = read_file(scratch_path("lists/marked.csv"));
	assert_true(bytes_start_with(next_line(&text), BYTES("pid,ppid,")));
	assert_true(bytes_start_with(next_line(&text), BYTES("9,1,")));
	assert_int_equal(text.len, 0);
	assert_says(read_file(scratch_path("lists/said.txt")), "1 row in marked.csv");
	text = read_file(scratch_path("lists/none.csv"));
	assert_true(bytes_equal(text, BYTES("kind,what is wrong\r\n")));
}

/* Columns that were chosen are there again in the tab of another process, on its own; and so are the usual ones. */
static void columns_are_kept(void **state)
{
	static const char tab[] = "type :task 1\nkeys Enter 2\n";
	char text[512];

	(void)state;
	snprintf(text, sizeof(text), "%stype :columns fd,path\nkeys Enter Esc\ntype :task 9\nkeys Enter 2\nsave\n", tab);
	assert_says(screen_after(text), "\n  FD  PATH\n");
	snprintf(text, sizeof(text), "%stype :columns fd,path\nkeys Enter Esc\ntype :fd\nkeys Enter\nsave\n", tab);
	assert_says(screen_after(text), "  PID  FD  TYPE");
	snprintf(text, sizeof(text), "%stype :columns fd,path\nkeys Enter\ntype :columns\nkeys Enter Esc\n%ssave\n", tab, tab);
	assert_says(screen_after(text), "  FD  TYPE       ACCESS     POS  PATH ");
	snprintf(text, sizeof(text), "%skeys a Esc\n%skeys c\nsave\n", tab, tab);
	assert_says(screen_after(text), "CLOSE_ON_EXEC");
	snprintf(text, sizeof(text), "%skeys a a c\nsave\n", tab);
	assert_says(screen_after(text), "list fd --columns fd,type,access,pos,path,detail,deleted -p 1 ");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(screens_of_80_columns),
		cmocka_unit_test(screens_of_120_columns),
		cmocka_unit_test(screens_of_200_columns),
		cmocka_unit_test(screens_of_ascii),
		cmocka_unit_test(the_mouse_points),
		cmocka_unit_test(cells_look_as_they_should),
		cmocka_unit_test(pictures_are_current),
		cmocka_unit_test(screens_fit),
		cmocka_unit_test(looks_have_signs),
		cmocka_unit_test(rows_are_those_of_list),
		cmocka_unit_test(memory_is_that_of_mem),
		cmocka_unit_test(a_row_has_a_command_of_its_own),
		cmocka_unit_test(a_list_that_is_filtered_has_the_command_for_it),
		cmocka_unit_test(a_directory_opens_as_its_row),
		cmocka_unit_test(a_screen_is_not_opened_upon_itself),
		cmocka_unit_test(memory_of_a_predump_is_its_pages),
		cmocka_unit_test(bytes_of_hits_are_not_masked),
		cmocka_unit_test(wrong_scripts_are_told),
		cmocka_unit_test(rows_are_written),
		cmocka_unit_test(results_are_arranged),
		cmocka_unit_test(lists_are_written),
		cmocka_unit_test(what_is_cut_is_shown),
		cmocka_unit_test(columns_are_kept),
	};

	shown[0] = sample;
	return run_all(tests);
}
