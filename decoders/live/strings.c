/* Arguments and environment: /proc/PID/cmdline and environ. */
#include "decoders/base/size.h"
#include "decoders/live/proc.h"

enum { MAX_LIVE_ENV = 1000000 };

static struct bytes read_strings(struct live *live, uint32_t pid, const char *name, uint32_t *ret_member)
{
	struct bytes text;

	if (live->text >= MAX_LIVE_TEXT) {
		unseen_limit(live, UNSEEN_STRINGS, "bytes of arguments and environment", MAX_LIVE_TEXT);
		return NO_BYTES;
	}
	text = proc_text(live, UNSEEN_STRINGS, pid, name, ret_member);
	live->text += text.len;
	return text;
}

static void add_env(struct live *live, const struct process *process, uint32_t member)
{
	struct checkpoint *checkpoint = live->checkpoint;
	struct bytes rest = process->environ.bytes;
	uint32_t n = 0;

	while (rest.len && checkpoint->env.n < MAX_LIVE_ENV) {
		struct bytes item = bytes_first(rest, bytes_find(rest, '\0'));
		size_t equals = bytes_find(item, '=');
		struct env *env;

		if (item.len) {
			env = vec_push(&checkpoint->arena, &checkpoint->env);
			*env = (struct env){
				.origin = { .member = member, .entry = n++,
					    .offset = (uint64_t)(item.data - process->environ.bytes.data) },
				.pid = process->pid,
				.name = bytes_first(item, equals),
				.value = equals < item.len ? bytes_from(item, equals + 1) : NO_BYTES,
			};
		}
		rest = bytes_from(rest, item.len + 1);
	}
	if (rest.len)
		unseen_limit(live, UNSEEN_STRINGS, "variables of environment", MAX_LIVE_ENV);
}

/* A program that writes its title there leaves zeroes behind it. */
static struct bytes trim(struct bytes strings)
{
	while (strings.len > 1 && strings.data[strings.len - 1] == '\0' && strings.data[strings.len - 2] == '\0')
		strings.len--;
	return strings;
}

void live_load_strings(struct checkpoint *checkpoint)
{
	struct live *live = live_of(checkpoint);

	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		struct process *process = &checkpoint->processes.items[i];
		uint32_t member = NO_ROW;

		if (!strcmp(process->state, "zombie"))
			continue;
		process->argv.bytes = trim(read_strings(live, process->pid, "cmdline", &member));
		process->argv_origin = proc_origin(member, NO_ENTRY);
		member = NO_ROW;
		process->environ.bytes = read_strings(live, process->pid, "environ", &member);
		process->environ_origin = proc_origin(member, NO_ENTRY);
		add_env(live, process, member);
	}
	unseen_tell(live);
}
