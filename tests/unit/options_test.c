/* The command line: what it takes, what it refuses, and with which status. */
#include "tests/support/handmade.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "decoders/base/size.h"

static const char *checkpoint(void)
{
	struct out pstree;

	write_inventory("ck");
	out_init(&pstree, -1);
	put_magic(&pstree, MAGIC_PSTREE);
	put_pstree(&pstree, 1, 0);
	write_image("ck", "pstree.img", &pstree);
	write_core("ck", 1, BYTES("init"));
	out_deinit(&pstree);
	return scratch_path("ck");
}

static bool says(struct bytes text, const char *words)
{
	return strstr((const char *)text.data, words) != NULL;
}

/* Status, and words on stderr; nothing on stdout. */
static void assert_fails(int status, const char *words, struct outcome outcome)
{
	if (outcome.status != status || !says(outcome.err, words))
		fail_msg("status %d, not %d, or not \"%s\": %s", outcome.status, status, words,
			 (const char *)outcome.err.data);
	assert_int_equal(outcome.out.len, 0);
	assert_memory_equal(outcome.err.data, "coldcase: ", 10);
	assert_int_equal(outcome.err.data[outcome.err.len - 1], '\n');
}

/* --- help ------------------------------------------------------------------------------------- */

static void alone_it_lists_its_commands(void **state)
{
	static const char *const words[] = { NULL };
	struct outcome outcome = run_words(words);

	(void)state;
	assert_int_equal(outcome.status, 0);
	assert_int_equal(outcome.err.len, 0);
	assert_true(says(outcome.out, "\n  show "));
	assert_true(says(outcome.out, "\n  decode "));
	assert_true(says(outcome.out, "process"));
	assert_string_equal((const char *)outcome.out.data, (const char *)run("--help", NULL).out.data);
	assert_string_equal((const char *)outcome.out.data, (const char *)run("help", NULL).out.data);
}

static void the_version_is_told(void **state)
{
	struct outcome outcome = run("--version", NULL);

	(void)state;
	assert_int_equal(outcome.status, 0);
	assert_memory_equal(outcome.out.data, "coldcase ", 9);
}

static const char *const commands[] = {
	"show", "ps", "list", "log", "tui", "mem", "search", "strings", "core", "carve", "diff", "check", "rules",
	"explain", "verify", "scan", "manifest", "query", "index", "schema", "decode", "encode", "info", "tables",
	"limits",
};

static void every_command_has_help(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		struct outcome outcome = run(commands[i], "--help", NULL);
		char usage[64];

		snprintf(usage, sizeof(usage), "usage: coldcase %s ", commands[i]);
		assert_int_equal(outcome.status, 0);
		assert_true(says(outcome.out, usage));
		assert_true(says(outcome.out, "--quiet"));
		assert_true(says(outcome.out, "--output"));
		assert_int_equal(outcome.err.len, 0);
		assert_string_equal((const char *)run(commands[i], "-h", "nonsense", NULL).out.data,
				    (const char *)outcome.out.data);
	}
}

/* Characters, not bytes. */
static size_t longest_line(struct bytes text)
{
	size_t longest = 0, len = 0;

	for (size_t i = 0; i < text.len; i++) {
		len = text.data[i] == '\n' ? 0 : len + ((text.data[i] & 0xc0) != 0x80);
		longest = len > longest ? len : longest;
	}
	return longest;
}

static void help_fits_eighty_columns(void **state)
{
	(void)state;
	assert_in_range(longest_line(run("--help", NULL).out), 60, 80);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		assert_in_range(longest_line(run(commands[i], "--help", NULL).out), 60, 80);
}

static void help_names_only_what_a_command_takes(void **state)
{
	(void)state;
	assert_true(says(run("list", "--help", NULL).out, "--columns"));
	assert_false(says(run("decode", "--help", NULL).out, "--columns"));
	assert_true(says(run("decode", "--help", NULL).out, "--pretty"));
	assert_false(says(run("show", "--help", NULL).out, "--pretty"));
	assert_fails(2, "--pretty", run("show", "--pretty", checkpoint(), NULL));
}

/* --- words that are wrong --------------------------------------------------------------------- */

