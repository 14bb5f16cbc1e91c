/*
 * A checkpoint directory as an older CRIU would have written it.
 *
 * Takes images of today's layout and puts what is in them where old dumps have it: headers without
 * the common magic, an image for each type of file, images beside core and mm, numbers in other
 * fields. It works on the wire form with an encoder of its own, and knows field numbers and names
 * from CRIU's sources (its .proto files, image-desc.c), not from the code under test; only
 * the kind table is asked which name and magic a kind has, which decode_test holds against
 * the reference decoder.
 *
 * Each difference is a bit, so that all mixtures that history has seen can be made.
 */
#pragma once

#include "tests/interop/old_images.h"

/* --- one function a kind: each puts all entries somewhere -------------------------------------- */

HELPER void old_inventory(struct old_layout *old, struct old_reading *from)
{
	struct out *image = old_image(old, "INVENTORY", 0);
	uint64_t without = 0;
	struct bytes payload;
	struct out out;

	without |= old->features & OLD_HEADERS ? FIELD(1) : 0;
	without |= old->features & OLD_FDINFO ? FIELD(2) : 0;
	without |= old->features & OLD_NAMESPACES ? FIELD(4) : 0;
	out_init(&out, -1);
	while (old_next(from, &payload)) {
		if (old->features & OLD_HEADERS)
			put_number(&out, 1, 1);
		put_moving(old, &out, payload, without);
		old_put(old, image, out_held(&out));
		out_clear(&out);
	}
	out_deinit(&out);
}

/* task_core_entry; whatever leaves it goes to images of that pid. */
HELPER void old_task_core(struct old_layout *old, uint64_t pid, struct bytes tc, struct bytes thread,
			  struct out *core)
{
	struct bytes timers = message_of(tc, 7);
	uint64_t without = 0;
	struct out out;

	if (old->features & OLD_SIGACTIONS) {
		without |= FIELD(15);
		old_put_each(old, "SIGACT", pid, tc, 15);
	}
	if (old->features & OLD_RLIMITS) {
		without |= FIELD(8);
		old_put_each(old, "RLIMIT", pid, message_of(tc, 8), 1);
	}
	if (old->features & OLD_TIMERS) {
		without |= FIELD(7);
		for (uint32_t which = 1; which <= 3; which++)
			old_put_each(old, "ITIMERS", pid, timers, which);
		old_put_each(old, "POSIX_TIMERS", pid, timers, 4);
	}
	if (old->features & OLD_SIGNALS) {
		without |= FIELD(10);
		old_put_each(old, "SIGNAL", pid, message_of(tc, 10), 1);
	}
	out_init(&out, -1);
	put_moving(old, &out, tc, without);
	if ((old->features & OLD_SECCOMP) && old_is_alike(old, pid)) {
		struct wire_field mode = field_of(thread, 11), filter = field_of(thread, 12);

		if (mode.whole.data)
			put_number(&out, 11, mode.value);
		if (filter.whole.data)
			put_number(&out, 12, filter.value);
	}
	put_message(core, 3, &out);
	out_deinit(&out);
}

HELPER void old_thread_core(struct old_layout *old, uint64_t tid, bool is_leader,
			    struct bytes thread, struct out *core)
{
	struct bytes creds = message_of(thread, 10);
	uint64_t without = 0;
	struct out out;

	if (old->features & OLD_SIGNALS) {
		without |= FIELD(9);
		old_put_each(old, "PSIGNAL", tid, message_of(thread, 9), 1);
	}
	if (old->features & OLD_CREDS) {
		without |= FIELD(10);
		if (is_leader && creds.data)
			old_put(old, old_image(old, "CREDS", tid), creds);
	}
	if ((old->features & OLD_SECCOMP) && old_is_alike(old, tid))
		without |= FIELD(11) | FIELD(12);
	out_init(&out, -1);
	put_moving(old, &out, thread, without);
	put_message(core, 5, &out);
	out_deinit(&out);
}

HELPER void old_core(struct old_layout *old, struct old_reading *from)
{
	uint64_t tid = from->number;
	const struct old_task *task = old_task(old, tid);
	struct out *image = old_image(old, "CORE", tid);
	struct bytes payload;
	struct out out;

	out_init(&out, -1);
	while (old_next(from, &payload)) {
		struct bytes tc = message_of(payload, 3), thread = message_of(payload, 5);

		put_without(&out, payload, FIELD(3) | FIELD(4) | FIELD(5));
		if (task && task->ids.data && (old->features & (OLD_IDS_IN_CORE | OLD_IDS_TWICE))) {
			put_bytes(&out, 4, task->ids);
			old->n_moved++;
		}
		if (thread.data)
			old_thread_core(old, tid, tc.data, thread, &out);
		if (tc.data)
			old_task_core(old, tid, tc, thread, &out);
		old_put(old, image, out_held(&out));
		out_clear(&out);
	}
	out_deinit(&out);
}

