/* Mounts: /proc/PID/mountinfo, once for each mount namespace. */
#include <sys/mount.h>

#include "decoders/base/size.h"
#include "decoders/live/leaves.h"
#include "decoders/live/proc.h"
#include "decoders/model/leaves/mount.h"
#include "decoders/model/leaves/text_lines.h"

/* The kernel writes blanks, line feeds and backslashes as three octal digits. */
static struct bytes unescape(struct arena *arena, struct bytes text)
{
	uint8_t *to = arena_alloc(arena, text.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		const uint8_t *d = text.data + i;

		if (d[0] == '\\' && text.len - i > 3 && d[1] >= '0' && d[1] <= '3' && d[2] >= '0' && d[2] <= '7' &&
		    d[3] >= '0' && d[3] <= '7') {
			to[n++] = (uint8_t)((d[1] - '0') << 6 | (d[2] - '0') << 3 | (d[3] - '0'));
			i += 3;
		} else {
			to[n++] = d[0];
		}
	}
	return (struct bytes){ to, n };
}

static const struct {
	const char *name;
	uint32_t flag;
} flag_names[] = {
	{ "ro", MS_RDONLY },	     { "nosuid", MS_NOSUID },	      { "nodev", MS_NODEV },
	{ "noexec", MS_NOEXEC },     { "noatime", MS_NOATIME },	      { "nodiratime", MS_NODIRATIME },
	{ "relatime", MS_RELATIME }, { "sync", MS_SYNCHRONOUS },      { "dirsync", MS_DIRSYNC },
	{ "mand", MS_MANDLOCK },     { "lazytime", MS_LAZYTIME },
};

static uint32_t flags_of(struct bytes options)
{
	uint32_t flags = 0;

	while (options.len) {
		struct bytes word = bytes_first(options, bytes_find(options, ','));

		for (size_t i = 0; i < ARRAY_SIZE(flag_names); i++)
			if (bytes_equal(word, bytes_of(flag_names[i].name)))
				flags |= flag_names[i].flag;
		options = bytes_from(options, word.len + 1);
	}
	return flags;
}

/* The optional words: "shared:7", "master:3"; up to "-". */
static void take_propagation(struct bytes *line, struct mount *mount)
{
	struct bytes word, number;
	uint64_t id;

	while ((word = text_word(line)).len && !bytes_equal(word, BYTES("-"))) {
		if (proc_field(word, "shared:", &number) && proc_take_number(&number, 10, &id))
			mount->shared_id = (uint32_t)id;
		else if (proc_field(word, "master:", &number) && proc_take_number(&number, 10, &id))
			mount->master_id = (uint32_t)id;
	}
}

/* "36 35 98:0 /root /mountpoint rw,noatime shared:1 - ext4 /dev/vda rw,errors=continue" */
static bool parse(struct arena *arena, struct bytes line, struct mount *ret)
{
	static const struct bytes deleted = { (const uint8_t *)"//deleted", 9 };
	uint64_t id, parent, high, low;

	if (!proc_take_number(&line, 10, &id) || !proc_take_number(&line, 10, &parent) ||
	    !proc_take_number(&line, 10, &high) || line.len == 0 || line.data[0] != ':')
		return false;
	line = bytes_from(line, 1);
	if (!proc_take_number(&line, 10, &low))
		return false;
	ret->mnt_id = (uint32_t)id;
	ret->parent_id = (uint32_t)parent;
	ret->device = (uint32_t)(high << 20 | (low & 0xfffff));
	ret->root = unescape(arena, text_word(&line));
	ret->mountpoint = unescape(arena, text_word(&line));
	ret->flags = flags_of(text_word(&line));
	take_propagation(&line, ret);
	ret->fstype = unescape(arena, text_word(&line));
	ret->source = unescape(arena, text_word(&line));
	ret->options = unescape(arena, text_word(&line));
	ret->sb_flags = flags_of(ret->options);
	if (bytes_end_with(ret->root, deleted)) {
		ret->root.len -= deleted.len;
		ret->is_deleted = true;
	}
	return ret->fstype.len > 0;
}

static void read_mounts(struct live *live, struct leaf_rows *rows, struct proc_file *file, uint32_t ns_id)
{
	struct checkpoint *checkpoint = live->checkpoint;
	struct bytes line;

	while (proc_line(file, &line)) {
		struct mount mount = {
			.origin = proc_origin(file->member, file->line), .ns_id = ns_id,
			.shared_id = ABSENT_U32, .master_id = ABSENT_U32,
		};

		if (rows->n == MAX_LIVE_MOUNTS) {
			unseen_limit(live, UNSEEN_MOUNTS, "mounts", MAX_LIVE_MOUNTS);
			return;
		}
		if (!parse(&checkpoint->arena, line, &mount)) {
			problems_add(&checkpoint->problems,
				     error_in_source(error_at(error_in_image(error_new(ERROR_DAMAGED, "no line of a mount"),
						checkpoint->source.members.items[file->member].name),
						file->line, NO_OFFSET), checkpoint->source.path));
			continue;
		}
		*(struct mount *)leaf_add(checkpoint, rows) = mount;
	}
}

void live_fill_mounts(struct live *live, struct leaf_rows *rows)
{
	struct checkpoint *checkpoint = live->checkpoint;
	struct map seen = { 0 };
	struct proc_file file;

	checkpoint_need(checkpoint, PART_TASKS);
	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		const struct process *process = &checkpoint->processes.items[i];

		if (!strcmp(process->state, "zombie") || map_get(&seen, process->mnt_ns) != MAP_NONE ||
		    !proc_open(live, UNSEEN_MOUNTS, process->pid, "mountinfo", &file))
			continue;
		map_put(&checkpoint->arena, &seen, process->mnt_ns, 0);
		read_mounts(live, rows, &file, process->mnt_ns);
		proc_close(&file);
	}
}