static void an_unknown_command_gets_the_nearest(void **state)
{
	(void)state;
	assert_fails(2, "did you mean \"show\"?", run("shwo", NULL));
	assert_fails(2, "did you mean \"decode\"?", run("decod", "x", NULL));
	assert_fails(2, "did you mean \"process\"?", run("proces", "x", NULL));
	assert_fails(2, "no command \"xyzzy\"", run("xyzzy", NULL));
	assert_false(says(run("xyzzy", NULL).err, "did you mean"));
	assert_fails(2, "no command \"\"", run("", NULL));
}

static void an_unknown_option_gets_the_nearest(void **state)
{
	(void)state;
	assert_fails(2, "did you mean --format?", run("ps", "--fromat", "json", checkpoint(), NULL));
	assert_fails(2, "no option --nonsense", run("ps", "--nonsense", checkpoint(), NULL));
	assert_fails(2, "no option -Z", run("ps", "-Z", checkpoint(), NULL));
	assert_fails(2, "no option -Z", run("ps", "-qZ", checkpoint(), NULL));
	/* longer than any word */
	assert_fails(2, "no option",
		     run("ps", "--aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
			 checkpoint(), NULL));
}

static void an_unknown_table_column_or_member_gets_the_nearest(void **state)
{
	const char *path = checkpoint();

	(void)state;
	assert_fails(2, "did you mean \"process\"?", run("list", "proces", path, NULL));
	assert_fails(2, "did you mean \"socket\"?", run("tables", "sockte", NULL));
	assert_fails(2, "\"coldcase\" alone lists them", run("list", "xyzzy", path, NULL));
	assert_fails(2, "did you mean \"comm\"?", run("ps", path, "-c", "pid,com", NULL));
	assert_fails(2, "did you mean \"pid\"?", run("ps", path, "-c", "PID", NULL));
	assert_fails(2, "did you mean \"bytes_present\"?",
		     run("ps", path, "--sort", "-bytes_presnt", NULL));
	assert_fails(2, "did you mean \"src_image\"?", run("ps", path, "--sort", "src_imag", NULL));
	assert_fails(3, "did you mean \"pstree.img\"?", run("decode", path, "pstre.img", NULL));
	assert_fails(3, "did you mean \"core-1.img\"?", run("info", path, "core-7.img", NULL));
	assert_false(says(run("ps", path, "-c", "nonsense", NULL).err, "did you mean"));
	assert_false(says(run("decode", path, "nonsense", NULL).err, "did you mean"));
}

static void a_value_that_is_wrong_is_refused(void **state)
{
	(void)state;
	assert_fails(2, "nonsense", run("ps", "--format", "nonsense", checkpoint(), NULL));
	assert_fails(2, "nonsense", run("ps", "--format=nonsense", checkpoint(), NULL));
	assert_fails(2, "nonsense", run("ps", "-fnonsense", checkpoint(), NULL));
	assert_fails(2, "needs a value", run("ps", checkpoint(), "--format", NULL));
	assert_fails(2, "needs a value", run("ps", checkpoint(), "-f", NULL));
	assert_fails(2, "takes no value", run("ps", "--quiet=yes", checkpoint(), NULL));
	assert_fails(2, "text or json", run("show", "-f", "csv", checkpoint(), NULL));
}

static void too_few_and_too_many_arguments_are_refused(void **state)
{
	(void)state;
	assert_fails(2, "usage: coldcase show", run("show", NULL));
	assert_fails(2, "usage: coldcase list", run("list", "process", NULL));
	assert_fails(2, "too many arguments", run("ps", checkpoint(), "x", NULL));
	assert_fails(2, "usage: coldcase decode", run("decode", NULL));
}

static void options_and_arguments_mix(void **state)
{
	const char *wanted = (const char *)run("ps", "-f", "json", checkpoint(), NULL).out.data;

	(void)state;
	assert_true(strlen(wanted) > 10);
	assert_string_equal((const char *)run("ps", checkpoint(), "--format=json", NULL).out.data, wanted);
	assert_string_equal((const char *)run("ps", "-qfjson", checkpoint(), NULL).out.data, wanted);
	assert_string_equal((const char *)run("ps", "-f", "json", "--", checkpoint(), NULL).out.data,
			    wanted);
	assert_fails(3, "--quiet", run("ps", "--", "--quiet", NULL));
}

