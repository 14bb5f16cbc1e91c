/* The command that "c" tells prints what is on the screen: each is run as it is told. */
#include "tests/support/screens.h"

#include <stdlib.h>
#include <unistd.h>

enum { MOST_TOLD = 64 };

/* The commands for what is on the screen after each way there: lines of a script, from the first screen on. */
struct told {
	char commands[MOST_TOLD][1024];
	size_t n;
};

/* The line of messages is the last but one. */
static void keep_message(struct bytes screen, char ret[1024])
{
	struct bytes line = NO_BYTES, last = next_line(&screen);

	while (screen.len) {
		line = last;
		last = next_line(&screen);
	}
	while (line.len && *line.data == ' ')
		line = bytes_from(line, 1);
	while (line.len && line.data[line.len - 1] == ' ')
		line.len--;
	snprintf(ret, 1024, "%.*s", BYTES_FMT(line));
}

static void tell(const char *const ways[], size_t n, const char *option, const char *value, struct told *ret)
{
	char script[64 << 10] = "size 1000x40\n";
	const char *path = scratch_path("ways.script");
	struct bytes text;

	for (size_t i = 0; i < n; i++)
		sprintf(script + strlen(script), "keys o g\n%s\nkeys c\nsave\n", ways[i]);
	write_file(path, script, strlen(script));
	text = played(path, option, value);
	assert_in_range(n, 1, MOST_TOLD);
	ret->n = 0;
	for (struct bytes rest = text; rest.len;) {
		const uint8_t *next = memmem(rest.data + 1, rest.len - 1, "\n== ", 4);
		struct bytes screen = bytes_first(rest, next ? (size_t)(next + 1 - rest.data) : rest.len);

		assert_in_range(ret->n, 0, n - 1);
		keep_message(screen, ret->commands[ret->n++]);
		rest = bytes_from(rest, screen.len);
	}
	assert_int_equal(ret->n, n);
}

/* In a shell, as somebody who copied it would. The status of "diff" says that there are differences. */
static void assert_runs(const char *way, const char *command)
{
	const char *path = scratch_path("told.sh");
	char script[2048], line[8192];
	int len = snprintf(script, sizeof(script), "coldcase() { '%s' \"$@\"; }\n%s\n", getenv("COLDCASE"), command);
	int status;

	if (strncmp(command, "coldcase ", 9) != 0)
		fail_msg("after \"%s\" no command is told: %s", way, command);
	write_file(path, script, (size_t)len);
	snprintf(line, sizeof(line), "bash '%s' >'%s' 2>&1 </dev/null", path, scratch_path("told.out"));
	status = system(line);
	if (status != (strncmp(command, "coldcase diff", 13) ? 0 : 1 << 8))
		fail_msg("status %d of: %s\n%.*s", status >> 8, command, BYTES_FMT(read_file(scratch_path("told.out"))));
}

static void assert_run(const char *const ways[], size_t n)
{
	struct told told;

	tell(ways, n, "--ascii", NULL, &told);
	for (size_t i = 0; i < n; i++)
		assert_runs(ways[i], told.commands[i]);
}

#define ASSERT_RUN(ways) assert_run(ways, sizeof(ways) / sizeof(*(ways)))

static void those_of_a_checkpoint_run(void **state)
{
	static const char *const ways[] = {
		"keys g",
		"keys p",
		"keys p t",
		"keys p v",
		"keys p Enter",
		"keys p Enter 2",
		"keys p Enter 3",
		"keys p Enter 4",
		"keys p Enter 5",
		"keys p Enter 6",
		"keys p Enter 7",
		"keys T",
		"keys T Enter",
		"keys T Enter v",
		"keys m",
		"keys m j j j j j Enter",
		"keys m j j j j j Enter } }",
		"keys L",
		"keys P",
		"keys i",
		"keys i Enter",
		"type :fd\nkeys Enter > > I",
		"type :fd pipe\nkeys Enter",
		"type :fd\nkeys Enter\ntype :columns pid,fd\nkeys Enter",
		"type :env\nkeys Enter v",
		"type :stat\nkeys Enter",
		"type :queries\nkeys Enter",
		"type :sql SELECT pid, 'it''s' FROM fd\nkeys Enter",
		"type :find it's|data\nkeys Enter",
		"type :find -x\nkeys Enter",
		"type :find data\nkeys Enter Enter",
		"type /core-9\nkeys Enter Enter",
		"type /core-9\nkeys Enter Enter Enter",
		/* from here on secrets are shown */
		"keys S p",
		"keys p Enter 1",
		"type :env\nkeys Enter",
		"type :env\nkeys Enter v",
		"type :sql SELECT * FROM env\nkeys Enter",
	};

	(void)state;
	shown[0] = "samples/podman.tar.zst";
	ASSERT_RUN(ways);
}