HELPER void old_ids(struct old_layout *old, struct old_reading *from)
{
	struct bytes payload;

	if ((old->features & OLD_IDS_IN_CORE) && old_task(old, from->number))
		return;
	while (old_next(from, &payload))
		old_put(old, old_image(old, "IDS", from->number), payload);
}

/* madv and fdflags came late. */
HELPER void old_vma(struct old_layout *old, struct bytes vma, struct out *out)
{
	put_moving(old, out, vma, old->features & OLD_FIELDS ? FIELD(9) | FIELD(10) : 0);
}

HELPER void old_mm(struct old_layout *old, struct old_reading *from)
{
	uint64_t without = FIELD(14) | (old->features & OLD_FIELDS ? FIELD(15) | FIELD(17) : 0);
	struct bytes payload;
	struct out mm, vma;

	out_init(&mm, -1);
	out_init(&vma, -1);
	while (old_next(from, &payload)) {
		struct wire_field field;

		put_without(&mm, payload, without);
		EACH_FIELD(field, payload) {
			if (field.number != 14)
				continue;
			old_vma(old, field.content, &vma);
			if (old->features & OLD_VMAS)
				old_put(old, old_image(old, "VMAS", from->number), out_held(&vma));
			else
				put_bytes(&mm, 14, out_held(&vma));
			old->n_moved += (old->features & OLD_VMAS) != 0;
			out_clear(&vma);
		}
		old_put(old, old_image(old, "MM", from->number), out_held(&mm));
		out_clear(&mm);
	}
	out_deinit(&mm);
	out_deinit(&vma);
}

/* Fields of file_entry, and the image of each; watches: the field inside, and their image. */
static const struct old_file {
	uint32_t field;
	const char *kind;
	uint32_t watches;
	const char *watches_kind;
} old_file_kinds[] = {
	{ 3, "REG_FILES", 0, NULL },   { 4, "INETSK", 0, NULL },
	{ 5, "NS_FILES", 0, NULL },    { 6, "PACKETSK", 0, NULL },
	{ 7, "NETLINK_SK", 0, NULL },  { 8, "EVENTFD_FILE", 0, NULL },
	{ 9, "EVENTPOLL_FILE", 4, "EVENTPOLL_TFD" },
	{ 10, "SIGNALFD", 0, NULL },   { 11, "TUNFILE", 0, NULL },
	{ 12, "TIMERFD", 0, NULL },    { 13, "INOTIFY_FILE", 5, "INOTIFY_WD" },
	{ 14, "FANOTIFY_FILE", 6, "FANOTIFY_MARK" },
	{ 15, "EXT_FILES", 0, NULL },  { 16, "UNIXSK", 0, NULL },
	{ 17, "FIFO", 0, NULL },       { 18, "PIPES", 0, NULL },
	{ 19, "TTY_FILES", 0, NULL },  { 21, "BPFMAP_FILE", 0, NULL },
	{ 22, "PIDFD", 0, NULL }, /* a memfd has none: it came after files.img */
};

/* Alone they name their file. */
HELPER void old_put_watches(struct old_layout *old, const struct old_file *type,
			    struct bytes message)
{
	struct out *image = old_image(old, type->watches_kind, 0), watch;
	struct wire_field field;

	out_init(&watch, -1);
	EACH_FIELD(field, message) {
		if (field.number != type->watches)
			continue;
		put_number(&watch, 1, field_of(message, 1).value);
		put_without(&watch, field.content, FIELD(1));
		old_put(old, image, out_held(&watch));
		out_clear(&watch);
	}
	out_deinit(&watch);
}

/* The fields that came with the years: a path's size, mode and check sums. */
HELPER void old_file_message(struct old_layout *old, const struct old_file *type,
			     struct bytes message, struct out *out)
{
	uint64_t without = 0;

	if (type->watches && (old->features & OLD_WATCHES)) {
		without |= FIELD(type->watches);
		old_put_watches(old, type, message);
	}
	if (type->field == 3 && (old->features & OLD_FIELDS))
		without |= FIELD(8) | FIELD(10) | FIELD(11) | FIELD(12) | FIELD(13) | FIELD(14);
	put_moving(old, out, message, without);
}

