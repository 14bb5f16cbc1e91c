/* What a terminal gets that a pipe does not: lines that fit, and progress. */
#include "tests/support/handmade.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "db/tables/table.h"
#include "decoders/base/escape.h"

/* --- a terminal of our own --------------------------------------------------------------------- */

struct terminal {
	int master, slave;
};

/* Raw, so that what arrives is what was written. */
static struct terminal open_terminal(unsigned short columns)
{
	struct terminal terminal = { .master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC) };
	struct winsize size = { .ws_row = 24, .ws_col = columns };
	struct termios settings;

	assert_true(terminal.master >= 0);
	assert_int_equal(grantpt(terminal.master) | unlockpt(terminal.master), 0);
	terminal.slave = open(ptsname(terminal.master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(terminal.slave >= 0);
	assert_int_equal(tcgetattr(terminal.slave, &settings), 0);
	cfmakeraw(&settings);
	assert_int_equal(tcsetattr(terminal.slave, TCSANOW, &settings), 0);
	assert_int_equal(ioctl(terminal.slave, TIOCSWINSZ, &size), 0);
	return terminal;
}

static const char *terminal_type = "dumb";

/* Starts the program with these descriptors; the locale is C.UTF-8, LC_ALL=C where the test says so. */
static pid_t start(const int fds[3], const char *locale, const char *const *words)
{
	const char *program = getenv("COLDCASE");
	char *argv[32] = { NULL };
	pid_t pid;

	argv[0] = (char *)(uintptr_t)(program ? program : "build/coldcase");
	for (size_t i = 0; words[i]; i++)
		argv[i + 1] = (char *)(uintptr_t)words[i];
	pid = fork();
	assert_true(pid >= 0);
	if (pid)
		return pid;
	for (int i = 0; i < 3; i++)
		if (dup2(fds[i], i) < 0)
			_exit(127);
	setenv("LC_ALL", locale, 1);
	setenv("TERM", terminal_type, 1);
	alarm(60);
	execv(argv[0], argv);
	_exit(127);
}

/* All that comes out of FD until its other side is closed. */
static struct bytes drain(int fd)
{
	struct out out;
	char buffer[4096];
	ssize_t n;

	out_init(&out, -1);
	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		out_write(&out, buffer, (size_t)n);
	write_file(scratch_path("drained"), out.buffer, out.len);
	out_deinit(&out);
	return read_file(scratch_path("drained"));
}

/* What a program prints on a terminal of so many columns. */
static struct bytes shown(unsigned short columns, const char *locale, const char *const *words)
{
	struct terminal terminal = open_terminal(columns);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), status;
	const int fds[] = { null, terminal.slave, null };
	pid_t pid = start(fds, locale, words);
	struct bytes text;

	close(null);
	close(terminal.slave);
	text = drain(terminal.master);
	close(terminal.master);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	return text;
}

#define SHOWN(columns, ...) shown(columns, "C.UTF-8", (const char *const[]){ __VA_ARGS__, NULL })

/* --- lines that fit ---------------------------------------------------------------------------- */

/* The archive of the demo: a row or more in most tables. */
static const char *podman(void)
{
	const char *samples = getenv("SAMPLES");
	static char path[4096];

	snprintf(path, sizeof(path), "%s/podman.tar.zst", samples ? samples : "samples");
	return path;
}

/* The columns of the widest line. */
static size_t widest(struct bytes text)
{
	size_t width = 0;

	while (text.len) {
		struct bytes line = bytes_first(text, bytes_find(text, '\n'));
		size_t this = text_width(line);

		width = this > width ? this : width;
		text = bytes_from(text, line.len + 1);
	}
	return width;
}

static bool has_colors(struct bytes text)
{
	return strstr((const char *)text.data, "\033[") != NULL;
}

static size_t count_lines(struct bytes text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += text.data[i] == '\n';
	return n;
}

