/* inventory.img, the parent link, and what the engine says. */
#include "decoders/image/kinds.h"
#include "decoders/model/find.h"
#include "decoders/model/load.h"
#include "inventory.pb-c.h"

static const char *lsm_name(Lsmtype type)
{
	switch (type) {
	case LSMTYPE__NO_LSM:
		return "none";
	case LSMTYPE__SELINUX:
		return "selinux";
	case LSMTYPE__APPARMOR:
		return "apparmor";
	default:
		return "unknown";
	}
}

static void take_inventory(struct checkpoint *checkpoint, const InventoryEntry *entry)
{
	checkpoint->has_inventory = true;
	checkpoint->img_version = entry->img_version;
	checkpoint->fdinfo_per_id = entry->fdinfo_per_id;
	checkpoint->ns_per_id = entry->ns_per_id;
	if (entry->has_lsmtype)
		checkpoint->lsm = lsm_name(entry->lsmtype);
	if (entry->has_dump_uptime)
		checkpoint->dump_uptime = entry->dump_uptime;
}

/*
 * "criu pre-dump" writes page maps, pages and an inventory of few words: no tree of tasks, no mappings, no files, and of
 * shared memory nothing. A page server's directory is the same without an inventory.
 */
static bool is_predump(const struct checkpoint *checkpoint)
{
	size_t position = 0;

	return !(checkpoint->has_inventory && checkpoint->fdinfo_per_id) &&
	       load_next(checkpoint, "PAGEMAP", &position, &(uint64_t){ 0 }) &&
	       !find_telling(&checkpoint->source, checkpoint->images, TELLS_TASKS);
}

static void read_inventory(struct checkpoint *checkpoint)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "INVENTORY", &reader, "inventory.img"))
		return;
	if (image_next(&reader, &entry)) {
		take_inventory(checkpoint, (const InventoryEntry *)entry.message);
		checkpoint->inventory_origin = load_origin(&reader, &entry);
	}
	load_close(checkpoint, &reader);
}

void load_inventory(struct checkpoint *checkpoint)
{
	const struct member *parent = checkpoint_image(checkpoint, "parent");

	checkpoint->inventory_origin = NO_ORIGIN;
	/* A dump that failed has no inventory. It is taken for one of today. */
	checkpoint->fdinfo_per_id = checkpoint->ns_per_id = true;
	if (parent && parent->type == MEMBER_SYMLINK)
		checkpoint->parent = parent->link;
	read_inventory(checkpoint);
	checkpoint->is_predump = is_predump(checkpoint);
}

void load_engine(struct checkpoint *checkpoint)
{
	engine_read(&checkpoint->source, checkpoint->images, &checkpoint->wrapper, &checkpoint->arena,
		    &checkpoint->problems, &checkpoint->engine);
}
