#include "decoders/model/leaves/rootfs_places.h"

#include "decoders/engine/document.h"
#include "decoders/model/find.h"
#include "decoders/model/leaves/mount.h"
#include "decoders/model/load.h"
#include "decoders/source/name.h"

static void add(struct checkpoint *checkpoint, struct rootfs_places *places, struct rootfs_place place)
{
	*(struct rootfs_place *)vec_push_raw(&checkpoint->arena, (void **)&places->items, &places->n,
					     &places->cap, sizeof(place)) = place;
}

/* The engine's files lie above the images, or beside them. */
static const struct member *engine_member(struct checkpoint *checkpoint, const char *name)
{
	const struct member *member =
		find_image_member(&checkpoint->source, bytes_dirname(checkpoint->images), name);

	return member ? member : find_image_member(&checkpoint->source, checkpoint->images, name);
}

const struct member *rootfs_deletions(struct checkpoint *checkpoint)
{
	return engine_member(checkpoint, "deleted.files");
}

/* podman and CRI-O list deletions in a file of their own; a name with ".wh." is just a name there. */
static bool has_whiteouts(const struct checkpoint *checkpoint)
{
	return strcmp(checkpoint->engine.producer, "podman") != 0 &&
	       strcmp(checkpoint->engine.producer, "cri-o") != 0;
}

static void add_engine_archive(struct checkpoint *checkpoint, const char *name,
			       struct rootfs_place place, struct rootfs_places *places)
{
	const struct member *member = engine_member(checkpoint, name);

	if (!member || member->type != MEMBER_FILE)
		return;
	place.source = &checkpoint->source;
	place.member = source_index(&checkpoint->source, member);
	add(checkpoint, places, place);
}

/* --- volumes -------------------------------------------------------------------------------------- */

/* Where config.dump says that the volume NAME was mounted. */
static struct bytes volume_place(struct checkpoint *checkpoint, struct document *config,
				 struct bytes name)
{
	struct json_object *volumes = document_find(config, "namedVolumes"), *value;
	size_t n = json_object_is_type(volumes, json_type_array) ? json_object_array_length(volumes) : 0;

	for (size_t i = 0; i < n; i++) {
		struct json_object *volume = json_object_array_get_idx(volumes, i);

		if (!json_object_is_type(volume, json_type_object) ||
		    !json_object_object_get_ex(volume, "volumeName", &value) ||
		    !bytes_equal(bytes_of(json_object_get_string(value)), name) ||
		    !json_object_object_get_ex(volume, "dest", &value) ||
		    !json_object_is_type(value, json_type_string))
			continue;
		return arena_copy(&checkpoint->arena, bytes_of(json_object_get_string(value)));
	}
	return bytes_of(arena_printf(&checkpoint->arena, "/volumes/%.*s", BYTES_FMT(name)));
}

static void add_volumes(struct checkpoint *checkpoint, struct rootfs_places *places)
{
	struct bytes above = bytes_dirname(checkpoint->images);
	struct source *source = &checkpoint->source;
	struct bytes directory;
	struct document config;
	struct arena scratch;

	arena_init(&scratch);
	directory = name_join(&scratch, above, BYTES("volumes"));
	document_init(source, engine_member(checkpoint, "config.dump"), &scratch,
		      &checkpoint->problems, &config);
	for (size_t i = 0; i < source->n_by_name; i++) {
		const struct member *member = &source->members.items[source->by_name[i]];
		struct bytes name = bytes_basename(member->name);

		if (member->type != MEMBER_FILE || !bytes_end_with(name, BYTES(".tar")) ||
		    !bytes_equal(bytes_dirname(member->name), directory))
			continue;
		add(checkpoint, places, (struct rootfs_place){
			.from = "volume", .source = source, .member = source_index(source, member),
			.where = volume_place(checkpoint, &config, bytes_first(name, name.len - 4)),
		});
	}
	document_deinit(&config);
	arena_deinit(&scratch);
}

/* --- tmpfs ------------------------------------------------------------------------------------------ */

/* Where a tmpfs is mounted: by its device, or in old dumps by the mount's id; best the whole of it. */
static struct bytes tmpfs_place(struct checkpoint *checkpoint, uint64_t id, bool is_device)
{
	struct leaf_rows rows = checkpoint_leaf(checkpoint, &leaf_mount);
	const struct mount *mounts = rows.items, *found = NULL;

	for (size_t i = 0; i < rows.n; i++) {
		const struct mount *mount = &mounts[i];

		if ((is_device ? mount->device : mount->mnt_id) != id)
			continue;
		if (!found || (!bytes_equal(found->root, BYTES("/")) &&
			       bytes_equal(mount->root, BYTES("/"))))
			found = mount;
	}
	if (found && found->mountpoint.len)
		return found->mountpoint;
	return bytes_of(arena_printf(&checkpoint->arena, "/tmpfs-%llu", (unsigned long long)id));
}

static void add_tmpfs(struct checkpoint *checkpoint, const char *kind, bool is_device,
		      struct rootfs_places *places)
{
	const struct member *member;
	size_t position = 0;
	uint64_t id;

	while ((member = load_next(checkpoint, kind, &position, &id)))
		if (member->type == MEMBER_FILE && member->size)
			add(checkpoint, places, (struct rootfs_place){
				.from = "tmpfs", .source = &checkpoint->source,
				.member = source_index(&checkpoint->source, member),
				.where = tmpfs_place(checkpoint, id, is_device),
			});
}

void rootfs_find_places(struct checkpoint *checkpoint, struct rootfs_places *ret)
{
	*ret = (struct rootfs_places){ 0 };
	add_engine_archive(checkpoint, "rootfs-diff.tar",
			   (struct rootfs_place){ .from = "rootfs-diff", .where = BYTES(""),
						  .is_difference = true,
						  .has_whiteouts = has_whiteouts(checkpoint) },
			   ret);
	if (checkpoint->wrapper.is_ctr && checkpoint->wrapper.changes != UINT32_MAX)
		add(checkpoint, ret, (struct rootfs_place){
			.from = "layer", .source = checkpoint->source.outer, .where = BYTES(""),
			.member = checkpoint->wrapper.changes, .has_whiteouts = true,
			.is_difference = true,
		});
	add_volumes(checkpoint, ret);
	add_engine_archive(checkpoint, "devshm-checkpoint.tar",
			   (struct rootfs_place){ .from = "shm", .where = BYTES("/dev/shm") }, ret);
	add_tmpfs(checkpoint, "TMPFS_DEV", true, ret);
	add_tmpfs(checkpoint, "TMPFS_IMG", false, ret);
}

struct bytes rootfs_container_path(struct checkpoint *checkpoint, struct bytes where, struct bytes name)
{
	uint8_t *path = arena_alloc(&checkpoint->arena, where.len + name.len + 1);

	while (where.len && where.data[where.len - 1] == '/')
		where.len--;
	if (where.len)
		memcpy(path, where.data, where.len);
	path[where.len] = '/';
	if (name.len)
		memcpy(path + where.len + 1, name.data, name.len);
	return (struct bytes){ path, where.len + 1 + name.len };
}

bool rootfs_is_whiteout(const struct rootfs_place *place, struct bytes name)
{
	return place->has_whiteouts && bytes_start_with(bytes_basename(name), BYTES(".wh."));
}