static void no_table_is_wider_than_the_terminal(void **state)
{
	const char *path = podman();

	(void)state;
	for (size_t i = 0; i < n_tables; i++) {
		struct bytes piped = run("list", tables[i]->name, path, NULL).out;

		for (unsigned short columns = 20; columns <= 140; columns += 60) {
			struct bytes text = SHOWN(columns, "list", tables[i]->name, path);

			if (widest(text) > columns)
				fail_msg("%s: %zu columns on %u", tables[i]->name, widest(text), columns);
			if (widest(piped) <= columns)
				assert_true(bytes_equal(text, piped));
			assert_int_equal(count_lines(text), count_lines(piped));
		}
	}
}

static void the_tree_is_cut_at_the_edge(void **state)
{
	const char *path = podman();
	struct bytes piped = run("ps", path, NULL).out, text = SHOWN(70, "ps", path);

	(void)state;
	assert_true(widest(piped) > 100);
	assert_int_equal(widest(text), 70);
	assert_non_null(strstr((const char *)text.data, "\u2026\n"));
	assert_int_equal(widest(SHOWN(7, "ps", path)), 7);
	assert_int_equal(widest(SHOWN(1, "ps", path)), 1);
}

/* Of several checkpoints, which it is comes first; errors are told in full behind where there is no room for them. */
static void a_narrow_terminal_shows_which_checkpoint_it_is(void **state)
{
	struct bytes narrow = SHOWN(80, "show", podman(), podman());
	struct bytes wide = SHOWN(160, "show", podman(), podman());

	(void)state;
	assert_true(bytes_start_with(narrow, BYTES("PATH")));
	assert_non_null(strstr((const char *)narrow.data, "\npodman."));
	assert_non_null(strstr((const char *)narrow.data, "  PRODUCER  "));
	assert_non_null(strstr((const char *)narrow.data, "  CHECKPOINTED  MEMORY   PROBLEMS\n"));
	assert_non_null(strstr((const char *)narrow.data, "  11-23 13:38    304.0K         0\n"));
	assert_null(strstr((const char *)narrow.data, "TASKS"));
	assert_non_null(strstr((const char *)wide.data, "TASKS"));
}

static void both_ends_of_a_connection_fit_eighty_columns(void **state)
{
	const char *text = (const char *)SHOWN(80, "sockets", podman()).data;
	const char *line = strstr(text, "127.0.0.1:7110");

	(void)state;
	assert_non_null(line);
	assert_true(strcspn(line, "\u2026") > strcspn(line, "\n"));
}

/* --wide, and no terminal: the same bytes, whatever COLUMNS says. */
static void wide_cuts_nothing(void **state)
{
	const char *path = podman();
	struct bytes piped = run("ps", path, NULL).out;

	(void)state;
	assert_true(bytes_equal(SHOWN(40, "ps", "-w", path), piped));
	assert_true(bytes_equal(SHOWN(40, "sockets", "--wide", path), run("sockets", path, NULL).out));
	assert_int_equal(setenv("COLUMNS", "30", 1), 0);
	assert_true(bytes_equal(run("ps", path, NULL).out, piped));
	unsetenv("COLUMNS");
}

static void columns_of_the_environment_come_first(void **state)
{
	const char *path = podman();

	(void)state;
	assert_int_equal(setenv("COLUMNS", "60", 1), 0);
	assert_int_equal(widest(SHOWN(100, "ps", path)), 60);
	assert_int_equal(setenv("COLUMNS", "sixty", 1), 0);
	assert_int_equal(widest(SHOWN(100, "ps", path)), 100);
	unsetenv("COLUMNS");
	assert_int_equal(widest(SHOWN(0, "ps", path)), 80); /* a terminal that does not say */
}

