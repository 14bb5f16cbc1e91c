/* Running processes as a checkpoint: tasks, out of what a hostile or broken /proc may hold. */
#include "tests/support/fake_proc.h"

#include "decoders/model/leaves/mount.h"
#include "decoders/model/leaves/rlimit.h"
#include "decoders/model/leaves/signal.h"

/* --- what is in it ------------------------------------------------------------------------------------ */

static void a_tree_is_a_process_and_what_descends_from_it(void **state)
{
	const struct process *root, *worker;

	(void)state;
	begin("tree");
	open_fake(100);
	checkpoint_need(&checkpoint, PART_TASKS | PART_ENGINE);
	assert_int_equal(checkpoint.processes.n, 3);
	root = process_of(100);
	worker = process_of(101);
	assert_int_equal(root->ppid, 0);
	assert_int_equal(worker->ppid, 100);
	assert_int_equal(process_of(102)->ppid, 101);
	assert_string_equal(text_of(worker->comm), "worker");
	assert_string_equal(worker->state, "alive");
	assert_string_equal(checkpoint.engine.producer, "podman");
	assert_int_equal(checkpoint.engine.container_id.len, 64);
	assert_source(worker->origin, "101/stat");
	assert_int_equal(checkpoint.problems.n, 0);
	close_fake();
}

/* That of the control groups is read for the engine, and for the sets that tasks are in. */
static void a_file_is_one_member_however_often_it_is_read(void **state)
{
	const struct member *members;
	size_t n;

	(void)state;
	begin("members");
	open_fake(100);
	checkpoint_need(&checkpoint, PART_EVERYTHING);
	members = checkpoint.source.members.items;
	n = checkpoint.source.members.n;
	assert_in_range(n, 10, 200);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++)
			assert_false(bytes_equal(members[i].name, members[j].name));
	assert_source(process_of(100)->origin, "100/stat");
	close_fake();
}

static void credentials_are_those_of_status(void **state)
{
	const struct process *worker;

	(void)state;
	begin("credentials");
	open_fake(100);
	checkpoint_need(&checkpoint, PART_TASKS);
	worker = process_of(101);
	assert_int_equal(worker->credentials.uid, 1000);
	assert_int_equal(worker->credentials.fsgid, 4);
	assert_int_equal(worker->credentials.n_groups, 2);
	assert_int_equal(worker->credentials.groups[1], 24);
	assert_int_equal(worker->credentials.cap_permitted, 0x1ffffffffff);
	assert_int_equal(worker->credentials.cap_ambient, 4);
	assert_int_equal(worker->credentials.no_new_privs, 1);
	assert_string_equal(worker->seccomp, "filter");
	assert_string_equal(text_of(worker->credentials.lsm_profile), "container-default (enforce)");
	assert_int_equal(checkpoint.problems.n, 0);
	close_fake();
}

static void properties_are_those_of_their_files(void **state)
{
	const struct process *worker;

	(void)state;
	begin("properties");
	open_fake(100);
	checkpoint_need(&checkpoint, PART_TASKS);
	worker = process_of(101);
	assert_int_equal(worker->umask, 027);
	assert_int_equal(worker->tracer_pid, 99);
	assert_int_equal(process_of(100)->tracer_pid, 0);
	assert_int_equal(worker->ns_pid, 7);
	assert_int_equal(worker->ns_sid, 0);
	assert_int_equal(worker->personality, 0x40000);
	assert_int_equal(worker->loginuid, UINT32_MAX);
	assert_int_equal(worker->oom_score_adj, -500);
	assert_int_equal(worker->net_ns, 4026531840u);
	assert_int_equal(worker->ipc_ns, ABSENT_U32);
	assert_int_equal(worker->tty, 34816);
	assert_int_equal(checkpoint.problems.n, 0);
	close_fake();
}

static void threads_are_scheduled_as_stat_says(void **state)
{
	(void)state;
	begin("threads");
	open_fake(100);
	checkpoint_need(&checkpoint, PART_TASKS);
	assert_int_equal(checkpoint.threads.items[0].nice, -5);
	assert_int_equal(checkpoint.threads.items[0].sched_policy, 2);
	assert_int_equal(checkpoint.threads.items[0].sched_priority, 9);
	assert_int_equal(checkpoint.threads.items[0].blocked_signals, 0x10000);
	assert_string_equal(checkpoint.threads.items[0].state, "sleeping");
	assert_int_equal(checkpoint.problems.n, 0);
	close_fake();
}

