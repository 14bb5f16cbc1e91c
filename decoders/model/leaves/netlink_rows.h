/* What the leaves share whose images are netlink dumps: addresses, routes, rules, conntrack. */
#pragma once

#include "decoders/base/out.h"
#include "decoders/image/netlink.h"
#include "decoders/model/leaf.h"

/* A message, taken apart. */
struct netlink_row {
	struct checkpoint *checkpoint;
	struct leaf_rows *rows;
	void *context;             /* what netlink_rows was given */
	const struct map *devices; /* netdev_index */
	uint32_t ns_id;
	struct origin origin;
	uint16_t type;
	struct bytes header;
	struct netlink_attributes attributes;
};

/* Which images a leaf reads, and which messages it knows. */
struct netlink_source {
	const char *kind;
	uint32_t magic;
	uint16_t types[2];  /* of messages; the second may be the first again */
	size_t header;      /* bytes */
	void (*take)(const struct netlink_row *row);
};

/* Calls take for every message of every such image; others are told. */
void netlink_rows(struct checkpoint *checkpoint, struct leaf_rows *rows,
		  const struct netlink_source *source, void *context);

/*
 * The same of a stream that is held already, as that of an image with the magic in front (READER: its bytes, its name,
 * its member and where problems go); of the network namespace NS_ID. DEVICES: its netdev_index.
 */
void netlink_rows_of(struct checkpoint *checkpoint, struct leaf_rows *rows, const struct netlink_source *source,
		     struct image_reader *reader, uint32_t ns_id, const struct map *devices);

/* What the leaves of these names know. */
extern const struct netlink_source netlink_addresses, netlink_routes, netlink_rules;

/* --- text, in the arena of the checkpoint --------------------------------------------------- */

/* "inet", "inet6", or the number. */
const char *netlink_family(struct checkpoint *checkpoint, uint8_t family);

/* An address of 4 or 16 bytes; others as hexadecimal bytes; absent stays absent. */
void netlink_put_address(struct bytes address, struct out *out);
struct bytes netlink_address(struct checkpoint *checkpoint, struct bytes address);

/* ADDRESS/LENGTH; absent stays absent. */
struct bytes netlink_prefix(struct checkpoint *checkpoint, struct bytes address, uint8_t length);

/* The name of a network device of the row's namespace; absent where netdev-N.img has none. */
struct bytes netlink_device(const struct netlink_row *row, uint32_t ifindex);

/* A copy of an attribute that is a text; absent stays absent. */
struct bytes netlink_copy(const struct netlink_row *row, unsigned number);

/* Copies what OUT collected and empties it; absent where that is nothing. */
struct bytes netlink_collected(struct checkpoint *checkpoint, struct out *out);
