/*
 * Real dumps: CRIU dumps a workload that this test starts (workload.c), and the tables are held
 * against what /proc said of it just before, and against what it said of itself. As a directory, as
 * archives of it, and as a chain of a pre-dump and a dump.
 *
 * Comparing is that of tests/interop, whose cases this makes anew: a new CRIU, kernel or libc shows
 * here first. CRIU is $CRIU, or what "tests/live/get-criu build/criu" made. Where it cannot run,
 * for no fault of coldcase's, a line "SKIPPED: live: ..." says why.
 */
#include "tests/interop/corpus.h"
#include "tests/live/snapshot.h"

/* Of these not everything is used: here are no engines and no minimum of a corpus. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include "tests/interop/truth_engine.h"
#include "tests/interop/truth_fd.h"
#include "tests/interop/truth_process.h"
#include "tests/interop/truth_socket.h"
#include "tests/interop/truth_vma.h"
#pragma GCC diagnostic pop

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE = 60 /* seconds, for what takes less than one */, MOST_WORDS = 31 };

/* A dump, made when the first test asks for it. */
struct dump {
	const char *name;
	bool is_chain;
	bool is_tried;
	const char *skipped;   /* why there is none */
	const char *directory; /* of the images; of a chain, what holds its generations */
	struct json_object *proc, *truth;
};

static struct dump whole = { .name = "whole" };
static struct dump chain = { .name = "chain", .is_chain = true };

/* --- CRIU ------------------------------------------------------------------------------------- */

static const char *criu_program(void)
{
	const char *program = getenv("CRIU");

	return program ? program : "build/criu/criu";
}

/* Kept for the life of the program, unlike make_text's. */
__attribute__((format(printf, 1, 2))) static const char *keep_text(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		abort();
	va_end(args);
	return text;
}

