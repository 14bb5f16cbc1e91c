/* Signal actions: in core, or in sigacts-PID.img of old dumps, in order of signals. */
#include "decoders/model/leaves/cores.h"
#include "decoders/model/leaves/sigaction.h"
#include "signals.pb-c.h"

/* SIGKILL and SIGSTOP, which is 23 on MIPS, have no action and are not in the list. */
static uint32_t signal_at(const struct checkpoint *checkpoint, uint32_t position)
{
	uint32_t stop = core_is_mips(checkpoint) ? 23 : 19, signal = position + 1;

	signal += signal >= 9;
	signal += signal >= stop;
	return signal;
}

static const char *action_of(uint64_t handler)
{
	return handler == 0 ? "default" : handler == 1 ? "ignore" : "handler";
}

static void add_action(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid,
		       uint32_t position, const SaEntry *from, struct origin origin)
{
	struct sigaction_row *action = leaf_add(checkpoint, rows);

	*action = (struct sigaction_row){
		.origin = origin,
		.pid = pid,
		.signal = signal_at(checkpoint, position),
		.action = action_of(from->sigaction),
		.handler = from->sigaction > 1 ? from->sigaction : ABSENT_U64,
		.flags = from->flags,
		.mask = from->mask,
		.mask_extended = from->has_mask_extended ? from->mask_extended : ABSENT_U64,
		.restorer = from->restorer,
		.compat = from->compat_sigaction,
	};
}

static bool load_core(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid)
{
	const TaskCoreEntry *task;
	bool found = false;
	struct core core;

	if (!core_open(checkpoint, pid, &core))
		return false;
	task = core.entry->tc;
	for (size_t i = 0; task && i < task->n_sigactions; i++, found = true)
		add_action(checkpoint, rows, pid, (uint32_t)i, task->sigactions[i], core.origin);
	core_close(checkpoint, &core);
	return found;
}

static void load_beside(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "SIGACT", &reader, "sigacts-%u.img", pid))
		return;
	while (image_next(&reader, &entry))
		add_action(checkpoint, rows, pid, entry.index, (const SaEntry *)entry.message,
			   load_origin(&reader, &entry));
	load_close(checkpoint, &reader);
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		uint32_t pid = checkpoint->processes.items[i].pid;

		if (!load_core(checkpoint, rows, pid))
			load_beside(checkpoint, rows, pid);
	}
}

const struct leaf leaf_sigaction = {
	.name = "sigaction",
	.row_size = sizeof(struct sigaction_row),
	.needs = PART_TASKS,
	.load = load,
};