/* --- input that is not there ------------------------------------------------------------------ */

static void what_is_not_there_has_status_3(void **state)
{
	(void)state;
	assert_fails(3, "No such file", run("show", scratch_path("missing"), NULL));
	assert_fails(3, "No such file", run("ps", scratch_path("missing.tar"), NULL));
	assert_fails(3, "missing", run("decode", scratch_path("missing.img"), NULL));
	assert_fails(3, "no member", run("decode", checkpoint(), "core-77.img", NULL));
}

static void a_directory_without_images_has_status_3(void **state)
{
	(void)state;
	write_file(scratch_path("empty/readme"), "x", 1);
	assert_fails(3, "no checkpoint", run("show", scratch_path("empty"), NULL));
	assert_fails(3, "no image", run("decode", scratch_path("empty"), NULL));
	assert_fails(3, "no image", run("decode", scratch_path("empty"), "--offsets", NULL));
	assert_fails(3, "no image", run("info", scratch_path("empty"), NULL));
	/* The name of an image does not make one. */
	write_file(scratch_path("named/pstree.img"), "this is text", 12);
	assert_fails(3, "no checkpoint", run("show", scratch_path("named"), NULL));
	write_file(scratch_path("text"), "this is text", 12);
	assert_fails(3, "text", run("show", scratch_path("text"), NULL));
}

static void quiet_leaves_only_the_status(void **state)
{
	struct outcome outcome = run("show", "-q", scratch_path("missing"), NULL);

	(void)state;
	assert_int_equal(outcome.status, 3);
	assert_int_equal(outcome.err.len, 0);
}

static void damage_has_status_4_and_a_result(void **state)
{
	struct outcome outcome;

	(void)state;
	checkpoint();
	write_file(scratch_path("ck/fs-1.img"), "garbage!", 8);
	outcome = run("show", scratch_path("ck"), NULL);
	assert_int_equal(outcome.status, 4);
	assert_true(says(outcome.err, "fs-1.img"));
	assert_true(says(outcome.out, "1 process"));
	assert_int_equal(unlink(scratch_path("ck/fs-1.img")), 0);
	assert_int_equal(run("show", scratch_path("ck"), NULL).status, 0);
}

/* --- output to a file ------------------------------------------------------------------------- */

static int entries_of(const char *directory)
{
	struct dirent **entries;
	int n = scandir(directory, &entries, NULL, NULL);

	for (int i = 0; i < n; i++)
		free(entries[i]);
	free(entries);
	return n - 2; /* "." and ".." */
}

