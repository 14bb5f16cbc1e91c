/*
 * check against the truth: what a finished dump of an engine has in it is no error; what the workload says that it had
 * is found by its rule; and of a dump that CRIU refused the reason that it was made for comes first.
 */
#include "tests/interop/corpus.h"

static size_t n_clean, n_conditions, n_refused;

static struct json_object *check(const struct case_files *files)
{
	struct json_object *report = member(listings, "check");
	struct outcome outcome;

	if (report)
		return report;
	outcome = run("check", files->checkpoint, "--format", "json", NULL);
	report = json_parse(outcome.out);
	holds(report != NULL, "check prints JSON");
	if (report)
		json_object_object_add(listings, "check", report);
	return report;
}

/* --- finished dumps ---------------------------------------------------------------------------------- */

/* What is wrong by intention: a device that belongs to the host, memory that was left behind. */
static const struct {
	const char *case_name, *rule;
} meant[] = {
	{ "accepted-chardev-*", "file-kmem" },
	{ "lazy-pages-*", "pages-lazy" },
	{ "page-server-*", "pages-elsewhere" },
	{ "broken-parent-*", "parent-outside-archive" },
	{ "podman-pre-*", "parent-outside-archive" }, /* one archive of two */
};

static bool is_meant(const char *case_name, const char *rule)
{
	for (size_t i = 0; i < ARRAY_SIZE(meant); i++)
		if (fnmatch(meant[i].case_name, case_name, 0) == 0 && !strcmp(meant[i].rule, rule))
			return true;
	return false;
}

static void clean_dumps_have_no_error(const struct case_files *files)
{
	struct json_object *finding;

	if (is_refused(files) || !files->checkpoint)
		return;
	n_clean++;
	EACH(finding, member(check(files), "findings"))
	{
		const char *severity = text_of(finding, "severity"), *rule = text_of(finding, "rule");

		look_at("%s", files->name);
		if (is_one_of("blocker error", severity) && !is_meant(files->name, rule))
			differs("%s %s: %s", severity, rule, text_of(finding, "message"));
	}
}

static void enough_dumps_were_clean(void)
{
	enough_was_compared("finished dumps", n_clean, 20);
}

/* --- what the workload had ----------------------------------------------------------------------------- */

/* An entry LIST of the truth whose KEY is VALUE (and whose OTHER_KEY is OTHER) is found by one of RULES. */
static const struct condition {
	const char *list, *key, *value, *other_key, *other, *rules;
} conditions[] = {
	{ "socket", "kind", "tcp-established", "peer", "outside",
	  "tcp-established tcp-established-leave-running" },
	{ "socket", "kind", "tcp-established", "peer", "inside", "tcp-established-internal" },
	{ "socket", "kind", "netlink", NULL, NULL, "netlink-socket" },
	{ "socket", "kind", "packet", NULL, NULL, "raw-packet-socket" },
	{ "socket", "kind", "raw", NULL, NULL, "raw-packet-socket" },
	{ "socket", "name", "@corpus-abstract-seqpacket", NULL, NULL, "unix-abstract" },
	{ "socket", "deleted", "true", NULL, NULL, "unix-bound-path" },
	{ "socket", "kind", "unix-connected", "peer", "outside", "unix-external-image" },
	{ "socket", "kind", "unix-established", "peer", "outside", "unix-external-stream-image" },
	{ "fd", "kind", "ghost", NULL, NULL, "file-ghost" },
	{ "fd", "kind", "linked-remap", NULL, NULL, "file-link-remap file-link-remap-gone" },
	{ "fd", "kind", "fanotify", NULL, NULL, "fanotify" },
	{ "fd", "kind", "memfd", NULL, NULL, "memfd" },
	{ "fd", "kind", "pidfd", NULL, NULL, "pidfd" },
	{ "fd", "kind", "tun", NULL, NULL, "tun" },
	{ "task", "comm", "zombie42", NULL, NULL, "task-zombie" },
	{ "task", "comm", "stopped", NULL, NULL, "task-stopped" },
	{ "task", "comm", "rt-sched", NULL, NULL, "task-sched-rt" },
	{ "task", "comm", "signals", NULL, NULL, "task-signals-pending" },
	{ "task", "comm", "orphan", NULL, NULL, "session-missing-leader" },
	{ "task", "comm", "seccomp-filt", NULL, NULL, "seccomp-filter" },
	{ "task", "comm", "timers", NULL, NULL, "itimer" },
	{ "map", "kind", "4 pages: r-x locked 'RX-PAGE', PROT_NONE, MADV_DONTFORK, MADV_DONTDUMP", NULL, NULL,
	  "mem-locked" },
	{ "map", "kind", "4 pages: r-x locked 'RX-PAGE', PROT_NONE, MADV_DONTFORK, MADV_DONTDUMP", NULL, NULL,
	  "vma-anonymous-executable" },
	{ "sysv_shm", NULL, NULL, NULL, NULL, "ipc-shared-namespace" },
};

static bool is_found(const struct case_files *files, const char *rules)
{
	struct json_object *finding;

	EACH(finding, member(check(files), "findings"))
		if (is_one_of(rules, text_of(finding, "rule")))
			return true;
	return false;
}

static bool has(struct json_object *entry, const char *key, const char *value)
{
	const char *text = key ? text_of(entry, key) : NULL;

	return !key || (text && !strcmp(text, value));
}

static bool matches(struct json_object *entry, const struct condition *condition)
{
	return has(entry, condition->key, condition->value) &&
	       has(entry, condition->other_key, condition->other);
}

static bool truth_has(const struct case_files *files, const struct condition *condition)
{
	struct json_object *list = member(files->truth, condition->list), *entry;

	if (json_object_is_type(list, json_type_object))
		return matches(list, condition);
	EACH(entry, list)
		if (matches(entry, condition))
			return true;
	return false;
}

