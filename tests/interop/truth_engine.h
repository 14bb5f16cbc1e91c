/*
 * The table checkpoint against what the engines said of the container (inspect.json of podman and
 * docker, container-status.json of the CRI, truth.json) and against the machine (proc.json).
 */
#pragma once

#include "tests/interop/corpus.h"
#include "tests/interop/tasks.h"

#include <time.h>

static size_t n_checkpoints, n_containers;

/* The first that fits. */
static const struct {
	const char *cases, *producer;
} producers[] = {
	{ "podman-*", "podman" },
	{ "crun-podman-*", "podman" },
	{ "wrap-*", "podman" }, /* what is in the image */
	{ "ctrd-cri-*", "containerd" },
	{ "ctr-*", "ctr" },
	{ "handmade-crio-*", "cri-o" },
	{ "docker-*", "docker" },
	{ "lxc-*", "lxc" },
	{ "oci-*", "runc" }, /* crun's images have the same form, and nothing in them says crun */
	{ "*", "criu" },
};

static bool is_case(const struct case_files *files, const char *pattern)
{
	return fnmatch(pattern, files->name, 0) == 0;
}

static const char *wanted_producer(const struct case_files *files)
{
	size_t i = 0;

	while (!is_case(files, producers[i].cases))
		i++;
	return producers[i].producer;
}

/* --- the machine ------------------------------------------------------------------------------ */

/* "Linux HOST RELEASE VERSION... MACHINE" */
static void compare_kernel(const struct case_files *files, struct json_object *row)
{
	const char *uname = text_of(files->proc, "kernel");
	char release[128];

	same_text("arch", strrchr(uname, ' ') + 1, cell_text(row, "arch"));
	holds(sscanf(uname, "%*s %*s %127s", release) == 1, "proc.json has a kernel release");
	if (cell(row, "kernel"))
		same_text("kernel", release, cell_text(row, "kernel"));
}

/* Images do not record it, so it is derived. All addresses of mappings are multiples of it. */
static void compare_page_size(const struct case_files *files, struct json_object *row)
{
	int64_t wanted = is_case(files, "*-arm64-16k-*") ? 16384 : 4096;

	/* A page server's client has no pages to derive it from; x86 has one size only. */
	same_number("page_size", wanted, cell_number(row, "page_size"));
}

static void compare_totals(const struct case_files *files, struct json_object *row)
{
	int64_t fds = 0, threads = 0;
	struct json_object *task;

	EACH(task, proc_tasks(files)) {
		fds += (int64_t)length(member(task, "fds"));
		/* A zombie shows no threads in proc.json, and has one. */
		threads += member(task, "threads") ? (int64_t)length(member(task, "threads")) : 1;
	}
	same_number("processes", (int64_t)length(proc_tasks(files)), cell_number(row, "processes"));
	same_number("threads", threads, cell_number(row, "threads"));
	same_number("fds", fds, cell_number(row, "fds"));
}

/* --- the software ----------------------------------------------------------------------------- */

/* The case's name ends in it. It is known from the log's head, where the log is kept. */
static void compare_criu_version(const struct case_files *files, struct json_object *row)
{
	const char *wanted = strstr(files->name, "-criu") + strlen("-criu");
	bool has_log = is_there(make_text("%s/dump.log", files->checkpoint)) ||
		       is_case(files, "ctrd-cri-*") || is_case(files, "handmade-crio-*") ||
		       is_case(files, "podman-image-*"); /* an annotation says it */

	same_text("criu_version", has_log ? wanted : NULL, cell_text(row, "criu_version"));
}

static void compare_compression(const struct case_files *files, struct json_object *row)
{
	static const struct {
		const char *pattern, *compression;
	} forms[] = {
		{ "*.tar.gzip", "gzip" }, { "*.tar.zst", "zstd" }, { "*.tar.zstd", "zstd" },
		{ "*.tar.none", "none" }, { "*.tar", "none" },	   { "*", NULL },
	};
	size_t i = 0;

	while (fnmatch(forms[i].pattern, files->checkpoint, 0) != 0)
		i++;
	same_text("compression", forms[i].compression, cell_text(row, "compression"));
}

/* --- the container ---------------------------------------------------------------------------- */

/* Times of one day: their text sorts as they do. */
static bool is_before(const char *one, const char *other)
{
	return strncmp(one, other, strlen("2026-11-23T14:09:01")) < 0;
}