static void limits_and_signals_are_rows(void **state)
{
	struct leaf_rows limits, signals;
	const struct rlimit_row *limit;
	const struct signal *signal;

	(void)state;
	begin("limits");
	put("101/limits", "Limit                     Soft Limit           Hard Limit           Units     \n"
			  "Max cpu time              unlimited            unlimited            seconds   \n"
			  "Max open files            1024                 524288               files     \n"
			  "Max something new         1                    2                    \n");
	open_fake(100);
	limits = rows_of(&leaf_rlimit);
	limit = limits.items;
	assert_int_equal(limits.n, 2);
	assert_string_equal(limit[0].name, "cpu");
	assert_int_equal(limit[0].soft, ABSENT_U64);
	assert_int_equal(limit[1].resource, 7);
	assert_int_equal(limit[1].soft, 1024);
	assert_int_equal(limit[1].hard, 524288);
	signals = rows_of(&leaf_signal);
	signal = signals.items;
	assert_int_equal(signals.n, 6); /* of each process one that any thread takes, and one of its thread */
	assert_int_equal(signal[0].signal, 10);
	assert_int_equal(signal[0].tid, ABSENT_U32);
	assert_int_equal(signal[3].signal, 5);
	assert_int_equal(signal[3].tid, 100);
	close_fake();
}

static void arguments_and_environment_are_strings(void **state)
{
	char path[512];

	(void)state;
	begin("strings");
	snprintf(path, sizeof(path), "%s/101/cmdline", fake);
	write_file(path, "a\0b c\0\0\0\0", 9);
	snprintf(path, sizeof(path), "%s/101/environ", fake);
	write_file(path, "A=1\0\0B=2=3\0NOVALUE\0=x", 22);
	open_fake(100);
	checkpoint_need(&checkpoint, PART_STRINGS);
	assert_true(bytes_equal(process_of(101)->argv.bytes, BYTES("a\0b c\0")));
	assert_int_equal(checkpoint.env.n, 4);
	assert_string_equal(text_of(checkpoint.env.items[1].name), "B");
	assert_string_equal(text_of(checkpoint.env.items[1].value), "2=3");
	assert_int_equal(checkpoint.env.items[1].origin.offset, 5);
	assert_null(checkpoint.env.items[2].value.data);
	close_fake();
}

/* --- which tasks -------------------------------------------------------------------------------------- */

static void parents_in_a_circle_are_gone_through_once(void **state)
{
	(void)state;
	begin("circle");
	put_stat("100/stat", 100, "init", 'S', 102);
	open_fake(100);
	checkpoint_need(&checkpoint, PART_TASKS);
	assert_int_equal(checkpoint.processes.n, 3);
	close_fake();
}

/* Of a control group the task that was there first is the root; whoever came in from outside keeps its parent. */
static void a_control_group_has_the_first_task_as_its_root(void **state)
{
	const char *group = scratch_path("group");
	struct live_options options = { .cgroup = group };
	struct error *error;

	(void)state;
	begin("cgroup");
	options.proc = fake;
	write_file(scratch_path("group/cgroup.procs"), "200\n101\n", 8);
	write_file(scratch_path("group/below/cgroup.procs"), "102\n4711\n0\nx\n", 13);
	assert_true(live_recognise(group, &(struct live_options){ 0 }));
	assert_null(live_open(group, &options, &checkpoint));
	checkpoint_need(&checkpoint, PART_TASKS);
	assert_int_equal(checkpoint.processes.n, 3);
	assert_int_equal(process_of(101)->ppid, 0);
	assert_int_equal(process_of(102)->ppid, 101);
	assert_int_equal(process_of(200)->ppid, 1);
	close_fake();
	write_file(scratch_path("group/cgroup.procs"), "", 0);
	write_file(scratch_path("group/below/cgroup.procs"), "", 0);
	error = live_open(group, &options, &checkpoint);
	assert_non_null(error);
	assert_int_equal(error->kind, ERROR_UNREADABLE);
	error_free(error);
}

static void there_must_be_such_a_process(void **state)
{
	struct live_options options = { .pid = 77 };
	struct error *error;

	(void)state;
	begin("missing");
	options.proc = fake;
	error = live_open("fake", &options, &checkpoint);
	assert_non_null(error);
	assert_int_equal(error->kind, ERROR_UNREADABLE);
	error_free(error);
}

/* --- what is broken, or gone -------------------------------------------------------------------------- */