/* Runs CRIU with these words (NULL ends them); what it printed is in *ret_output. */
static bool run_criu(const char **ret_output, const char *const *words)
{
	const char *output = scratch_path("criu.out");
	char *argv[MOST_WORDS + 2] = { (char *)(uintptr_t)criu_program() };
	pid_t pid;
	int status = -1;

	write_file(output, "", 0);
	for (int i = 0; words[i]; i++)
		argv[i + 1] = (char *)(uintptr_t)words[i];
	pid = fork();
	if (pid == 0) {
		dup2(open(output, O_WRONLY), STDOUT_FILENO);
		dup2(STDOUT_FILENO, STDERR_FILENO);
		alarm(PATIENCE);
		execv(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		fail_msg("cannot run CRIU: %s", strerror(errno));
	*ret_output = (const char *)read_file(output).data;
	return status == 0;
}

/* The lines with an error, as one. CRIU logs some that it does not mind; the last count. */
static const char *errors_of(const char *log)
{
	char *rest = is_there(log) ? (char *)(uintptr_t)read_file(log).data : NULL, *line;
	const char *errors = "";

	while ((line = strsep(&rest, "\n")))
		if (strstr(line, "Error"))
			errors = keep_text("%s%s%s", errors, *errors ? " | " : "", line);
	return errors;
}

/* "Version: 4.2.1" */
static const char *criu_version(void)
{
	const char *output, *version;
	static const char *const words[] = { "--version", NULL };

	run_criu(&output, words);
	version = strstr(output, "Version: ");
	if (!version)
		return "";
	version += strlen("Version: ");
	return keep_text("%.*s", (int)strcspn(version, "\n"), version);
}

/* Why there can be no dump here; NULL: there can. */
static const char *criu_is_missing(void)
{
	static const char *const check[] = { "check", NULL };
	const char *output;

	if (geteuid() != 0)
		return "CRIU needs root";
	if (access(criu_program(), X_OK) != 0)
		return keep_text("there is no %s; tests/live/get-criu makes one", criu_program());
	if (!run_criu(&output, check))
		return keep_text("criu check fails: %.*s", (int)strcspn(output, "\n"), output);
	return NULL;
}

/* The same of a chain, which needs a kernel that knows what was written since the parent. */
static const char *tracking_is_missing(void)
{
	static const char *const check[] = { "check", "--feature", "mem_dirty_track", NULL };
	const char *output;

	return run_criu(&output, check)
		       ? NULL
		       : "a chain: this kernel does not track dirty memory (CONFIG_MEM_SOFT_DIRTY)";
}

/* --- the workload ----------------------------------------------------------------------------- */

/* $WORKLOAD; else it lies beside this program. */
static const char *workload_program(void)
{
	char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (getenv("WORKLOAD"))
		return getenv("WORKLOAD");
	path[len < 0 ? 0 : len] = '\0';
	return keep_text("%.*s/workload", (int)(strrchr(path, '/') - path), path);
}

static _Noreturn void become_workload(const char *program, const char *directory, int output)
{
	char *argv[] = { (char *)(uintptr_t)program, (char *)(uintptr_t)directory,
			 (char *)(uintptr_t) "two words", (char *)(uintptr_t) "",
			 (char *)(uintptr_t) "\xc3\xbc\"$x", NULL };
	char *envp[] = { (char *)(uintptr_t) "PATH=/usr/bin:/bin",
			 (char *)(uintptr_t) "LIVE_EMPTY=",
			 (char *)(uintptr_t) "LIVE_EQUALS=a=b=c",
			 (char *)(uintptr_t) "LIVE_UTF8=\xe2\x82\xac", NULL };
	int null = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setsid();
	dup2(null, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	/* What the harness left open here, a log or a jobserver's pipe, is nothing to dump. */
	if (close_range(STDERR_FILENO + 1, ~0U, 0) == 0)
		execve(program, argv, envp);
	_exit(127);
}

/* Until the pipe's end: then all its processes sleep. */
static const char *read_until_settled(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	size_t len = 0, cap = 1 << 20;
	char *text = malloc(cap);
	ssize_t n = 1;

	while (n > 0 && len < cap - 1 && poll(&wait, 1, PATIENCE * 1000) > 0) {
		n = read(fd, text + len, cap - 1 - len);
		len += n > 0 ? (size_t)n : 0;
	}
	text[len] = '\0';
	close(fd);
	if (n != 0 || !strstr(text, "\nready\n"))
		fail_msg("the workload was not ready: %s", text);
	return text;
}

/* Lists of the lines by their types, as truth.json has them. */
static struct json_object *group_lines(const char *text)
{
	struct json_object *truth = json_object_new_object(), *line, *list;
	size_t len;

	for (; strcmp(text, "ready\n") != 0; text += len + 1) {
		len = strcspn(text, "\n");
		line = json_parse((struct bytes){ (uint8_t *)strndup(text, len), len });
		if (!line)
			fail_msg("the workload told no JSON: %.*s", (int)len, text);
		list = member(truth, text_of(line, "type"));
		if (!list) {
			list = json_object_new_array();
			json_object_object_add(truth, text_of(line, "type"), list);
		}
		json_object_array_add(list, line);
	}
	return truth;
}

static pid_t start_workload(struct dump *dump)
{
	const char *program = workload_program();
	const char *directory = scratch_path("%s/files", dump->name);
	int ends[2];
	pid_t pid;

	if (access(program, X_OK) != 0)
		fail_msg("there is no %s", program);
	write_file(scratch_path("%s/files/hello", dump->name), "", 0); /* makes the directory */
	prctl(PR_SET_CHILD_SUBREAPER, 1); /* what the dump leaves of its children comes here */
	if (pipe2(ends, O_CLOEXEC) < 0)
		fail_msg("pipe: %s", strerror(errno));
	pid = fork();
	if (pid == 0)
		become_workload(program, directory, ends[1]);
	close(ends[1]);
	dump->truth = group_lines(read_until_settled(ends[0]));
	return pid;
}

/* All are of one process group; CRIU has ended some or all of them. */
static void end_workload(pid_t pid)
{
	kill(-pid, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
}

/* --- dumping ---------------------------------------------------------------------------------- */

/*
 * Connections are within the tree, so nobody outside must be kept from answering: no need for a
 * firewall. Control groups differ from machine to machine, and no table here is about them.
 */
static bool run_dump(struct dump *dump, const char *action, pid_t pid, const char *generation,
		     const char *const *more)
{
	const char *directory = keep_text("%s%s", dump->directory, generation);
	const char *words[MOST_WORDS + 1] = {
		action, "-t", keep_text("%d", pid), "-D", directory, "-v4", "-o", "dump.log",
		"--tcp-established", "--network-lock", "skip", "--manage-cgroups=ignore",
	};
	const char *output;
	size_t n = 12;

	while (more && *more)
		words[n++] = *more++;
	write_file(keep_text("%s/dump.log", directory), "", 0); /* makes the directory */
	if (run_criu(&output, words))
		return true;
	dump->skipped = keep_text("criu %s fails: %.*s %s", action, (int)strcspn(output, "\n"),
				  output, errors_of(keep_text("%s/dump.log", directory)));
	return false;
}

static void dump_whole(struct dump *dump, pid_t pid)
{
	dump->proc = snapshot_tree(pid);
	run_dump(dump, "dump", pid, "", NULL);
}

/* Nothing is written between the two, so most of memory stays in the first generation. */
static void dump_chain(struct dump *dump, pid_t pid)
{
	static const char *const first[] = { "--track-mem", NULL };
	static const char *const second[] = { "--track-mem", "--prev-images-dir", "../1", NULL };

	if (!run_dump(dump, "pre-dump", pid, "/1", first))
		return;
	dump->proc = snapshot_tree(pid);
	run_dump(dump, "dump", pid, "/2", second);
}

/* Loudly, and once: of a machine without CRIU both dumps say the same. */
static void tell_skipped(const char *reason)
{
	static const char *told = "";

	if (strcmp(told, reason) != 0)
		printf("SKIPPED: live: %s\n", reason);
	fflush(stdout);
	told = reason;
}

static void make_dump(struct dump *dump)
{
	pid_t pid;

	dump->is_tried = true;
	dump->skipped = criu_is_missing();
	if (!dump->skipped && dump->is_chain)
		dump->skipped = tracking_is_missing();
	if (!dump->skipped) {
		dump->directory = scratch_path("%s/img", dump->name);
		pid = start_workload(dump);
		(dump->is_chain ? dump_chain : dump_whole)(dump, pid);
		end_workload(pid);
	}
	if (dump->skipped)
		tell_skipped(dump->skipped);
}

/* --- forms ------------------------------------------------------------------------------------ */

static const struct form {
	const char *name;
	struct dump *dump;
	const char *path; /* the checkpoint in the dump's scratch directory */
	bool is_packed;
	const char *filter;
} forms[] = {
	{ .name = "directory", .dump = &whole, .path = "img" },
	{ .name = "tar", .dump = &whole, .path = "ck.tar", .is_packed = true },
	{ .name = "zstd tar", .dump = &whole, .path = "ck.tar.zst", .is_packed = true,
	  .filter = "zstd" },
	{ .name = "chain", .dump = &chain, .path = "img/2" },
	{ .name = "chain in a zstd tar", .dump = &chain, .path = "ck.tar.zst", .is_packed = true,
	  .filter = "zstd" },
};

/* Makes the form what the comparisons of tests/interop look at; skips the test where it is none. */
static void open_form(const struct form *form)
{
	struct dump *dump = form->dump;
	const char *checkpoint;

	if (!dump->is_tried)
		make_dump(dump);
	if (dump->skipped)
		skip();
	n_different = 0;
	checkpoint = scratch_path("%s/%s", dump->name, form->path);
	if (opened.checkpoint && !strcmp(opened.checkpoint, checkpoint))
		return;
	if (form->is_packed)
		pack_directory(checkpoint, form->filter, dump->directory, "checkpoint/");
	let_go();
	opened = (struct case_files){
		.name = keep_text("live-%s-criu%s", dump->name, criu_version()),
		.directory = scratch_path("%s", dump->name),
		.checkpoint = checkpoint,
		.truth = dump->truth,
		.proc = dump->proc,
	};
	listings = hold(json_object_new_object());
}

/* --- sockets and /proc/net -------------------------------------------------------------------- */

static size_t n_net_lines;

/* A line of /proc/net/tcp or udp: addresses are words of the machine's order, ports are numbers. */
struct net_line {
	char local[33], remote[33];
	unsigned local_port, remote_port, state, sending, receiving;
	int64_t ino;
};

static bool find_net_line(struct json_object *lines, int64_t ino, struct net_line *ret)
{
	struct json_object *line;

	EACH(line, lines)
		if (sscanf(json_object_get_string(line),
			   " %*d: %32[0-9A-F]:%x %32[0-9A-F]:%x %x %x:%x %*s %*s %*d %*d %" SCNd64,
			   ret->local, &ret->local_port, ret->remote, &ret->remote_port,
			   &ret->state, &ret->sending, &ret->receiving, &ret->ino) == 8 &&
		    ret->ino == ino)
			return true;
	return false;
}

static const char *address_of(const char *hex)
{
	size_t n_words = strlen(hex) / 8;
	char text[INET6_ADDRSTRLEN];
	uint32_t words[4] = { 0 };

	for (size_t i = 0; i < n_words; i++)
		sscanf(hex + 8 * i, "%8x", &words[i]);
	inet_ntop(n_words == 1 ? AF_INET : AF_INET6, words, text, sizeof(text));
	return make_text("%s", text);
}

static void compare_net_line(struct json_object *row, const struct net_line *line)
{
	enum { ESTABLISHED = 1, CLOSE = 7, LISTEN = 10 }; /* the workload has no others */
	const char *state = line->state == ESTABLISHED ? "ESTABLISHED"
			    : line->state == CLOSE     ? "CLOSE"
			    : line->state == LISTEN    ? "LISTEN"
						       : "(another)";

	n_net_lines++;
	same_text("state", state, cell_text(row, "state"));
	same_text("local_addr", address_of(line->local), cell_text(row, "local_addr"));
	same_text("remote_addr", address_of(line->remote), cell_text(row, "remote_addr"));
	same_number("local_port", line->local_port, cell_number(row, "local_port"));
	same_number("remote_port", line->remote_port, cell_number(row, "remote_port"));
	/* Of a listener the kernel shows who waits; of a datagram socket CRIU keeps no queue. */
	if (strcmp(cell_text(row, "type"), "stream") != 0 || line->state == LISTEN)
		return;
	same_number("inq_bytes", line->receiving, cell_number(row, "inq_bytes"));
	same_number("outq_bytes", line->sending, cell_number(row, "outq_bytes"));
}

/* "ADDRESS: REFERENCES PROTOCOL FLAGS TYPE STATE INODE[ PATH]" */
static void compare_unix_line(struct json_object *row, const char *line)
{
	static const char *const types[] = { NULL, "stream", "dgram", NULL, NULL, "seqpacket" };
	enum { LISTENS = 0x10000, CONNECTED = 3 };
	unsigned flags, type, state;
	int path = 0;

	n_net_lines++;
	holds(sscanf(line, "%*s %*s %*s %x %x %x %*d%n", &flags, &type, &state, &path) == 3,
	      "it is a line of /proc/net/unix");
	same_text("type", type < ARRAY_SIZE(types) ? types[type] : NULL, cell_text(row, "type"));
	same_text("state",
		  flags & LISTENS ? "LISTEN" : state == CONNECTED ? "ESTABLISHED" : "CLOSE",
		  cell_text(row, "state"));
	same_text("local_addr", line[path] ? line + path + 1 : NULL, cell_text(row, "local_addr"));
}

static const char *find_unix_line(struct json_object *lines, int64_t wanted)
{
	struct json_object *line;
	int64_t ino;

	EACH(line, lines)
		if (sscanf(json_object_get_string(line), "%*s %*s %*s %*s %*s %*s %" SCNd64,
			   &ino) == 1 && ino == wanted)
			return json_object_get_string(line);
	return NULL;
}

static void compare_socket(const struct case_files *files, struct json_object *row)
{
	const char *family = cell_text(row, "family"), *type = cell_text(row, "type"), *line;
	int64_t ino = cell_number(row, "ino");
	struct json_object *lines;
	struct net_line net = { .ino = -1 };

	look_at("socket %" PRId64 " (/proc/net)", ino);
	if (!strcmp(family, "unix")) {
		line = find_unix_line(member(files->proc, "unix"), ino);
		holds(line != NULL, "the kernel lists it");
		if (line)
			compare_unix_line(row, line);
		return;
	}
	lines = member(files->proc, make_text("%s%s", !strcmp(type, "stream") ? "tcp" : "udp",
					      !strcmp(family, "inet6") ? "6" : ""));
	holds(find_net_line(lines, ino, &net), "the kernel lists it");
	if (net.ino == ino)
		compare_net_line(row, &net);
}

static void sockets_are_live(const struct case_files *files)
{
	struct json_object *row;

	sockets_are_true(files);
	EACH(row, list_table("socket", files))
		compare_socket(files, row);
}

/* --- memory ----------------------------------------------------------------------------------- */

static size_t n_markers;

/* The text in the images: where the run of pages says that it lies. */
static void compare_bytes(const struct case_files *files, struct json_object *run, uint64_t address,
			  const char *text)
{
	const char *path = make_text("%s/%s", files->checkpoint, cell_text(run, "pages_image"));
	uint64_t offset = cell_mask(run, "pages_offset") + (address - cell_mask(run, "address"));
	struct bytes bytes = read_file(path);

	holds(offset + strlen(text) < bytes.len && !memcmp(bytes.data + offset, text, strlen(text)),
	      "the marker lies where page_run says");
	free((void *)(uintptr_t)bytes.data);
}

static struct json_object *run_with(struct json_object *runs, int64_t pid, uint64_t address)
{
	struct json_object *run;

	EACH(run, runs)
		if (cell_number(run, "pid") == pid && cell_mask(run, "address") <= address &&
		    address < cell_mask(run, "end"))
			return run;
	return NULL;
}

/* Text that the workload wrote: its page was dumped, here or in the parent, and holds it. */
static void check_marker(const struct case_files *files, struct json_object *truth)
{
	uint64_t address = strtoull(text_of(truth, "addr"), NULL, 16);
	uint64_t mapping = strtoull(text_of(truth, "mapping"), NULL, 16);
	int64_t pid = number_of(truth, "pid");
	struct json_object *vma = row_at_address(list_table("vma", files), pid, mapping), *run;
	const char *state;

	look_at("pid %" PRId64 " marker %s", pid, text_of(truth, "text"));
	n_markers++;
	holds(cell_number(vma, "pages_present") + cell_number(vma, "pages_parent") > 0,
	      "pages of its mapping were dumped");
	run = run_with(list_table("page_run", files), pid, address);
	state = run ? cell_text(run, "state") : NULL;
	holds(is_one_of("present parent", state), "a run of pages has it");
	if (state && !strcmp(state, "present") && is_there(make_text("%s/.", files->checkpoint)))
		compare_bytes(files, run, address, text_of(truth, "text"));
}

/*
 * The kernel's vsyscall page is in maps and images where the kernel has one. Those that the cases
 * of tests/interop come from have none; its comparison leaves the line away, so here the row, too.
 */
static bool is_vsyscall(struct json_object *row)
{
	return !strcmp(cell_text(row, "kind"), "vsyscall");
}

static struct json_object *without_vsyscall(struct json_object *vmas)
{
	struct json_object *others = hold(json_object_new_array()), *row;

	EACH(row, vmas)
		if (!is_vsyscall(row))
			json_object_array_add(others, json_object_get(row));
	return others;
}

static void compare_vsyscall(struct json_object *vmas, struct json_object *task)
{
	struct json_object *line, *row;

	EACH(line, member(task, "maps")) {
		struct mapping mapping = read_mapping(json_object_get_string(line));

		if (strcmp(mapping.name, "[vsyscall]") != 0)
			continue;
		look_at("pid %" PRId64 " [vsyscall]", image_pid(task));
		row = row_at_address(vmas, image_pid(task), mapping.start);
		holds(row && is_vsyscall(row), "it has a row of its kind");
		same_mask("end", mapping.end, cell_mask(row, "end"));
		same_text("prot", mapping.prot, cell_text(row, "prot"));
	}
}

static void mappings_are_live(const struct case_files *files)
{
	struct json_object *vmas = list_table("vma", files), *others = without_vsyscall(vmas);
	struct json_object *task, *truth;

	EACH(task, proc_tasks(files)) {
		if (!member(task, "maps"))
			continue; /* a zombie */
		compare_mappings(others, task, image_pid(task));
		compare_vsyscall(vmas, task);
	}
	check_mapping_truth(files, others);
	EACH(truth, member(files->truth, "marker"))
		check_marker(files, truth);
}

/* --- the checkpoint --------------------------------------------------------------------------- */

static void checkpoint_is_live(const struct case_files *files)
{
	struct json_object *row = element(list_table("checkpoint", files), 0);

	compare_container(files, row); /* of CRIU's own, none */
	compare_compression(files, row);
	compare_kernel(files, row);
	compare_totals(files, row);
	same_text("criu_version", criu_version(), cell_text(row, "criu_version"));
	same_number("page_size", sysconf(_SC_PAGESIZE), cell_number(row, "page_size"));
}

/* Both say nothing on standard error, where they would say what is wrong; all tasks are there. */
static void summaries_are_clean(const struct case_files *files)
{
	static const char *const commands[] = { "show", "ps" };
	struct json_object *task;
	struct outcome outcome;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		look_at("%s", commands[i]);
		outcome = run(commands[i], files->checkpoint, NULL);
		same_number("exit status", 0, outcome.status);
		same_text("standard error", "", (const char *)outcome.err.data);
	}
	EACH(task, proc_tasks(files))
		holds(strstr((const char *)outcome.out.data,
			     make_text("%" PRId64 " ", number_of(task, "pid"))) != NULL,
		      "ps has the pid of every task");
}

/* --- running ---------------------------------------------------------------------------------- */

static const struct live_subject {
	const char *name;
	void (*look)(const struct case_files *files);
} subjects[] = {
	{ "checkpoint", checkpoint_is_live }, { "processes", processes_are_true },
	{ "descriptors", descriptors_are_true }, { "sockets", sockets_are_live },
	{ "mappings", mappings_are_live }, { "summaries", summaries_are_clean },
};

struct live_test {
	const struct live_subject *subject;
	const struct form *form;
};

static void look_at_form(void **state)
{
	const struct live_test *test = *state;

	open_form(test->form);
	test->subject->look(&opened);
	if (n_different)
		fail_msg("%s of the %s: %zu differences", test->subject->name, test->form->name,
			 n_different);
}

/* A test must not pass because there was nothing to compare: at least the three whole dumps. */
static void enough_is_compared(void **state)
{
	(void)state;
	if (whole.skipped)
		skip();
	n_different = 0;
	look_at("all");
	printf("compared: %zu values\n", n_compared);
	enough_was_compared("processes", n_processes, 3 * 5);
	enough_was_compared("variables", n_variables, 3 * 4 * 4);
	enough_was_compared("descriptors", n_descriptors, 3 * 100);
	enough_was_compared("mappings", n_mappings, 3 * 110);
	enough_was_compared("lines of /proc/net", n_net_lines, 3 * 14);
	enough_was_compared("markers in memory", n_markers, 3 * 3);
	enough_was_compared("lines of truth about processes", n_process_truths, 3 * 9);
	enough_was_compared("lines of truth about descriptors", n_descriptor_truths, 3 * 16);
	enough_was_compared("lines of truth about sockets", n_socket_truths, 3 * 14);
	if (n_different)
		fail_msg("not enough was compared");
}

int main(void)
{
	static struct live_test live_tests[ARRAY_SIZE(forms)][ARRAY_SIZE(subjects)];
	static struct CMUnitTest tests[ARRAY_SIZE(forms) * ARRAY_SIZE(subjects) + 1];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
		for (size_t j = 0; j < ARRAY_SIZE(subjects); j++) {
			live_tests[i][j] = (struct live_test){ &subjects[j], &forms[i] };
			tests[n++] = (struct CMUnitTest){
				.name = keep_text("%s of the %s", subjects[j].name, forms[i].name),
				.test_func = look_at_form,
				.initial_state = &live_tests[i][j],
			};
		}
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(enough_is_compared);
	return run_all(tests);
}