static void compare_podman(const struct case_files *files, struct json_object *row)
{
	struct json_object *inspect = element(case_json(files->directory, "inspect.json"), 0);
	const char *started = text_of(member(inspect, "State"), "StartedAt");

	same_text("container", text_of(inspect, "Name"), cell_text(row, "container"));
	same_text("container_id", text_of(inspect, "Id"), cell_text(row, "container_id"));
	same_text("image", text_of(inspect, "ImageName"), cell_text(row, "image"));
	same_text("image_id", text_of(inspect, "Image"), cell_text(row, "image_id"));
	same_text("created", text_of(inspect, "Created"), cell_text(row, "created"));
	same_text("runtime", text_of(inspect, "OCIRuntime"), cell_text(row, "runtime"));
	holds(cell(row, "checkpointed") && !is_before(cell_text(row, "checkpointed"), started),
	      "it was checkpointed after it was started");
	if (member(files->truth, "ip"))
		same_text("ip", text_of(files->truth, "ip"), cell_text(row, "ip"));
	n_containers++;
}

/*
 * The CRI's own time of birth, in nanoseconds since 1970, is some milliseconds after that of
 * containerd's record of the container, which is what goes into the archive.
 */
static void compare_birth(const struct case_files *files, struct json_object *row)
{
	struct json_object *status = member(case_json(files->directory, "container-status.json"),
					    "status");
	time_t seconds = (time_t)(strtoll(text_of(status, "created_at"), NULL, 10) / 1000000000);
	char wanted[32];
	struct tm utc;

	gmtime_r(&seconds, &utc);
	strftime(wanted, sizeof(wanted), "%Y-%m-%dT%H:%M:%S", &utc);
	same_text("created", wanted,
		  make_text("%.*s", (int)strlen(wanted), cell_text(row, "created")));
	same_text("image_id", text_of(status, "image_ref"), cell_text(row, "image_id"));
}

static void compare_kubernetes(const struct case_files *files, struct json_object *row)
{
	static const char *const names[] = { "container", "container_id", "pod", "namespace",
					     "image" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		same_text(names[i], text_of(files->truth, names[i]), cell_text(row, names[i]));
	holds(is_before(cell_text(row, "created"), cell_text(row, "checkpointed")),
	      "it was checkpointed after it was made");
	/* containerd's archives do not say it. */
	if (is_case(files, "handmade-crio-*"))
		same_text("ip", text_of(files->truth, "pod_ip"), cell_text(row, "ip"));
	else
		compare_birth(files, row);
	n_containers++;
}

/* Docker's name of the container and its image stand beside the checkpoint, not in it. */
static void compare_docker(const struct case_files *files, struct json_object *row)
{
	same_text("container_id", text_of(files->truth, "container_id"),
		  cell_text(row, "container_id"));
	n_containers++;
}

/* ctr knows no name but the id. */
static void compare_ctr(const struct case_files *files, struct json_object *row)
{
	same_text("container_id", text_of(files->truth, "container_id"),
		  cell_text(row, "container_id"));
	same_text("image", text_of(files->truth, "image"), cell_text(row, "image"));
	n_containers++;
}

static void compare_lxc(const struct case_files *files, struct json_object *row)
{
	same_text("container", text_of(files->truth, "container"), cell_text(row, "container"));
	n_containers++;
}

static void no_container(const struct case_files *files, struct json_object *row)
{
	static const char *const columns[] = { "container", "container_id", "pod", "namespace",
					       "image", "created" };

	(void)files;
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		same_text(columns[i], NULL, cell_text(row, columns[i]));
}

static void compare_container(const struct case_files *files, struct json_object *row)
{
	static const struct {
		const char *producer;
		void (*compare)(const struct case_files *files, struct json_object *row);
	} comparisons[] = {
		{ "podman", compare_podman },	  { "containerd", compare_kubernetes },
		{ "cri-o", compare_kubernetes },  { "docker", compare_docker },
		{ "lxc", compare_lxc },		  { "ctr", compare_ctr },
		{ "runc", no_container },	  { "criu", no_container },
	};
	const char *producer = wanted_producer(files);

	same_text("producer", producer, cell_text(row, "producer"));
	for (size_t i = 0; i < ARRAY_SIZE(comparisons); i++)
		if (!strcmp(comparisons[i].producer, producer))
			comparisons[i].compare(files, row);
}

static void checkpoint_is_known(const struct case_files *files)
{
	struct json_object *rows, *row;

	if (files->checkpoint && !is_refused(files)) {
		rows = list_table("checkpoint", files);
		row = element(rows, 0);
		same_number("rows", 1, (int64_t)length(rows));
		compare_container(files, row);
		compare_compression(files, row);
		compare_criu_version(files, row);
		compare_page_size(files, row);
		if (files->proc) {
			compare_kernel(files, row);
			compare_totals(files, row);
		}
		n_checkpoints++;
	}
}

static void enough_checkpoints_were_compared(void)
{
	enough_was_compared("checkpoints", n_checkpoints, 20);
	enough_was_compared("checkpoints of containers", n_containers, 8);
}