static void those_of_two_run(void **state)
{
	static const char *const ways[] = {
		"keys g",
		"keys j Enter",
		"keys j Enter Enter",
		"keys j j Enter",
		"keys j j Enter Enter",
		"keys j j Enter Enter Enter",
		"keys j j j j Enter",
		"keys j j j j Enter Enter",
	};

	(void)state;
	shown[0] = "samples/cases/podman-none-criu4.1.1.tar.zst";
	shown[1] = "samples/podman.tar.zst";
	ASSERT_RUN(ways);
	shown[1] = NULL;
}

static void those_of_an_index_run(void **state)
{
	static const char *const ways[] = {
		"keys g",
		"keys Enter Enter",
		"keys Enter Enter Enter",
		"type :fd\nkeys Enter",
		"type :fd\nkeys Enter v",
		"type :sql SELECT count(*) FROM fd\nkeys Enter",
	};

	(void)state;
	shown[0] = scratch_path("fleet.db");
	assert_int_equal(run("index", "-q", "-d", shown[0], "samples/podman.tar.zst", NULL).status, 0);
	ASSERT_RUN(ways);
}

/* Of what runs there are mappings, and no bytes. */
static void those_of_a_running_process_run(void **state)
{
	static const char *const ways[] = { "keys p", "keys m", "keys T Enter", "type :fd\nkeys Enter" };
	char path[32];

	(void)state;
	snprintf(path, sizeof(path), "/proc/%d", getpid());
	shown[0] = path;
	ASSERT_RUN(ways);
}

/* Status 0 alone does not tell: "decode" of all images is one, too. */
static void what_is_looked_at_is_named(void **state)
{
	static const char *const ways[] = { "type /core-9\nkeys Enter Enter", "type /core-9\nkeys Enter Enter Enter", "keys T",
					    "type :find da.a\nkeys Enter", "type :find -x\nkeys Enter", "keys S p" };
	static const char *const commands[] = {
		"coldcase decode --pretty samples/podman.tar.zst checkpoint/core-9.img",
		"coldcase decode --offsets samples/podman.tar.zst checkpoint/core-9.img",
		"coldcase tables",
		"coldcase search --regex samples/podman.tar.zst da.a",
		"coldcase search --regex samples/podman.tar.zst -- -x",
		"coldcase ps --reveal samples/podman.tar.zst",
	};
	struct told told;

	(void)state;
	shown[0] = "samples/podman.tar.zst";
	tell(ways, 6, "--ascii", NULL, &told);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(told.commands[i], commands[i]);
}

/* Which one in the archive, and what its parents are; the parent that it is compared with was looked for, and is again. */
static void what_was_said_of_it_is_told(void **state)
{
	static const char *const ways[] = { "keys p", "keys d", "type /inventory\nkeys Enter Enter" };
	static const char chain[] = "samples/cases/oci-crun-incr-criu4.1.1.tar.zst", inside[] = "oci-crun-incr-criu4.1.1/img";
	char command[3][1024];
	const char *parent;
	struct told told;

	(void)state;
	snprintf(command[0], 1024, "coldcase ps --inside %s %s", inside, chain);
	snprintf(command[1], 1024, "coldcase diff --inside %s %s", inside, chain);
	snprintf(command[2], 1024, "coldcase decode --pretty --inside %s %s %s/inventory.img", inside, chain, inside);
	shown[0] = chain;
	tell(ways, 3, "--inside", inside, &told);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(told.commands[i], command[i]);
		assert_runs(ways[i], told.commands[i]);
	}
	shown[0] = scratch_path("cases/%s", inside);
	parent = scratch_path("cases/oci-crun-incr-criu4.1.1/p2");
	assert_non_null(sample_case("oci-crun-incr-criu4.1.1"));
	tell(ways, 1, "--parent", parent, &told);
	snprintf(command[0], 1024, "coldcase ps --parent %s %s", parent, shown[0]);
	assert_string_equal(told.commands[0], command[0]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(those_of_a_checkpoint_run),
		cmocka_unit_test(those_of_two_run),
		cmocka_unit_test(those_of_an_index_run),
		cmocka_unit_test(those_of_a_running_process_run),
		cmocka_unit_test(what_is_looked_at_is_named),
		cmocka_unit_test(what_was_said_of_it_is_told),
	};

	return run_all(tests);
}
