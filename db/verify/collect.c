/* One walk over all images: what the model does not keep. */
#include <sys/stat.h>

#include "db/verify/internal.h"
#include "decoders/base/cursor.h"
#include "decoders/model/find.h"
#include "decoders/model/leaves/cgroup.h"
#include "decoders/model/leaves/epoll.h"
#include "decoders/model/leaves/lock.h"
#include "decoders/model/leaves/log.h"
#include "decoders/model/leaves/memfd.h"
#include "decoders/model/leaves/mount.h"
#include "decoders/model/leaves/rootfs.h"
#include "decoders/model/leaves/seccomp.h"
#include "decoders/model/leaves/stat.h"
#include "decoders/model/leaves/sysv.h"
#include "decoders/model/leaves/tcp.h"
#include "decoders/model/leaves/tty.h"
#include "fdinfo.pb-c.h"
#include "files.pb-c.h"
#include "inventory.pb-c.h"
#include "memory.pb-c.h"
#include "sockets.pb-c.h"
#include "task.pb-c.h"

enum { MOST_FIELDS = 1000 }; /* unknown ones and unknown values, kept */

/* The image that is being walked. */
struct walk {
	struct verifier *verifier;
	const struct image_reader *reader;
	struct origin origin; /* of the entry */
	uint64_t payload;     /* bytes of content behind the entry */
	uint64_t number;      /* in the image's name */
};

#define add_fact(walk, list) \
	vec_push(&(walk)->verifier->checkpoint->arena, &(walk)->verifier->facts.list)

/* --- one function a kind ---------------------------------------------------------------------------------- */

static void take_inventory(struct walk *walk, const ProtobufCMessage *message)
{
	const InventoryEntry *entry = (const InventoryEntry *)message;
	const TaskKobjIdsEntry *ids = entry->root_ids;

#define ROOT(field) (ids && ids->has_##field##_ns_id ? ids->field##_ns_id : ABSENT_U32)
	walk->verifier->facts.inventory = (struct inventory_fact){
		.origin = walk->origin,
		.is_there = true,
		.img_version = entry->img_version,
		.fdinfo_per_id = entry->fdinfo_per_id,
		.pre_dump_mode = entry->has_pre_dump_mode ? entry->pre_dump_mode : 0,
		.has_dump_uptime = entry->has_dump_uptime,
		.has_root_ids = ids != NULL,
		.root_cg_set = entry->has_root_cg_set ? entry->root_cg_set : ABSENT_U32,
		.tcp_close = entry->has_tcp_close && entry->tcp_close,
		.mnt_ns = ROOT(mnt), .net_ns = ROOT(net), .ipc_ns = ROOT(ipc),
		.uts_ns = ROOT(uts), .user_ns = ROOT(user), .time_ns = ROOT(time),
	};
#undef ROOT
}

static void take_task(struct walk *walk, const ProtobufCMessage *message)
{
	const PstreeEntry *entry = (const PstreeEntry *)message;
	size_t n = entry->n_threads;
	uint32_t *threads = arena_alloc(&walk->verifier->checkpoint->arena, (n + 1) * sizeof(*threads));

	for (size_t i = 0; i < n; i++)
		threads[i] = entry->threads[i];
	*add_fact(walk, tasks) = (struct task_fact){ walk->origin, entry->pid, entry->ppid, entry->pgid,
						     entry->sid,   threads,    (uint32_t)n };
}

static bool has_registers(const CoreEntry *core)
{
	switch (core->mtype) {
	case CORE_ENTRY__MARCH__X86_64:
		return core->thread_info;
	case CORE_ENTRY__MARCH__ARM:
		return core->ti_arm;
	case CORE_ENTRY__MARCH__AARCH64:
		return core->ti_aarch64;
	case CORE_ENTRY__MARCH__PPC64:
		return core->ti_ppc64;
	case CORE_ENTRY__MARCH__S390:
		return core->ti_s390;
	case CORE_ENTRY__MARCH__MIPS:
		return core->ti_mips;
	case CORE_ENTRY__MARCH__LOONGARCH64:
		return core->ti_loongarch64;
	case CORE_ENTRY__MARCH__RISCV64:
		return core->ti_riscv64;
	default:
		return false;
	}
}

static void take_core(struct walk *walk, const ProtobufCMessage *message)
{
	const CoreEntry *entry = (const CoreEntry *)message;
	struct facts *facts = &walk->verifier->facts;

	map_put(&walk->verifier->checkpoint->arena, &facts->core_by_tid, walk->number,
		(uint32_t)facts->cores.n);
	*add_fact(walk, cores) = (struct core_fact){
		.origin = walk->origin,
		.tid = (uint32_t)walk->number,
		.march = (uint32_t)entry->mtype,
		.has_registers = has_registers(entry),
		.has_task = entry->tc,
		.has_thread = entry->thread_core,
		.state = entry->tc ? entry->tc->task_state : 0,
	};
}