static void output_to_a_file_is_what_goes_to_stdout(void **state)
{
	struct outcome printed = run("ps", checkpoint(), NULL), outcome;
	mode_t mask = umask(022);
	struct stat st;

	(void)state;
	write_file(scratch_path("to/x"), "", 0);
	outcome = run("ps", checkpoint(), "-o", scratch_path("to/ps.txt"), NULL);
	assert_int_equal(outcome.status, 0);
	assert_int_equal(outcome.out.len, 0);
	assert_true(bytes_equal(read_file(scratch_path("to/ps.txt")), printed.out));
	assert_int_equal(entries_of(scratch_path("to")), 2); /* nothing temporary left */
	assert_int_equal(stat(scratch_path("to/ps.txt"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	umask(mask);
}

static void a_failure_leaves_no_file_and_keeps_an_old_one(void **state)
{
	(void)state;
	write_file(scratch_path("keep/old"), "precious", 8);
	assert_fails(3, "", run("ps", scratch_path("missing"), "-o", scratch_path("keep/old"), NULL));
	assert_fails(2, "", run("list", "process", checkpoint(), "-c", "nonsense", "-o",
				scratch_path("keep/new"), NULL));
	assert_true(bytes_equal(read_file(scratch_path("keep/old")), BYTES("precious")));
	assert_int_equal(entries_of(scratch_path("keep")), 1);
}

static void an_output_that_cannot_be_is_told(void **state)
{
	(void)state;
	assert_fails(2, "cannot write", run("ps", checkpoint(), "-o", scratch_path("no/such/dir"), NULL));
	write_file(scratch_path("dir/x"), "", 0);
	assert_int_equal(run("ps", checkpoint(), "-o", scratch_path("dir"), NULL).out.len, 0);
	assert_true(run("ps", checkpoint(), "-o", scratch_path("dir"), NULL).status != 0);
}

/* --- pipes ------------------------------------------------------------------------------------ */

/* The status of a shell that has the program as $P, a path as $C and a file to write as $E. */
static int shell(const char *command, const char *path)
{
	const char *program = getenv("COLDCASE");
	int status;

	setenv("P", program ? program : "build/coldcase", 1);
	setenv("C", path, 1);
	setenv("E", scratch_path("shell-err"), 1);
	status = system(command);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void a_closed_pipe_is_quiet(void **state)
{
	(void)state;
	/* The reader is gone before the program starts. */
	assert_int_equal(shell("{ sleep 0.3; $P show $C 2>$E; echo $? >$E.status; } | true; "
			       "exit $(cat $E.status)",
			       checkpoint()),
			 0);
	assert_int_equal(read_file(scratch_path("shell-err")).len, 0);
}

static void a_full_disk_is_told(void **state)
{
	(void)state;
	assert_int_equal(shell("$P show $C >/dev/full 2>$E", checkpoint()), 5);
	assert_int_equal(shell("$P --help >/dev/full 2>$E", ""), 5);
	assert_true(says(read_file(scratch_path("shell-err")), "No space left"));
}

static void an_image_comes_from_standard_input(void **state)
{
	(void)state;
	checkpoint();
	assert_int_equal(shell("$P decode - <$C/pstree.img >$E", scratch_path("ck")), 0);
	assert_memory_equal(read_file(scratch_path("shell-err")).data, "{\"magic\": \"PSTREE\"", 18);
}

/* --- encode ----------------------------------------------------------------------------------- */

static const char *const one_task =
	"{\"magic\": \"PSTREE\", \"entries\": [{\"pid\": 1, \"ppid\": 0, \"pgid\": 1, \"sid\": 1}]}";

static void encode_writes_images_and_decode_reads_them(void **state)
{
	const char *document = scratch_path("task.json"), *made = scratch_path("made.img");
	struct outcome outcome;

	(void)state;
	write_file(document, one_task, strlen(one_task));
	outcome = run("encode", document, "-o", made, NULL);
	assert_int_equal(outcome.status, 0);
	assert_int_equal(outcome.out.len + outcome.err.len, 0);
	outcome = run("decode", made, NULL);
	assert_memory_equal(outcome.out.data, one_task, strlen(one_task));
	outcome = run("encode", document, NULL); /* a pipe is no terminal */
	assert_int_equal(outcome.status, 0);
	assert_memory_equal(outcome.out.data, read_file(made).data, outcome.out.len);
	outcome = run("encode", made, "--set", "entries[0].sid=0x7", "--set", "entries[0].pgid=9", "-o",
		      scratch_path("set.img"), NULL);
	assert_int_equal(outcome.status, 0);
	outcome = run("decode", scratch_path("set.img"), NULL);
	assert_true(says(outcome.out, "\"ppid\": 0, \"pgid\": 9, \"sid\": 7}"));
	outcome = run("decode", made, "--offsets", "--format", "json", NULL);
	assert_true(says(outcome.out, "\"name\": \"sid\", \"value_offset\": 19"));
}

static void encode_refuses_what_it_cannot_do(void **state)
{
	const char *document = scratch_path("task.json"), *made = scratch_path("made.img");
	const char *other = scratch_path("other.img"), *link = scratch_path("link.img");
	struct bytes before;

	(void)state;
	write_file(document, one_task, strlen(one_task));
	assert_int_equal(run("encode", document, "-o", made, NULL).status, 0);
	before = read_file(made);
	if (symlink(made, link) < 0)
		fail_msg("cannot link %s", link);
	assert_fails(2, "needs -o", run("encode", made, "--set", "entries[0].sid=1", NULL));
	assert_fails(2, "in place", run("encode", made, "--set", "entries[0].sid=1", "-o", made, NULL));
	assert_fails(2, "in place", run("encode", made, "--set", "entries[0].sid=1", "-o", link, NULL));
	assert_fails(2, "in place", run("encode", document, "-o", document, NULL));
	assert_fails(2, "PATH=VALUE", run("encode", made, "--set", "entries[0].sid", "-o", other, NULL));
	assert_fails(2, "did you mean \"sid\"",
		     run("encode", made, "--set", "entries[0].sidd=1", "-o", other, NULL));
	assert_fails(3, "no JSON document", run("encode", made, "-o", other, NULL));
	assert_fails(3, "cannot open", run("encode", scratch_path("nothing"), "-o", other, NULL));
	write_file(document, one_task, strlen(one_task) - 1);
	assert_fails(3, "task.json: line 1, column 76: not JSON: it is cut off",
		     run("encode", document, "-o", other, NULL));
	assert_int_equal(access(other, F_OK), -1);
	assert_int_equal(read_file(made).len, before.len);
	assert_memory_equal(read_file(made).data, before.data, before.len);
}

static void encode_tells_what_is_missing_and_goes_on(void **state)
{
	static const char text[] = "{\"magic\": \"PSTREE\", \"entries\": [{\"pid\": 1}]}";
	const char *document = scratch_path("missing.json"), *made = scratch_path("missing.img");
	struct outcome outcome;

	(void)state;
	write_file(document, text, strlen(text));
	outcome = run("encode", document, "-o", made, NULL);
	assert_int_equal(outcome.status, 4);
	assert_true(says(outcome.err, "entries[0]: the field ppid is missing"));
	assert_int_equal(read_file(made).len, 8 + 4 + 2);
}

static const char *report_to(const char *path)
{
	static char option[4200];

	snprintf(option, sizeof(option), "json=%s", path);
	return option;
}

static void two_outputs_are_two_files(void **state)
{
	const char *one = scratch_path("one.json");

	(void)state;
	assert_fails(2, "is to be written twice",
		     run("check", checkpoint(), "-o", one, "--report", report_to(one), NULL));
	assert_fails(2, "is to be written twice",
		     run("check", checkpoint(), "--report", report_to(one), "--report", report_to(one), NULL));
	assert_int_equal(access(one, F_OK), -1);
}

static void what_is_read_is_not_written_over(void **state)
{
	const char *directory = checkpoint(), *file = scratch_path("ck/pstree.img"), *made = scratch_path("list");
	size_t len = read_file(file).len;

	(void)state;
	write_file(made, "#\n", 2);
	assert_int_equal(symlink("ck/pstree.img", scratch_path("link")), 0);
	assert_fails(2, "is what is read", run("decode", file, "-o", file, NULL));
	assert_fails(2, "is what is read", run("info", file, "-o", scratch_path("link"), NULL));
	assert_fails(2, "is what is read", run("show", directory, "-o", file, NULL));
	assert_fails(2, "is what is read", run("manifest", file, "-o", file, NULL));
	assert_fails(2, "is what is read", run("show", file, "--parent", directory, "-o", file, NULL));
	assert_fails(2, "is what is read", run("check", directory, "--report", report_to(file), NULL));
	assert_fails(2, "is what is read", run("check", "--log", file, "--report", report_to(file), NULL));
	assert_fails(2, "is what is read", run("scan", directory, "--ioc", made, "--report", report_to(made), NULL));
	assert_fails(2, "is what is read", run("check", directory, "--ignore", made, "-o", made, NULL));
	assert_fails(2, "is what is read", run("check", "--pid", "1", "--report", "json=/proc/1/comm", NULL));
	assert_int_equal(read_file(file).len, len);
	assert_int_equal(read_file(made).len, 2);
	assert_int_equal(run("show", directory, "-o", scratch_path("beside.txt"), NULL).status, 0);
	assert_int_equal(run("show", directory, "-o", scratch_path("beside.txt"), NULL).status, 0);
}

/* Three dumps, of which 3 rests on 2 and that on 1; in each "old", and in 3 one further down. */
static void write_chain(void)
{
	static const char *const directories[] = { "chain/1", "chain/2", "chain/3" };

	for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
		write_inventory(directories[i]);
		write_core(directories[i], 1, BYTES("init"));
		write_file(scratch_path("%s/old", directories[i]), "#\n", 2);
	}
	write_file(scratch_path("chain/3/below/old"), "#\n", 2);
	write_file(scratch_path("chain/beside/old"), "#\n", 2);
	assert_int_equal(symlink("../1", scratch_path("chain/2/parent")), 0);
	assert_int_equal(symlink("../2", scratch_path("chain/3/parent")), 0);
	assert_int_equal(symlink("nowhere", scratch_path("chain/3/lost")), 0);
}

static void nor_what_lies_in_it_or_in_its_parents(void **state)
{
	static const char *const read[] = { "3/old", "3/below/old", "2/old", "1/old" };
	const char *all, *last, *beside, *file;

	(void)state;
	write_chain();
	all = scratch_path("chain");
	last = scratch_path("chain/3");
	beside = scratch_path("chain/beside/old");
	for (size_t i = 0; i < ARRAY_SIZE(read); i++) {
		file = scratch_path("chain/%s", read[i]);
		assert_fails(2, "is what is read", run("show", last, "-o", file, NULL));
		assert_fails(2, "is what is read", run("list", "process", last, "-o", file, NULL));
		assert_fails(2, "is what is read", run("show", beside, "--parent", last, "-o", file, NULL));
		assert_fails(2, "is what is read", run("check", last, "--report", report_to(file), NULL));
		assert_fails(2, "is what is read", run("check", all, "-o", file, NULL));
		assert_int_equal(read_file(file).len, 2);
	}
	assert_fails(2, "is what is read", run("show", last, "-o", scratch_path("chain/3/lost"), NULL));
	assert_fails(2, "is what is read", run("ps", all, "-o", beside, NULL));
	assert_int_equal(read_file(beside).len, 2);
	assert_int_equal(run("manifest", last, "-o", scratch_path("chain/3/new"), NULL).status, 0);
	assert_int_equal(run("manifest", last, "-o", beside, NULL).status, 0);
	assert_int_not_equal(run("search", last, all, "-o", beside, NULL).status, 2); /* a word, no directory */
}

static void nor_standard_input(void **state)
{
	const char *file = scratch_path("input.img");
	int status;
	pid_t pid;

	(void)state;
	write_file(file, "#\n", 2);
	pid = fork();
	if (pid == 0) {
		dup2(open(file, O_RDONLY), STDIN_FILENO);
		dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		execl(getenv("COLDCASE"), "coldcase", "manifest", "-", "-o", file, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 2 << 8);
	assert_int_equal(read_file(file).len, 2);
}

static size_t files_in(const char *path)
{
	DIR *directory = opendir(path);
	size_t n = 0;

	assert_non_null(directory);
	for (struct dirent *entry; (entry = readdir(directory));)
		n += entry->d_name[0] != '.';
	closedir(directory);
	return n;
}

/* It waits for an archive that never comes; what it began to write may be gigabytes of memory. */
static void an_interrupted_command_leaves_no_file(void **state)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP };
	const char *directory = scratch_path("ended"), *file = scratch_path("ended/out");

	(void)state;
	assert_int_equal(mkdir(directory, 0700), 0);
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		int input[2], status;
		pid_t pid;

		assert_int_equal(pipe(input), 0);
		pid = fork();
		if (pid == 0) {
			dup2(input[0], STDIN_FILENO);
			close(input[1]);
			execl(getenv("COLDCASE"), "coldcase", "manifest", "-", "-o", file, (char *)NULL);
			_exit(127);
		}
		for (int tries = 0; tries < 3000 && files_in(directory) == 0; tries++)
			usleep(10000);
		assert_int_equal(files_in(directory), 1);
		usleep(200000); /* into the sandbox */
		assert_int_equal(kill(pid, ends[i]), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == ends[i]);
		assert_int_equal(files_in(directory), 0);
		close(input[0]);
		close(input[1]);
	}
}

/* With standard output and error closed no file that is opened takes their place. */
static void what_is_closed_stays_apart(void **state)
{
	const char *directory = scratch_path("closed"), *file = scratch_path("closed/out");
	char link[64], target[64] = "";
	int input[2];
	pid_t pid;

	(void)state;
	assert_int_equal(mkdir(directory, 0700), 0);
	assert_int_equal(pipe(input), 0);
	pid = fork();
	if (pid == 0) {
		dup2(input[0], STDIN_FILENO);
		for (int fd = STDOUT_FILENO; fd < 20; fd++)
			close(fd);
		execl(getenv("COLDCASE"), "coldcase", "manifest", "-", "-o", file, (char *)NULL);
		_exit(127);
	}
	for (int tries = 0; tries < 3000 && files_in(directory) == 0; tries++)
		usleep(10000);
	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
		snprintf(link, sizeof(link), "/proc/%d/fd/%d", pid, fd);
		assert_int_equal(readlink(link, target, sizeof(target) - 1), strlen("/dev/null"));
		assert_string_equal(target, "/dev/null");
	}
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	close(input[0]);
	close(input[1]);
}

