/* Which engine runs the container: it is told by the name of the control group that the root task is in. */
#include "decoders/base/size.h"
#include "decoders/live/proc.h"

/* What stands before the container's id in the last component, and behind it. */
static const struct {
	const char *before, *after, *producer;
} names[] = {
	{ "libpod-", ".scope", "podman" },
	{ "crio-", ".scope", "cri-o" },
	{ "cri-containerd-", ".scope", "containerd" },
	{ "docker-", ".scope", "docker" },
	{ "lxc.payload.", "", "lxc" },
	{ "libpod-", "", "podman" },
	{ "crio-", "", "cri-o" },
};

static bool take_component(struct bytes component, struct engine *engine)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct bytes before = bytes_of(names[i].before), after = bytes_of(names[i].after);

		if (!bytes_start_with(component, before) || !bytes_end_with(component, after) ||
		    component.len <= before.len + after.len)
			continue;
		engine->producer = names[i].producer;
		engine->recognised = "the name of the control group";
		engine->container_id = bytes_from(component, before.len);
		engine->container_id.len -= after.len;
		return true;
	}
	return false;
}

/* podman puts the processes into a group of their own below: any component may be the one. */
static bool take_path(struct bytes path, struct engine *engine)
{
	while (path.len) {
		size_t end = bytes_find(path, '/');

		if (take_component(bytes_first(path, end), engine))
			return true;
		path = bytes_from(path, end + 1);
	}
	return false;
}

void live_load_engine(struct checkpoint *checkpoint)
{
	struct live *live = live_of(checkpoint);
	struct engine *engine = &checkpoint->engine;
	uint32_t member = UINT32_MAX;
	struct bytes text;

	*engine = (struct engine){ .producer = "criu", .recognised = "nothing names an engine", .member = UINT32_MAX };
	text = proc_text(live, UNSEEN_TASKS, live->root, "cgroup", &member);
	while (text.len) {
		size_t end = bytes_find(text, '\n');

		if (take_path(bytes_first(text, end), engine)) {
			engine->member = member;
			break;
		}
		text = bytes_from(text, end + 1);
	}
	unseen_tell(live);
}