static void take_mm(struct walk *walk, const ProtobufCMessage *message)
{
	const MmEntry *entry = (const MmEntry *)message;

	*add_fact(walk, mms) = (struct mm_fact){
		.origin = walk->origin,
		.pid = (uint32_t)walk->number,
		.exe_file_id = entry->exe_file_id,
		.start_code = entry->mm_start_code, .end_code = entry->mm_end_code,
		.start_data = entry->mm_start_data, .end_data = entry->mm_end_data,
		.start_brk = entry->mm_start_brk, .brk = entry->mm_brk,
		.arg_start = entry->mm_arg_start, .arg_end = entry->mm_arg_end,
		.env_start = entry->mm_env_start, .env_end = entry->mm_env_end,
	};
}

static void take_fs(struct walk *walk, const ProtobufCMessage *message)
{
	const FsEntry *entry = (const FsEntry *)message;

	*add_fact(walk, filesystems) = (struct fs_fact){ walk->origin, (uint32_t)walk->number,
							 entry->cwd_id, entry->root_id };
}

/* Old dumps have no type: the top bit of the id says ghost. */
static void take_remap(struct walk *walk, const ProtobufCMessage *message)
{
	const RemapFilePathEntry *entry = (const RemapFilePathEntry *)message;
	bool is_ghost = entry->has_remap_type ? entry->remap_type == REMAP_TYPE__GHOST
					      : entry->remap_id >> 31;
	bool is_linked = entry->has_remap_type ? entry->remap_type == REMAP_TYPE__LINKED : !is_ghost;

	*add_fact(walk, remaps) = (struct remap_fact){
		.origin = walk->origin,
		.file_id = entry->orig_id,
		.remap_id = is_ghost ? entry->remap_id & 0x7fffffff : entry->remap_id,
		.kind = is_ghost ? REMAP_GHOST : is_linked ? REMAP_LINKED : REMAP_OTHER,
	};
}

static void take_ghost(struct walk *walk, const ProtobufCMessage *message)
{
	const GhostFileEntry *entry = (const GhostFileEntry *)message;
	struct facts *facts = &walk->verifier->facts;

	map_put(&walk->verifier->checkpoint->arena, &facts->ghost_by_id, walk->number, (uint32_t)facts->ghosts.n);
	*add_fact(walk, ghosts) = (struct ghost_fact){
		.origin = walk->origin,
		.id = (uint32_t)walk->number,
		.bytes = walk->payload,
		.is_plain = S_ISREG(entry->mode) && !entry->chunks,
	};
}

static void take_queue(struct walk *walk, const ProtobufCMessage *message)
{
	const SkPacketEntry *entry = (const SkPacketEntry *)message;

	*add_fact(walk, queues) = (struct queue_fact){ walk->origin, FD_TYPES__UND, entry->id_for };
	for (size_t i = 0; i < entry->n_scm; i++)
		for (size_t k = 0; k < entry->scm[i]->n_rights; k++)
			*add_fact(walk, rights) = (struct rights_fact){ walk->origin, entry->id_for,
									entry->scm[i]->rights[k] };
}

static void take_data(struct walk *walk, const ProtobufCMessage *message)
{
	const PipeDataEntry *entry = (const PipeDataEntry *)message;
	bool is_fifo = !strcmp(walk->reader->header.kind->name, "FIFO_DATA");

	*add_fact(walk, queues) = (struct queue_fact){ walk->origin, is_fifo ? FD_TYPES__FIFO : FD_TYPES__PIPE,
						       entry->pipe_id };
}

/* An entry of a type that carries no message of its own is what the others are not. */
static void take_file(struct walk *walk, const ProtobufCMessage *message)
{
	const FileEntry *entry = (const FileEntry *)message;
	const void *const carried[] = {
		[FD_TYPES__REG] = entry->reg,	   [FD_TYPES__PIPE] = entry->pipe,
		[FD_TYPES__FIFO] = entry->fifo,	   [FD_TYPES__INETSK] = entry->isk,
		[FD_TYPES__UNIXSK] = entry->usk,   [FD_TYPES__EVENTFD] = entry->efd,
		[FD_TYPES__EVENTPOLL] = entry->epfd, [FD_TYPES__INOTIFY] = entry->ify,
		[FD_TYPES__SIGNALFD] = entry->sgfd, [FD_TYPES__PACKETSK] = entry->psk,
		[FD_TYPES__TTY] = entry->tty,	   [FD_TYPES__FANOTIFY] = entry->ffy,
		[FD_TYPES__NETLINKSK] = entry->nlsk, [FD_TYPES__NS] = entry->nsf,
		[FD_TYPES__TUNF] = entry->tunf,	   [FD_TYPES__EXT] = entry->ext,
		[FD_TYPES__TIMERFD] = entry->tfd,  [FD_TYPES__MEMFD] = entry->memfd,
		[FD_TYPES__BPFMAP] = entry->bpf,   [FD_TYPES__PIDFD] = entry->pidfd,
	};
	uint32_t type = (uint32_t)entry->type;

	if (type != FD_TYPES__UND && type < ARRAY_SIZE(carried) && !carried[type])
		*add_fact(walk, mismatched) = (struct file_fact){ walk->origin, type, entry->id };
}

