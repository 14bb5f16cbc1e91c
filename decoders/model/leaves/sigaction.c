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

static bool take_core(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid,
		      const struct core *core)
{
	const TaskCoreEntry *task = core->entry->tc;

	for (size_t i = 0; task && i < task->n_sigactions; i++)
		add_action(checkpoint, rows, pid, (uint32_t)i, task->sigactions[i], core->origin);
	return task && task->n_sigactions;
}

static void take_beside(struct checkpoint *checkpoint, struct leaf_rows *rows, uint32_t pid,
			const struct image_entry *entry, struct origin origin)
{
	add_action(checkpoint, rows, pid, entry->index, (const SaEntry *)entry->message, origin);
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	static const struct core_part actions = { take_core, { { "SIGACT", take_beside } } };

	core_part_load(checkpoint, rows, &actions);
}

const struct leaf leaf_sigaction = {
	.name = "sigaction",
	.row_size = sizeof(struct sigaction_row),
	.needs = PART_TASKS,
	.load = load,
};