HELPER void old_file(struct old_layout *old, struct bytes entry)
{
	struct wire_field field = { 0 };
	struct out file, message;

	out_init(&file, -1);
	out_init(&message, -1);
	for (size_t i = 0; i < ARRAY_SIZE(old_file_kinds) && !field.whole.data; i++) {
		field = field_of(entry, old_file_kinds[i].field);
		if (!field.whole.data)
			continue;
		old_file_message(old, &old_file_kinds[i], field.content, &message);
		if (old->features & OLD_FILES) {
			old_put(old, old_image(old, old_file_kinds[i].kind, 0), out_held(&message));
			old->n_moved++;
		} else {
			put_without(&file, entry, FIELD(field.number));
			put_message(&file, field.number, &message);
			old_put(old, old_image(old, "FILES", 0), out_held(&file));
		}
	}
	if (!field.whole.data)
		old_put(old, old_image(old, "FILES", 0), entry);
	out_deinit(&file);
	out_deinit(&message);
}

HELPER void old_files(struct old_layout *old, struct old_reading *from)
{
	struct bytes payload;

	if (!(old->features & OLD_FILES))
		old_image(old, "FILES", 0);
	while (old_next(from, &payload))
		old_file(old, payload);
}

/* A table for each task that has it, instead of one for all of them. */
HELPER void old_fdinfo(struct old_layout *old, struct old_reading *from)
{
	bool by_pid = (old->features & OLD_FDINFO) && old->tasks.n;
	struct bytes rest = bytes_from(from->bytes, cursor_offset(&from->cursor));

	if (!by_pid)
		out_bytes(old_image(old, "FDINFO", from->number), rest);
	for (size_t i = 0; by_pid && i < old->tasks.n; i++) {
		const struct old_task *task = &old->tasks.items[i];

		if (!task->ids.data || field_of(task->ids, 2).value != from->number)
			continue;
		out_bytes(old_image(old, "FDINFO", task->pid), rest);
		old->n_moved += task->pid != from->number;
	}
}

HELPER void old_remaps(struct old_layout *old, struct old_reading *from)
{
	struct out *image = old_image(old, "REMAP_FPATH", 0);
	struct bytes payload;
	struct out out;

	out_init(&out, -1);
	while (old_next(from, &payload)) {
		uint64_t id = field_of(payload, 2).value, type = field_of(payload, 3).value;
		bool changes = (old->features & OLD_REMAPS) && type != 2; /* a dead process */

		put_moving(old, &out, payload, changes ? FIELD(2) | FIELD(3) : 0);
		if (changes)
			put_number(&out, 2, type == 1 ? id | 0x80000000 : id);
		old_put(old, image, out_held(&out));
		out_clear(&out);
	}
	out_deinit(&out);
}

/* A run that is lazy too has no old form. */
HELPER void old_page_run(struct old_layout *old, struct bytes run, struct out *out)
{
	uint64_t flags = field_of(run, 4).value, count = field_of(run, 5).value, without = 0;
	bool no_flags = (old->features & OLD_PAGE_FLAGS) && (flags == 1 || flags == 4);
	bool old_count = (old->features & OLD_PAGE_COUNTS) && count && count <= UINT32_MAX;

	without |= old_count ? FIELD(2) | FIELD(5) : 0;
	without |= no_flags ? FIELD(3) | FIELD(4) : 0;
	put_moving(old, out, run, without);
	if (old_count)
		put_number(out, 2, count);
	if (no_flags && flags == 1)
		put_number(out, 3, 1);
}

HELPER void old_pagemap(struct old_layout *old, struct old_reading *from)
{
	struct out *image = old_image_named(old, from->kind, from->name);
	struct bytes payload;
	bool is_head = true;
	struct out out;

	out_init(&out, -1);
	while (old_next(from, &payload)) {
		if (is_head)
			out_bytes(&out, payload);
		else
			old_page_run(old, payload, &out);
		is_head = false;
		old_put(old, image, out_held(&out));
		out_clear(&out);
	}
	out_deinit(&out);
}