static const struct {
	const char *kind;
	void (*take)(struct walk *walk, const ProtobufCMessage *message);
} takers[] = {
	{ "INVENTORY", take_inventory }, { "PSTREE", take_task },     { "CORE", take_core },
	{ "MM", take_mm },		 { "FS", take_fs },	      { "REMAP_FPATH", take_remap },
	{ "SK_QUEUES", take_queue },	 { "FILES", take_file },      { "PIPES_DATA", take_data },
	{ "FIFO_DATA", take_data },	 { "GHOST_FILE", take_ghost },
};

/* --- fields that are not known ----------------------------------------------------------------------------- */

static void see_entry(void *context, const struct image_entry *entry)
{
	struct walk *walk = context;

	walk->origin = load_origin(walk->reader, entry);
}

static void see_unknown(struct walk *walk, const struct prescan_field *field)
{
	struct facts *facts = &walk->verifier->facts;

	if (facts->n_unknown_fields++ >= MOST_FIELDS)
		return;
	*add_fact(walk, unknown_fields) = (struct field_fact){
		.origin = walk->origin,
		.message = field->schema->name,
		.number = field->number,
	};
	facts->unknown_fields.items[facts->unknown_fields.n - 1].origin.offset = field->offset;
}

/* Those that have checks of their own. */
static bool is_checked_elsewhere(const ProtobufCEnumDescriptor *values)
{
	return !strcmp(values->name, "fd_types") || !strcmp(values->name, "core_entry.march");
}

static void see_field(void *context, const struct prescan_field *field)
{
	struct walk *walk = context;
	const ProtobufCFieldDescriptor *of;
	struct cursor cursor;
	uint64_t number;

	if (field->index == SIZE_MAX) {
		see_unknown(walk, field);
		return;
	}
	of = &field->schema->pb->fields[field->index];
	if (of->type != PROTOBUF_C_TYPE_ENUM || field->wire != WIRE_VARINT)
		return;
	cursor = cursor_over(field->value, false);
	if (!cursor_varint(&cursor, &number) || is_checked_elsewhere(of->descriptor) ||
	    protobuf_c_enum_descriptor_get_value(of->descriptor, (int)number) ||
	    walk->verifier->facts.unknown_values.n >= MOST_FIELDS)
		return;
	*add_fact(walk, unknown_values) = (struct field_fact){
		.origin = walk->origin,
		.message = field->schema->name,
		.field = of->name,
		.number = number,
	};
}

/* --- images --------------------------------------------------------------------------------------------------- */

static void walk_entries(struct verifier *verifier, struct image_reader *reader, uint64_t number)
{
	const char *kind = reader->header.kind->name;
	struct walk walk = { .verifier = verifier, .reader = reader, .number = number };
	const struct image_observer observer = { see_entry, { see_field, &walk } };
	void (*take)(struct walk *walk, const ProtobufCMessage *message) = NULL;
	struct image_entry entry;

	reader->observer = &observer;
	for (size_t i = 0; i < ARRAY_SIZE(takers); i++)
		if (!strcmp(takers[i].kind, kind))
			take = takers[i].take;
	while (image_next(reader, &entry)) {
		walk.payload = entry.extra_payload;
		if (take)
			take(&walk, entry.message);
	}
	reader->observer = NULL;
}

/* A page map has neither enums nor files in it, and may have a million entries: once is enough. */
static bool is_read_already(const struct checkpoint *checkpoint, uint32_t member,
			    const struct image_kind *kind)
{
	return checkpoint->read_states[member] == READ_WHOLE &&
	       (!strcmp(kind->name, "PAGEMAP") || !strcmp(kind->name, "SHMEM_PAGEMAP"));
}

/* The kind that the name says; NULL where it says none. */
static const struct image_kind *kind_by_name(struct bytes name, uint64_t *ret_number)
{
	for (unsigned i = 0; i < n_image_kinds; i++)
		if (image_name_fits(&image_kinds[i], name, ret_number))
			return &image_kinds[i];
	return NULL;
}