/* https://no-color.org: set and not empty; what is asked for on the command line counts more. */
static void colors_are_for_who_wants_them(void **state)
{
	const char *path = podman();

	(void)state;
	terminal_type = "xterm";
	assert_true(has_colors(SHOWN(80, "ps", path)));
	assert_int_equal(setenv("NO_COLOR", "", 1), 0);
	assert_true(has_colors(SHOWN(80, "ps", path)));
	assert_int_equal(setenv("NO_COLOR", "1", 1), 0);
	assert_false(has_colors(SHOWN(80, "ps", path)));
	assert_true(has_colors(SHOWN(80, "ps", "--color", "always", path)));
	unsetenv("NO_COLOR");
	assert_false(has_colors(SHOWN(80, "ps", "--color", "never", path)));
	terminal_type = "dumb";
	assert_false(has_colors(SHOWN(80, "ps", path)));
	assert_false(has_colors(run("ps", path, NULL).out)); /* no terminal */
}

/* Two tasks: one name is of wide characters, one of combining ones. */
static void characters_are_counted_as_they_are_drawn(void **state)
{
	struct out pstree;
	const char *path;

	(void)state;
	write_inventory("wide");
	out_init(&pstree, -1);
	put_magic(&pstree, MAGIC_PSTREE);
	put_pstree(&pstree, 1, 0);
	put_pstree(&pstree, 2, 1);
	write_image("wide", "pstree.img", &pstree);
	write_core("wide", 1, BYTES("\u8b66\u544a\u8b66\u544a\u8b66"));
	write_core("wide", 2, BYTES("e\u0301e\u0301e\u0301e\u0301e\u0301"));
	out_deinit(&pstree);
	path = scratch_path("wide");
	assert_string_equal((const char *)SHOWN(5 + 10, "list", "process", path, "-c", "pid,comm").data,
			    "PID  COMM\n  1  \u8b66\u544a\u8b66\u544a\u8b66\n"
			    "  2  e\u0301e\u0301e\u0301e\u0301e\u0301\n");
	/* Of ten columns nine are left: four characters of two, and the ellipsis. */
	assert_string_equal((const char *)SHOWN(5 + 9, "list", "process", path, "-c", "pid,comm").data,
			    "PID  COMM\n  1  \u8b66\u544a\u8b66\u544a\u2026\n"
			    "  2  e\u0301e\u0301e\u0301e\u0301e\u0301\n");
	assert_string_equal((const char *)SHOWN(5 + 8, "list", "process", path, "-c", "pid,comm").data,
			    "PID  COMM\n  1  \u8b66\u544a\u8b66\u2026\n"
			    "  2  e\u0301e\u0301e\u0301e\u0301e\u0301\n");
}

static void without_utf8_the_ellipsis_is_three_dots(void **state)
{
	const char *path = podman();
	struct bytes text = shown(70, "C", (const char *const[]){ "ps", path, NULL });

	(void)state;
	assert_non_null(strstr((const char *)text.data, "...\n"));
	assert_int_equal(widest(text), 70);
	for (size_t i = 0; i < text.len; i++)
		assert_true(text.data[i] < 0x80);
}

/* --- progress ----------------------------------------------------------------------------------- */

/* What has arrived at FD by now. */
static size_t arrived(int fd)
{
	int n = 0;

	assert_int_equal(ioctl(fd, FIONREAD, &n), 0);
	return (size_t)n;
}

static void feed_all(int pipe, struct bytes archive)
{
	while (archive.len) {
		ssize_t n = write(pipe, archive.data, archive.len);

		assert_true(n > 0);
		archive = bytes_from(archive, (size_t)n);
	}
}

/* In small pieces until progress is on the terminal, or PIECES of them; then the rest at once. */
static void feed_slowly(int pipe, struct bytes archive, int master, size_t pieces)
{
	assert_true(archive.len > pieces * 512);
	while (pieces-- && !arrived(master)) {
		assert_int_equal(write(pipe, archive.data, 512), 512);
		archive = bytes_from(archive, 512);
		usleep(50000);
	}
	feed_all(pipe, archive);
}

/* A tar of a checkpoint and of a megabyte that nobody wants. */
static struct bytes slow_archive(void)
{
	static uint8_t zeroes[1 << 20];
	const char *path = scratch_path("slow.tar");

