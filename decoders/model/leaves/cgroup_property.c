/* The trees of cgroup.img: directories in directories, with what CRIU saved of the files in them. */
#include "cgroup.pb-c.h"
#include "decoders/base/out.h"
#include "decoders/model/leaves/cgroup_property.h"

struct trees {
	struct checkpoint *checkpoint;
	struct leaf_rows *rows;
	struct image_reader *reader;
	struct origin origin;
	struct bytes controller;
};

static void add(const struct trees *trees, const struct cgroup_directory *directory,
		const CgroupPropEntry *from, const CgroupPerms *perms)
{
	struct cgroup_property *property = leaf_add(trees->checkpoint, trees->rows);

	*property = (struct cgroup_property){
		.origin = trees->origin,
		.controller = trees->controller,
		.directory = directory,
		.mode = perms ? perms->mode : ABSENT_U32,
		.uid = perms ? perms->uid : ABSENT_U32,
		.gid = perms ? perms->gid : ABSENT_U32,
	};
	if (!from)
		return;
	property->name = load_text(trees->checkpoint, true, from->name);
	property->value = load_text(trees->checkpoint, from->has_value, from->value);
}

/* LENGTH: bytes of the path above. Messages are at most 64 deep, and so is this. */
static void take_directory(const struct trees *trees, const CgroupDirEntry *from,
			   const struct cgroup_directory *parent, size_t length)
{
	struct cgroup_directory *directory;

	length += from->dir_name.len + 1;
	if (length > CGROUP_PATH_MOST) {
		image_problem(trees->reader,
			      error_new(ERROR_DAMAGED, "a control group whose path has %zu bytes", length),
			      trees->origin.entry, trees->origin.offset);
		return;
	}
	directory = arena_alloc(&trees->checkpoint->arena, sizeof(*directory));
	*directory = (struct cgroup_directory){
		.name = load_text(trees->checkpoint, true, from->dir_name),
		.parent = parent,
	};
	add(trees, directory, NULL, from->dir_perms);
	for (size_t i = 0; i < from->n_properties; i++)
		add(trees, directory, from->properties[i], from->properties[i]->perms);
	for (size_t i = 0; i < from->n_children; i++)
		take_directory(trees, from->children[i], directory, length);
}

static struct bytes controller_names(struct checkpoint *checkpoint, const CgControllerEntry *from)
{
	struct bytes text;
	struct out out;

	out_init(&out, -1);
	for (size_t i = 0; i < from->n_cnames && out.len < CGROUP_PATH_MOST; i++) {
		if (i)
			out_char(&out, ',');
		out_bytes(&out, bytes_first((struct bytes){ from->cnames[i].data, from->cnames[i].len },
					    CGROUP_PATH_MOST));
	}
	text = arena_copy(&checkpoint->arena, out_held(&out));
	out_deinit(&out);
	return text;
}

static void take_controller(struct trees *trees, const CgControllerEntry *from)
{
	trees->controller = controller_names(trees->checkpoint, from);
	for (size_t i = 0; i < from->n_dirs; i++)
		take_directory(trees, from->dirs[i], NULL, 0);
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "CGROUP", &reader, "cgroup.img"))
		return;
	while (image_next(&reader, &entry)) {
		const CgroupEntry *cgroup = (const CgroupEntry *)entry.message;
		struct trees trees = { .checkpoint = checkpoint, .rows = rows, .reader = &reader,
				       .origin = load_origin(&reader, &entry) };

		for (size_t i = 0; i < cgroup->n_controllers; i++)
			take_controller(&trees, cgroup->controllers[i]);
	}
	load_close(checkpoint, &reader);
}

const struct leaf leaf_cgroup_property = {
	.name = "cgroup_property",
	.row_size = sizeof(struct cgroup_property),
	.needs = PART_INVENTORY,
	.load = load,
};