static void walk_member(struct verifier *verifier, uint32_t index)
{
	struct checkpoint *checkpoint = verifier->checkpoint;
	const struct member *member = &checkpoint->source.members.items[index];
	uint8_t bytes[IMAGE_HEADER_MAX];
	struct bytes head = { bytes, source_head(&checkpoint->source, member, bytes, sizeof(bytes)) };
	struct image_header header = { 0 };
	const struct image_kind *named;
	struct image_reader reader;
	uint64_t number = 0;

	verifier->facts.has_page_files |= bytes_start_with(bytes_basename(member->name), BYTES("pages-"));
	if (!image_recognise(head, member->name, &header) || !header.kind ||
	    !image_name_fits(header.kind, member->name, &number)) {
		named = kind_by_name(member->name, &number);
		if (named && (named->first != FIRST_RAW || header.kind) &&
		    load_open(checkpoint, member, named->name, &reader)) /* which says why not */
			load_close(checkpoint, &reader);
		return;
	}
	verifier->facts.has_pages |= header.kind->tells == 1;
	verifier->facts.has_tasks |= header.kind->tells == 2;
	if (!header.kind->message || is_read_already(checkpoint, index, header.kind) ||
	    !load_open(checkpoint, member, header.kind->name, &reader))
		return;
	walk_entries(verifier, &reader, number);
	load_close(checkpoint, &reader);
}

/* Before the problems are taken over: what these leaves run into is to be among them. */
static void load_leaves(struct checkpoint *checkpoint)
{
	static const struct leaf *const leaves[] = { &leaf_cgroup, &leaf_epoll, &leaf_lock, &leaf_log,
						     &leaf_memfd,  &leaf_mount, &leaf_rootfs,  &leaf_seccomp,
						     &leaf_stat,   &leaf_sysv,	&leaf_tcp,     &leaf_tty };

	for (size_t i = 0; i < ARRAY_SIZE(leaves); i++)
		checkpoint_need_leaf(checkpoint, leaves[i]);
}

void collect_facts(struct verifier *verifier)
{
	struct checkpoint *checkpoint = verifier->checkpoint;

	load_leaves(checkpoint);
	for (uint32_t i = 0; i < checkpoint->source.members.n; i++) {
		const struct member *member = &checkpoint->source.members.items[i];

		if (member->type == MEMBER_FILE &&
		    (member->state == MEMBER_OK || member->state == MEMBER_TRUNCATED ||
		     member->state == MEMBER_SALVAGED) &&
		    bytes_equal(bytes_dirname(member->name), checkpoint->images))
			walk_member(verifier, i);
	}
}

/* --- page maps -------------------------------------------------------------------------------------------------- */

/* The page map that an image is; the model has those of tasks, and of all shared memory. */
static const struct pagemap *pagemap_of(struct checkpoint *checkpoint, const struct map_fact *map)
{
	struct source *source = checkpoint->layers.items[map->layer].source;
	struct pagemap *pagemap;
	struct image_reader reader;

	if (map->is_shmem)
		return layer_shmem_pagemap(checkpoint, map->layer, map->id);
	if (map->process != NO_ROW)
		return layer_pagemap(checkpoint, map->layer, map->process);
	pagemap = arena_zalloc(&checkpoint->arena, sizeof(*pagemap));
	if (load_open_in(checkpoint, source, &source->members.items[map->member], "PAGEMAP", &reader)) {
		pagemap_read(&reader, &checkpoint->arena, pagemap);
		load_close(checkpoint, &reader);
	}
	return pagemap;
}

static void collect_map(struct verifier *verifier, struct map_fact map)
{
	struct checkpoint *checkpoint = verifier->checkpoint;
	const struct layer *layer = &checkpoint->layers.items[map.layer];

	map.process = map.is_shmem ? NO_ROW : map_get(&checkpoint->process_by_pid, map.id);
	/* What an ancestor has of tasks that are gone is nobody's concern. */
	if (map.layer && !map.is_shmem && map.process == MAP_NONE)
		return;
	map.pagemap = pagemap_of(checkpoint, &map);
	map.pages = layer_image(layer, "pages-%u.img", map.pagemap->pages_id);
	map.page_size = checkpoint->page_size;
	if (!map.page_size && map.pages)
		map.page_size = page_size_of(map.pages->size, map.pagemap->total.present);
	*vec_push(&checkpoint->arena, &verifier->facts.maps) = map;
}

void collect_maps(struct verifier *verifier)
{
	static const char *const kinds[] = { "PAGEMAP", "SHMEM_PAGEMAP" };
	struct checkpoint *checkpoint = verifier->checkpoint;

	for (uint32_t i = 0; i < checkpoint->layers.n; i++)
		for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
			struct source *source = checkpoint->layers.items[i].source;
			const struct member *member;
			size_t position = 0;
			uint64_t id;

			while ((member = find_next_image(source, checkpoint->layers.items[i].images, kinds[k],
							 &position, &id)))
				collect_map(verifier, (struct map_fact){ .layer = i,
									 .member = source_index(source, member),
									 .is_shmem = k == 1, .id = id });
		}
}