/* The bytes of a segment, from its page map. NULL where that is not all there is to them. */
HELPER uint8_t *old_segment(struct old_layout *old, uint64_t id, uint64_t size)
{
	const char *pagemap = make_text("pagemap-shmem-%" PRIu64 ".img", id), *pages = NULL;
	uint8_t *bytes = arena_zalloc(&old->arena, size + 4);
	struct bytes content = NO_BYTES, payload;
	struct old_reading reading;
	uint64_t done = 0;

	if (!old_open(old, pagemap, &reading))
		return NULL;
	while (old_next(&reading, &payload)) {
		uint64_t start = field_of(payload, 1).value, len = field_of(payload, 5).value;

		if (!pages) {
			pages = make_text("pages-%" PRIu64 ".img", start);
			content = old_read(old, pages);
			continue;
		}
		len = 4096 * (len ? len : field_of(payload, 2).value);
		if (len > content.len - done || start > size || len > size - start)
			return NULL;
		memcpy(bytes + start, content.data + done, len);
		done += len;
	}
	*vec_push(&old->arena, &old->dropped) = pagemap;
	if (pages)
		*vec_push(&old->arena, &old->dropped) = pages;
	return bytes;
}

HELPER void old_shm(struct old_layout *old, struct old_reading *from)
{
	struct out *image = old_image(old, "IPCNS_SHM", from->number);
	struct bytes payload;
	struct out out;

	out_init(&out, -1);
	while (old_next(from, &payload)) {
		uint64_t id = field_of(message_of(payload, 1), 7).value;
		uint64_t size = field_of(payload, 2).value;
		const uint8_t *bytes = NULL;

		if ((old->features & OLD_SHM) && field_of(payload, 3).value)
			bytes = old_segment(old, id, size);
		put_moving(old, &out, payload, bytes ? FIELD(3) : 0);
		old_put(old, image, out_held(&out));
		if (bytes)
			out_write(image, bytes, (size + 3) / 4 * 4);
		out_clear(&out);
	}
	out_deinit(&out);
}

HELPER void old_mounts(struct old_layout *old, struct old_reading *from)
{
	struct out *image = old_image_named(old, from->kind, from->name);
	struct bytes payload;
	struct out out;

	out_init(&out, -1);
	while (old_next(from, &payload)) {
		put_moving(old, &out, payload,
			   old->features & OLD_FIELDS ? FIELD(12) | FIELD(15) | FIELD(17) : 0);
		old_put(old, image, out_held(&out));
		out_clear(&out);
	}
	out_deinit(&out);
}

/* --- a directory ------------------------------------------------------------------------------ */

static const struct old_kind {
	const char *kind;
	unsigned features;
	void (*convert)(struct old_layout *old, struct old_reading *from);
} old_kinds[] = {
	{ "INVENTORY", OLD_HEADERS | OLD_FDINFO | OLD_NAMESPACES, old_inventory },
	{ "CORE", OLD_SIGACTIONS | OLD_RLIMITS | OLD_TIMERS | OLD_SIGNALS | OLD_CREDS | OLD_SECCOMP |
			  OLD_IDS_IN_CORE | OLD_IDS_TWICE, old_core },
	{ "IDS", OLD_IDS_IN_CORE, old_ids },
	{ "MM", OLD_VMAS | OLD_FIELDS, old_mm },
	{ "FILES", OLD_FILES | OLD_WATCHES | OLD_FIELDS, old_files },
	{ "FDINFO", OLD_FDINFO, old_fdinfo },
	{ "REMAP_FPATH", OLD_REMAPS, old_remaps },
	{ "PAGEMAP", OLD_PAGE_FLAGS | OLD_PAGE_COUNTS, old_pagemap },
	{ "SHMEM_PAGEMAP", OLD_PAGE_FLAGS | OLD_PAGE_COUNTS, old_pagemap },
	{ "IPCNS_SHM", OLD_SHM, old_shm },
	{ "MNTS", OLD_FIELDS, old_mounts },
};

/* The field of task_kobj_ids_entry that names of these kinds hold; pids once. */
static const struct {
	const char *kind;
	uint32_t field;
} old_namespace_kinds[] = {
	{ "NETDEV", 6 }, { "IPC_VAR", 7 }, { "IPCNS_SHM", 7 }, { "IPCNS_MSG", 7 },
	{ "IPCNS_SEM", 7 }, { "UTSNS", 8 }, { "MNTS", 9 },
};

/* What an image of a namespace is called where it has the pid of the first task. */
HELPER const char *old_namespace_name(const struct old_layout *old, const struct image_kind *kind,
				      uint64_t number)
{
	const struct old_task *root = old->tasks.n ? &old->tasks.items[0] : NULL;

	for (size_t i = 0; i < ARRAY_SIZE(old_namespace_kinds); i++)
		if (!strcmp(old_namespace_kinds[i].kind, kind->name) &&
		    (old->features & OLD_NAMESPACES) && root && root->ids.data &&
		    field_of(root->ids, old_namespace_kinds[i].field).value == number)
			return old_name(kind, root->pid);
	return NULL;
}

