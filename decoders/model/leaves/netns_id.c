/* What network namespaces call one another: the nsids of netns-N. */
#include "decoders/model/leaves/netns_id.h"
#include "net.pb-c.h"

static void add(struct checkpoint *checkpoint, struct leaf_rows *rows, const NetnsId *from,
		uint32_t ns_id, struct origin origin)
{
	struct netns_id *id = leaf_add(checkpoint, rows);

	*id = (struct netns_id){ .origin = origin, .ns_id = ns_id,
				 .target_ns_id = from->target_ns_id,
				 .number = from->netnsid_value };
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	const struct member *member;
	size_t position = 0;
	uint32_t ns_id;

	while ((member = load_next_namespace(checkpoint, "NETNS", offsetof(struct process, net_ns),
					      &position, &ns_id))) {
		struct image_reader reader;
		struct image_entry entry;

		if (!load_open(checkpoint, member, "NETNS", &reader))
			continue;
		while (image_next(&reader, &entry)) {
			const NetnsEntry *netns = (const NetnsEntry *)entry.message;

			for (size_t i = 0; i < netns->n_nsids; i++)
				add(checkpoint, rows, netns->nsids[i], ns_id,
				    load_origin(&reader, &entry));
		}
		load_close(checkpoint, &reader);
	}
}

const struct leaf leaf_netns_id = {
	.name = "netns_id",
	.row_size = sizeof(struct netns_id),
	.needs = PART_INVENTORY,
	.load = load,
};