/* What people name by mistake is told apart from what is broken. */
static void what_is_no_checkpoint_is_named(void **state)
{
	const char *pipe = scratch_path("ck/pipe");

	(void)state;
	checkpoint();
	assert_fails(3, "one image of a checkpoint: name the directory",
		     run("show", scratch_path("ck/pstree.img"), NULL));
	assert_fails(3, "one image of a checkpoint", run("fds", scratch_path("ck/inventory.img"), NULL));
	assert_int_equal(mkfifo(pipe, 0600), 0);
	assert_fails(3, "a pipe; it is read as standard input: -", run("ps", pipe, NULL));
	assert_int_equal(unlink(pipe), 0);
}

/* Where a checkpoint is named it is standard input; no file is called so. */
static void a_dash_is_standard_output(void **state)
{
	struct outcome outcome;

	(void)state;
	checkpoint();
	outcome = run("ps", scratch_path("ck"), "-f", "json", "-o", "-", NULL);
	assert_int_equal(outcome.status, 0);
	assert_true(bytes_start_with(outcome.out, BYTES("[\n")));
	assert_int_equal(access("-", F_OK), -1);
	outcome = run("check", scratch_path("ck"), "--report", "markdown=-", "--fail-on", "blocker", "-f", "json", "-o", scratch_path("json"), NULL);
	assert_true(bytes_start_with(outcome.out, BYTES("#")));
	assert_int_equal(access("-", F_OK), -1);
	assert_fails(2, "standard output is to be written twice", run("check", scratch_path("ck"), "--report", "html=-", NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_checkpoint_is_named),
		cmocka_unit_test(alone_it_lists_its_commands),
		cmocka_unit_test(the_version_is_told),
		cmocka_unit_test(every_command_has_help),
		cmocka_unit_test(help_fits_eighty_columns),
		cmocka_unit_test(help_names_only_what_a_command_takes),
		cmocka_unit_test(an_unknown_command_gets_the_nearest),
		cmocka_unit_test(an_unknown_option_gets_the_nearest),
		cmocka_unit_test(an_unknown_table_column_or_member_gets_the_nearest),
		cmocka_unit_test(a_value_that_is_wrong_is_refused),
		cmocka_unit_test(too_few_and_too_many_arguments_are_refused),
		cmocka_unit_test(options_and_arguments_mix),
		cmocka_unit_test(what_is_not_there_has_status_3),
		cmocka_unit_test(a_directory_without_images_has_status_3),
		cmocka_unit_test(quiet_leaves_only_the_status),
		cmocka_unit_test(damage_has_status_4_and_a_result),
		cmocka_unit_test(a_dash_is_standard_output),
		cmocka_unit_test(output_to_a_file_is_what_goes_to_stdout),
		cmocka_unit_test(a_failure_leaves_no_file_and_keeps_an_old_one),
		cmocka_unit_test(an_interrupted_command_leaves_no_file),
		cmocka_unit_test(what_is_closed_stays_apart),
		cmocka_unit_test(what_is_read_is_not_written_over),
		cmocka_unit_test(nor_what_lies_in_it_or_in_its_parents),
		cmocka_unit_test(nor_standard_input),
		cmocka_unit_test(two_outputs_are_two_files),
		cmocka_unit_test(an_output_that_cannot_be_is_told),
		cmocka_unit_test(a_closed_pipe_is_quiet),
		cmocka_unit_test(a_full_disk_is_told),
		cmocka_unit_test(an_image_comes_from_standard_input),
		cmocka_unit_test(encode_writes_images_and_decode_reads_them),
		cmocka_unit_test(encode_refuses_what_it_cannot_do),
		cmocka_unit_test(encode_tells_what_is_missing_and_goes_on),
	};

	return run_all(tests);
}