HELPER bool old_is_dropped(const struct old_layout *old, const char *name)
{
	for (size_t i = 0; i < old->dropped.n; i++)
		if (!strcmp(old->dropped.items[i], name))
			return true;
	return false;
}

/* The image with another header, or unchanged. */
HELPER void old_copy(struct old_layout *old, struct old_reading *from)
{
	if (!(old->features & OLD_HEADERS) || from->kind->first == FIRST_NONE)
		old_keep(old, from->name);
	else
		out_bytes(old_image_named(old, from->kind, from->name),
			  bytes_from(from->bytes, cursor_offset(&from->cursor)));
}

HELPER void old_convert(struct old_layout *old, struct old_reading *from)
{
	const char *renamed = old_namespace_name(old, from->kind, from->number);
	const struct old_kind *kind = NULL;
	size_t n = old->images.n;

	for (size_t i = 0; i < ARRAY_SIZE(old_kinds) && !kind; i++)
		if (!strcmp(old_kinds[i].kind, from->kind->name) &&
		    (old_kinds[i].features & old->features))
			kind = &old_kinds[i];
	if (kind)
		kind->convert(old, from);
	else if (renamed)
		out_bytes(old_image_named(old, from->kind, from->name),
			  bytes_from(from->bytes, cursor_offset(&from->cursor)));
	else
		old_copy(old, from);
	for (; renamed && n < old->images.n; n++)
		old->images.items[n]->name = renamed, old->n_moved++;
}

HELPER void old_finish(struct old_layout *old)
{
	for (size_t i = 0; i < old->images.n; i++) {
		struct old_image *image = old->images.items[i];

		old_write(make_text("%s/%s", old->to, image->name), out_held(&image->bytes),
			  image->mtime);
		out_deinit(&image->bytes);
	}
}

HELPER void old_file_of_directory(struct old_layout *old, const char *name)
{
	struct old_reading reading;
	struct stat st;
	char target[4096];
	ssize_t len;

	if (lstat(make_text("%s/%s", old->from, name), &st) < 0 || old_is_dropped(old, name))
		return;
	if (S_ISLNK(st.st_mode)) {
		len = readlink(make_text("%s/%s", old->from, name), target, sizeof(target) - 1);
		target[len > 0 ? len : 0] = '\0';
		if (symlink(target, make_text("%s/%s", old->to, name)) < 0)
			fail_msg("cannot link %s/%s", old->to, name);
	} else if ((old->features & NO_INVENTORY) && !strcmp(name, "inventory.img")) {
		old->n_moved++;
	} else if (S_ISREG(st.st_mode)) {
		if (old_open(old, name, &reading))
			old_convert(old, &reading);
		else
			old_keep(old, name);
	}
}

/* The files of one directory. Returns how much is not where it was. */
HELPER size_t old_directory(const char *from, const char *to, unsigned features,
			    struct dirent *const *names, int n)
{
	struct old_layout old = { .from = from, .to = to, .features = features };
	struct bytes inventory;

	arena_init(&old.arena);
	write_file(make_text("%s/.made", to), "", 0);
	unlink(make_text("%s/.made", to));
	inventory = old_read(&old, "inventory.img");
	if (!inventory.data) /* nothing says how the old ones are numbered */
		old.features &= ~(unsigned)(OLD_FDINFO | OLD_NAMESPACES);
	old_read_tasks(&old);
	for (int i = 0; i < n; i++)
		old_file_of_directory(&old, names[i]->d_name);
	old_finish(&old);
	arena_deinit(&old.arena);
	return old.n_moved;
}

HELPER int old_is_wanted(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
	       strcmp(entry->d_name, "ref") != 0;
}

/* A whole tree of them. */
HELPER size_t old_tree(const char *from, const char *to, unsigned features)
{
	struct dirent **names;
	int n = scandir(from, &names, old_is_wanted, alphasort);
	size_t n_moved;

	if (n < 0) {
		fail_msg("cannot read %s", from);
		return 0;
	}
	n_moved = old_directory(from, to, features, names, n);
	for (int i = 0; i < n; i++) {
		if (names[i]->d_type == DT_DIR)
			n_moved += old_tree(make_text("%s/%s", from, names[i]->d_name),
					      make_text("%s/%s", to, names[i]->d_name), features);
		free(names[i]);
	}
	free(names);
	return n_moved;
}