	if (access(path, F_OK) != 0) {
		struct out pstree;

		write_inventory("slow");
		out_init(&pstree, -1);
		put_magic(&pstree, MAGIC_PSTREE);
		put_pstree(&pstree, 1, 0);
		write_image("slow", "pstree.img", &pstree);
		write_core("slow", 1, BYTES("init"));
		out_deinit(&pstree);
		write_file(scratch_path("slow/aaa"), zeroes, sizeof(zeroes));
		pack_directory(path, NULL, scratch_path("slow"), "");
	}
	return read_file(path);
}

struct slow_run {
	struct bytes out, terminal;
	int status;
};

/* "ps -" with standard input in so many small pieces, and a terminal for its errors. */
static struct slow_run run_slowly(size_t pieces, const char *option)
{
	struct terminal terminal = open_terminal(80);
	const char *const words[] = { "ps", "-", "-f", "jsonl", "-c", "pid,comm", option, NULL };
	int input[2], output[2], status;
	struct slow_run run;
	pid_t pid;

	assert_int_equal(pipe2(input, O_CLOEXEC) | pipe2(output, O_CLOEXEC), 0);
	pid = start((const int[]){ input[0], output[1], terminal.slave }, "C.UTF-8", words);
	close(input[0]);
	close(output[1]);
	close(terminal.slave);
	feed_slowly(input[1], slow_archive(), terminal.master, pieces);
	close(input[1]);
	run.out = drain(output[0]);
	run.terminal = drain(terminal.master);
	close(output[0]);
	close(terminal.master);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	run.status = WEXITSTATUS(status);
	return run;
}

/* What is left on a screen's line after so many carriage returns, backspaces and blanks. */
static const char *left_on_line(struct bytes text)
{
	static char cells[256];
	size_t at = 0;

	memset(cells, ' ', sizeof(cells));
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '\r')
			at = 0;
		else if (text.data[i] == '\b')
			at -= at > 0;
		else if (at < sizeof(cells))
			cells[at++] = (char)text.data[i];
	}
	for (at = sizeof(cells) - 1; at > 0 && cells[at - 1] == ' '; at--)
		;
	cells[at] = '\0';
	return cells;
}

static void long_work_shows_progress_and_takes_it_away(void **state)
{
	struct slow_run run = run_slowly(600, NULL);

	(void)state;
	assert_int_equal(run.status, 0);
	assert_string_equal((const char *)run.out.data, "{\"pid\": 1, \"comm\": \"init\"}\n");
	assert_int_equal(run.terminal.data[0], '\r');
	assert_non_null(strstr((const char *)run.terminal.data, "KiB  "));
	assert_non_null(strstr((const char *)run.terminal.data, "/s"));
	assert_null(strchr((const char *)run.terminal.data, '\n'));
	assert_null(strchr((const char *)run.terminal.data, '\033'));
	assert_string_equal(left_on_line(run.terminal), "");
}

static void short_or_quiet_work_shows_none(void **state)
{
	struct slow_run run = run_slowly(0, NULL);

	(void)state;
	assert_int_equal(run.status, 0);
	assert_int_equal(run.terminal.len, 0);
	/* Nor does work of a second and a half that was asked to be quiet. */
	run = run_slowly(30, "-q");
	assert_int_equal(run.status, 0);
	assert_int_equal(run.terminal.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_table_is_wider_than_the_terminal),
		cmocka_unit_test(the_tree_is_cut_at_the_edge),
		cmocka_unit_test(a_narrow_terminal_shows_which_checkpoint_it_is),
		cmocka_unit_test(both_ends_of_a_connection_fit_eighty_columns),
		cmocka_unit_test(wide_cuts_nothing),
		cmocka_unit_test(columns_of_the_environment_come_first),
		cmocka_unit_test(colors_are_for_who_wants_them),
		cmocka_unit_test(characters_are_counted_as_they_are_drawn),
		cmocka_unit_test(without_utf8_the_ellipsis_is_three_dots),
		cmocka_unit_test(long_work_shows_progress_and_takes_it_away),
		cmocka_unit_test(short_or_quiet_work_shows_none),
	};

	unsetenv("COLUMNS");
	return run_all(tests);
}
