#include "decoders/model/leaves/netlink_rows.h"

#include <arpa/inet.h>
#include <linux/netlink.h>

#include "decoders/model/leaves/netdev.h"

/* --- messages ----------------------------------------------------------------------------- */

static void take(struct netlink *netlink, const struct netlink_message *message,
		 const struct netlink_source *source, struct netlink_row *row)
{
	/* Below NLMSG_MIN_TYPE are the protocol's own: the end of a dump, nothing at all. */
	if (message->type < NLMSG_MIN_TYPE)
		return;
	if (message->type != source->types[0] && message->type != source->types[1]) {
		image_problem(netlink->image,
			      error_new(ERROR_DAMAGED, "a netlink message of type %u, not %u",
					message->type, source->types[0]),
			      message->index, message->offset);
		return;
	}
	if (!netlink_split(netlink, message, source->header, &row->header, &row->attributes))
		return;
	row->type = message->type;
	row->origin = (struct origin){ .member = netlink->image->member, .entry = message->index,
				       .offset = message->offset };
	source->take(row);
}

static void take_all(struct netlink_row *row, const struct netlink_source *source, struct image_reader *reader)
{
	struct netlink_message message;
	struct netlink netlink;

	if (netlink_open(reader, source->magic, &netlink))
		while (netlink_next(&netlink, &message))
			take(&netlink, &message, source, row);
}

void netlink_rows(struct checkpoint *checkpoint, struct leaf_rows *rows,
		  const struct netlink_source *source, void *context)
{
	struct map devices = netdev_index(checkpoint);
	const struct member *member;
	size_t position = 0;
	uint32_t ns_id;

	while ((member = load_next_namespace(checkpoint, source->kind,
					      offsetof(struct process, net_ns), &position, &ns_id))) {
		struct netlink_row row = { .checkpoint = checkpoint, .rows = rows,
					   .context = context,
					   .devices = &devices, .ns_id = ns_id };
		struct image_reader reader;

		if (!load_open(checkpoint, member, source->kind, &reader))
			continue;
		take_all(&row, source, &reader);
		load_close(checkpoint, &reader);
	}
}

void netlink_rows_of(struct checkpoint *checkpoint, struct leaf_rows *rows, const struct netlink_source *source,
		     struct image_reader *reader, uint32_t ns_id, const struct map *devices)
{
	struct netlink_row row = { .checkpoint = checkpoint, .rows = rows, .devices = devices, .ns_id = ns_id };

	take_all(&row, source, reader);
}

/* --- text --------------------------------------------------------------------------------- */

const char *netlink_family(struct checkpoint *checkpoint, uint8_t family)
{
	if (family == AF_INET)
		return "inet";
	if (family == AF_INET6)
		return "inet6";
	return arena_printf(&checkpoint->arena, "%u", family);
}

struct bytes netlink_collected(struct checkpoint *checkpoint, struct out *out)
{
	struct bytes text = out->len ? arena_copy(&checkpoint->arena, out_held(out)) : NO_BYTES;

	out_clear(out);
	return text;
}

void netlink_put_address(struct bytes address, struct out *out)
{
	char text[INET6_ADDRSTRLEN];
	int family = address.len == 4 ? AF_INET : address.len == 16 ? AF_INET6 : AF_UNSPEC;

	if (family != AF_UNSPEC && inet_ntop(family, address.data, text, sizeof(text))) {
		out_text(out, text);
		return;
	}
	for (size_t i = 0; i < address.len; i++)
		out_printf(out, "%s%02x", i ? ":" : "", address.data[i]);
}

static struct bytes address_text(struct checkpoint *checkpoint, struct bytes address,
				 const char *suffix)
{
	struct bytes text;
	struct out out;

	if (!address.data)
		return NO_BYTES;
	out_init(&out, -1);
	netlink_put_address(address, &out);
	out_text(&out, suffix);
	text = netlink_collected(checkpoint, &out);
	out_deinit(&out);
	return text;
}

struct bytes netlink_address(struct checkpoint *checkpoint, struct bytes address)
{
	return address_text(checkpoint, address, "");
}

struct bytes netlink_prefix(struct checkpoint *checkpoint, struct bytes address, uint8_t length)
{
	return address_text(checkpoint, address,
			    arena_printf(&checkpoint->arena, "/%u", length));
}

struct bytes netlink_device(const struct netlink_row *row, uint32_t ifindex)
{
	return netdev_name(row->checkpoint, row->devices, row->ns_id, ifindex);
}

struct bytes netlink_copy(const struct netlink_row *row, unsigned number)
{
	struct bytes text = netlink_text(&row->attributes, number);

	return text.data ? arena_copy(&row->checkpoint->arena, text) : text;
}
