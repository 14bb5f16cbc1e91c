/* Mounts, of every mount namespace in the checkpoint. */
#include <ctype.h>

#include "decoders/model/leaves/mount.h"
#include "mounts.pb-c.h"

/* The name as the kernel has it; images carry it where CRIU has no number for the type. */
static struct bytes fstype(struct checkpoint *checkpoint, const MntEntry *from)
{
	const ProtobufCEnumValue *value;
	char *name;

	if (from->has_fsname && from->fsname.len)
		return load_text(checkpoint, true, from->fsname);
	value = protobuf_c_enum_descriptor_get_value(&fstype__descriptor, (int)from->fstype);
	if (!value)
		return bytes_of(arena_printf(&checkpoint->arena, "unknown (%u)", from->fstype));
	name = arena_text(&checkpoint->arena, bytes_of(value->name));
	for (char *p = name; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	if (!strcmp(name, "overlayfs"))
		return BYTES("overlay");
	return bytes_of(name);
}

static void add_mount(struct checkpoint *checkpoint, struct leaf_rows *rows, const MntEntry *from,
		      uint32_t ns_id, struct origin origin)
{
	struct mount *mount = leaf_add(checkpoint, rows);

	*mount = (struct mount){
		.origin = origin,
		.ns_id = ns_id,
		.mnt_id = from->mnt_id,
		.parent_id = from->parent_mnt_id,
		.mountpoint = load_text(checkpoint, from->has_mountpoint, from->mountpoint),
		.root = load_text(checkpoint, from->has_root, from->root),
		.source = load_text(checkpoint, from->has_source, from->source),
		.options = load_text(checkpoint, from->has_options, from->options),
		.ext_key = load_text(checkpoint, from->has_ext_key, from->ext_key),
		.fstype = fstype(checkpoint, from),
		.device = from->root_dev,
		.flags = from->flags,
		.sb_flags = from->has_sb_flags ? from->sb_flags : ABSENT_U32,
		.shared_id = from->has_shared_id && from->shared_id ? from->shared_id : ABSENT_U32,
		.master_id = from->has_master_id && from->master_id ? from->master_id : ABSENT_U32,
		.is_external = from->ext_mount || from->has_ext_key,
		.is_deleted = from->deleted,
	};
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	const struct member *member;
	size_t position = 0;
	uint32_t id;

	while ((member = load_next_namespace(checkpoint, "MNTS", offsetof(struct process, mnt_ns),
					      &position, &id))) {
		struct image_reader reader;
		struct image_entry entry;

		if (!load_open(checkpoint, member, "MNTS", &reader))
			continue;
		while (image_next(&reader, &entry))
			add_mount(checkpoint, rows, (const MntEntry *)entry.message, id,
				  load_origin(&reader, &entry));
		load_close(checkpoint, &reader);
	}
}

const struct leaf leaf_mount = {
	.name = "mount",
	.row_size = sizeof(struct mount),
	.needs = PART_INVENTORY,
	.load = load,
};