/* The name of a task may hold what ends it, and whatever else. */
static void names_do_not_lead_astray(void **state)
{
	(void)state;
	begin("names");
	put_stat("101/stat", 101, "a) Z 1 (b", 'T', 100);
	put_stat("102/stat", 102, "\x1b[2J\n)) R 9", 'S', 101);
	open_fake(100);
	checkpoint_need(&checkpoint, PART_TASKS);
	assert_int_equal(checkpoint.processes.n, 3);
	assert_string_equal(text_of(process_of(101)->comm), "a) Z 1 (b");
	assert_string_equal(process_of(101)->state, "stopped");
	assert_int_equal(process_of(101)->ppid, 100);
	assert_string_equal(text_of(process_of(102)->comm), "\x1b[2J\n)) R 9");
	assert_int_equal(process_of(102)->ppid, 101);
	close_fake();
}

static void garbage_costs_its_task_and_no_other(void **state)
{
	static const char *const lines[] = { "", "garbage", "101 (worker", "101 (worker) S", ")101(",
					     "101 (w) S 99999999999999999999999", "101 (w) \xff \xff" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		begin(i % 2 ? "garbage-1" : "garbage-0");
		put("101/task/101/stat", "%s", lines[i]);
		put("101/status", "%s", lines[i]);
		put("101/limits", "Max open files  nonsense\n%s", lines[i]);
		open_fake(100);
		checkpoint_need(&checkpoint, PART_EVERYTHING);
		checkpoint_need_leaf(&checkpoint, &leaf_rlimit);
		assert_int_equal(process_of(100)->n_threads, 1);
		assert_int_equal(process_of(102)->n_threads, 1);
		close_fake();
		put("101/stat", "%s", lines[i]);
		open_fake(100);
		checkpoint_need(&checkpoint, PART_EVERYTHING);
		assert_int_equal(map_get(&checkpoint.process_by_pid, 101), MAP_NONE);
		assert_true(map_get(&checkpoint.process_by_pid, 100) != MAP_NONE);
		close_fake();
	}
}

/* A task that ended after it was found is a note, and the others are there. */
static void who_ends_meanwhile_is_told_and_nothing_is_wrong(void **state)
{
	char path[512], gone[512];

	(void)state;
	begin("ended");
	open_fake(100);
	snprintf(path, sizeof(path), "%s/101", fake);
	snprintf(gone, sizeof(gone), "%s/gone", fake);
	assert_int_equal(rename(path, gone), 0);
	checkpoint_need(&checkpoint, PART_EVERYTHING);
	assert_int_equal(checkpoint.processes.n, 2);
	assert_int_equal(checkpoint.problems.n, 0);
	assert_int_equal(checkpoint.notes.n, 1);
	assert_non_null(strstr(checkpoint.notes.items[0]->message, "1 process ended"));
	close_fake();
}

static void what_is_no_file_is_not_waited_for(void **state)
{
	char path[512];

	(void)state;
	begin("pipes");
	snprintf(path, sizeof(path), "%s/101/status", fake);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	snprintf(path, sizeof(path), "%s/102/mountinfo", fake);
	assert_int_equal(mkfifo(path, 0600), 0);
	open_fake(100);
	checkpoint_need(&checkpoint, PART_EVERYTHING);
	checkpoint_need_leaf(&checkpoint, &leaf_mount);
	assert_true(is_told("tasks could not be seen"));
	assert_true(is_told("mounts could not be seen"));
	assert_int_equal(checkpoint.processes.n, 2);
	close_fake();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tree_is_a_process_and_what_descends_from_it),
		cmocka_unit_test(a_file_is_one_member_however_often_it_is_read),
		cmocka_unit_test(credentials_are_those_of_status),
		cmocka_unit_test(properties_are_those_of_their_files),
		cmocka_unit_test(threads_are_scheduled_as_stat_says),
		cmocka_unit_test(limits_and_signals_are_rows),
		cmocka_unit_test(arguments_and_environment_are_strings),
		cmocka_unit_test(parents_in_a_circle_are_gone_through_once),
		cmocka_unit_test(a_control_group_has_the_first_task_as_its_root),
		cmocka_unit_test(there_must_be_such_a_process),
		cmocka_unit_test(names_do_not_lead_astray),
		cmocka_unit_test(garbage_costs_its_task_and_no_other),
		cmocka_unit_test(who_ends_meanwhile_is_told_and_nothing_is_wrong),
		cmocka_unit_test(what_is_no_file_is_not_waited_for),
	};

	return run_all(tests);
}
