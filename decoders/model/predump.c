#include "decoders/model/predump.h"

#include "decoders/model/find.h"

static bool has_pagemap(const struct checkpoint *checkpoint)
{
	size_t position = 0;

	return find_next_image(&checkpoint->source, checkpoint->images, "PAGEMAP", &position,
			       &(uint64_t){ 0 }) != NULL;
}

bool checkpoint_is_predump(struct checkpoint *checkpoint)
{
	return !checkpoint_image(checkpoint, "pstree.img") && !checkpoint_image(checkpoint, "files.img") &&
	       has_pagemap(checkpoint);
}

static struct process nameless(uint32_t pid, const struct checkpoint *checkpoint,
			       const struct member *pagemap)
{
	return (struct process){
		.origin = { .member = source_index(&checkpoint->source, pagemap), .entry = UINT32_MAX,
			    .offset = UINT64_MAX },
		.pid = pid,
		.ppid = ABSENT_U32, .pgid = ABSENT_U32, .sid = ABSENT_U32,
		.exe_file_id = ABSENT_U32, .cwd_file_id = ABSENT_U32, .root_file_id = ABSENT_U32,
		.exit_code = ABSENT_U32, .personality = ABSENT_U32, .umask = ABSENT_U32,
		.loginuid = ABSENT_U32, .cgroup_set = ABSENT_U32, .files_id = ABSENT_U32,
		.fs_id = ABSENT_U32, .vm_id = ABSENT_U32, .sighand_id = ABSENT_U32,
		.pid_ns = ABSENT_U32, .net_ns = ABSENT_U32, .ipc_ns = ABSENT_U32, .uts_ns = ABSENT_U32,
		.mnt_ns = ABSENT_U32, .user_ns = ABSENT_U32, .cgroup_ns = ABSENT_U32,
		.time_ns = ABSENT_U32,
		.tracer_pid = ABSENT_U32, .ns_pid = ABSENT_U32, .ns_sid = ABSENT_U32,
		.argv_origin = NO_ORIGIN, .environ_origin = NO_ORIGIN,
	};
}

void checkpoint_name_tasks(struct checkpoint *checkpoint)
{
	const struct member *pagemap;
	size_t position = 0;
	uint64_t pid;

	checkpoint_need(checkpoint, PART_TASKS | PART_MAPPINGS);
	if (checkpoint->processes.n || !checkpoint_is_predump(checkpoint))
		return;
	while ((pagemap = find_next_image(&checkpoint->source, checkpoint->images, "PAGEMAP", &position,
					  &pid))) {
		if (pid >= UINT32_MAX || !map_put(&checkpoint->arena, &checkpoint->process_by_pid, pid,
						  (uint32_t)checkpoint->processes.n))
			continue;
		*vec_push(&checkpoint->arena, &checkpoint->processes) =
			nameless((uint32_t)pid, checkpoint, pagemap);
	}
}