/* A lock, which a descriptor of the truth holds; all but leases are one rule's. */
static bool truth_has_lock(const struct case_files *files)
{
	struct json_object *fd;

	EACH(fd, member(files->truth, "fd"))
	{
		struct json_object *lock = member(fd, "lock");

		lock = json_object_is_type(lock, json_type_array) ? element(lock, 0) : lock;
		if (lock && strcmp(text_of(lock, "type"), "lease") != 0)
			return true;
	}
	return false;
}

static bool truth_has_queue(const struct case_files *files)
{
	struct json_object *socket;

	EACH(socket, member(files->truth, "socket"))
		if (has(socket, "kind", "tcp-established") && number_of(socket, "unread_inbound") > 0)
			return true;
	return false;
}

static void expect(const struct case_files *files, bool condition, const char *what, const char *rules)
{
	if (!condition)
		return;
	n_conditions++;
	if (!is_found(files, rules))
		differs("%s is not found by %s", what, rules);
}

static void conditions_are_found(const struct case_files *files)
{
	if (is_refused(files) || !files->checkpoint || !files->truth)
		return;
	look_at("%s", files->name);
	for (size_t i = 0; i < ARRAY_SIZE(conditions); i++)
		expect(files, truth_has(files, &conditions[i]),
		       make_text("%s %s", conditions[i].list, conditions[i].value ? conditions[i].value : ""),
		       conditions[i].rules);
	expect(files, truth_has_lock(files), "a lock", "file-lock k8s-locks-lost");
	expect(files, truth_has_queue(files), "a TCP queue", "tcp-unsent-data");
}

static void enough_conditions_were_found(void)
{
	enough_was_compared("conditions", n_conditions, 80);
}

/* --- refused dumps ------------------------------------------------------------------------------------- */

static const struct {
	const char *case_name, *rules;
} refusals[] = {
	{ "refused-alg-*", "sock-family" },
	{ "refused-bigghost-*", "ghost-too-big" },
	{ "refused-blockdev-*", "dev-block-open" },
	{ "refused-bpfmap-*", "bpf-no-libbpf" },
	{ "refused-chardev-fuse-*", "dev-fuse-server" },
	{ "refused-chardev-loop-control-*", "dev-char-unsupported" },
	{ "refused-chardev-uinput-*", "dev-snd-video-input" },
	{ "refused-compat32-*", "compat-task" },
	{ "refused-corked-*", "udp-corked" },
	{ "refused-ctrd-cri-tcp-*", "tcp-established-refused" },
	{ "refused-enospc-*", "disk-full" },
	{ "refused-extunix-noopt-*", "unix-external" },
	{ "refused-flock-*", "file-lock-held" },
	{ "refused-inflight-*", "tcp-in-flight" },
	{ "refused-iouring-*", "anon-io-uring" },
	{ "refused-kvm-*", "dev-kvm" },
	{ "refused-linkremap-*", "link-remap-needed" },
	{ "refused-oci-crun-userns-*", "mnt-bind-no-root" },
	{ "refused-oci-runc-stdoutfile-*", "file-unknown-mount" },
	{ "refused-perf-*", "anon-perf-event" },
	{ "refused-pidfdout-criu3*", "pidfd-old-criu" },
	{ "refused-pidfdout-*", "pidfd-outside" },
	{ "refused-pktpipe-*", "pipe-packetized" },
	{ "refused-postgres-sysvipc-*", "sysv-no-ipcns" },
	{ "refused-ptraced-*", "traced" },
	{ "refused-sctp-*", "sock-proto" },
	{ "refused-shelljob-*", "tty-dangling-sid" },
	{ "refused-synsent-noopt-*", "tcp-established-refused" },
	{ "refused-tcp*-noopt-*", "tcp-established-refused" },
	{ "refused-vsock-*", "sock-family" },
};

static const char *refusal_of(const char *case_name)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++)
		if (fnmatch(refusals[i].case_name, case_name, 0) == 0)
			return refusals[i].rules;
	return NULL;
}

static void first_finding_is(const struct case_files *files, const char *path, const char *rule)
{
	struct outcome outcome = run("check", path, "--format", "json", NULL);
	struct json_object *report = json_parse(outcome.out);
	struct json_object *first = element(member(report, "findings"), 0);

	look_at("%s", path);
	same_text("the first finding", rule, text_of(first, "rule"));
	same_text("its severity", "blocker", text_of(first, "severity"));
	holds(outcome.status == 1 || outcome.status == 4, "it fails");
	json_object_put(report);
	n_refused++;
	(void)files;
}

/* By the log alone, and by what was left behind where the log lies with it. */
static void refusals_are_explained(const struct case_files *files)
{
	const char *rule = refusal_of(files->name);
	const char *log = make_text("%s/dump.log", files->directory);
	const char *inside = make_text("%s/img/dump.log", files->directory);

	if (!is_refused(files))
		return;
	holds(rule != NULL, "the case is known");
	if (rule && is_there(log))
		first_finding_is(files, log, rule);
	if (rule && is_there(inside))
		first_finding_is(files, make_text("%s/img", files->directory), rule);
}

static void enough_refusals_were_explained(void)
{
	enough_was_compared("refusals", n_refused, 2);
}

int main(void)
{
	static const struct subject subjects[] = {
		{ "clean dumps", clean_dumps_have_no_error, enough_dumps_were_clean },
		{ "conditions", conditions_are_found, enough_conditions_were_found },
		{ "refusals", refusals_are_explained, enough_refusals_were_explained },
	};

	return run_over_cases("check", subjects, ARRAY_SIZE(subjects));
}
