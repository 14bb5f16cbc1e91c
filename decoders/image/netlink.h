/*
 * Netlink dumps: what a kernel answered to a question about a network namespace.
 *
 *     stream    := magic? message*
 *     message   := u32 length, u16 type, u16 flags, u32 sequence, u32 port, body   padded to 4
 *     body      := header of the type, attribute*
 *     attribute := u16 length, u16 number, value                                  padded to 4
 *
 * (include/uapi/linux/netlink.h.) The lengths count their own words and not the padding. Everything is in
 * the byte order of the machine that was dumped; addresses, ports and what conntrack says are in
 * network order. The streams of addresses, routes and rules begin with a magic of iproute2's, from which
 * the order is known; those of conntrack have none, and there the first length tells.
 *
 * A walk hands out every message whose length holds. What is wrong goes to the problems of the image,
 * with the number of the message as entry. Values in values are followed only where a caller asks, so how
 * deep they lie costs nothing.
 */
#pragma once

#include "decoders/base/cursor.h"
#include "decoders/image/image.h"

/* In front of the streams: ip/ipaddress.c, ip/iproute.c and ip/iprule.c of iproute2. */
enum {
	NETLINK_MAGIC_NONE = 0,
	NETLINK_MAGIC_ADDRESS = 0x47361222,
	NETLINK_MAGIC_ROUTE = 0x45311224,
	NETLINK_MAGIC_RULE = 0x71706986,
};

enum {
	NETLINK_ATTRIBUTES = 64,    /* numbers from here on are of a kernel to come: left out */
	NETLINK_MOST = 1 << 20,     /* messages of one image that are read */
};

struct netlink {
	struct image_reader *image;
	bool big_endian;
	uint64_t pos;  /* of the next message */
	uint32_t next; /* its number */
};

struct netlink_message {
	uint32_t index;
	uint64_t offset; /* of its length word, from the start of the image */
	uint16_t type, flags;
	struct bytes body;
};

/* The attributes of a message, or those in an attribute, by number; data == NULL where absent. */
struct netlink_attributes {
	struct netlink *netlink;
	uint32_t message;
	struct bytes values[NETLINK_ATTRIBUTES];
};

/*
 * Starts to walk an open raw image. False, with the reason among the problems, where it does not begin
 * with MAGIC. No bytes at all are a stream without messages.
 */
bool netlink_open(struct image_reader *image, uint32_t magic, struct netlink *ret);

/* False at the end, or where a length cannot be. */
bool netlink_next(struct netlink *netlink, struct netlink_message *ret);

/*
 * Splits a body into the header of SIZE bytes and the attributes behind it. False, with the reason among
 * the problems, where they do not fill it.
 */
bool netlink_split(struct netlink *netlink, const struct netlink_message *message, size_t size,
		   struct bytes *ret_header, struct netlink_attributes *ret)
	__attribute__((warn_unused_result));

/* The attributes in VALUE, which lies in the message of OUTER; none in absent bytes. False as above. */
bool netlink_nested(const struct netlink_attributes *outer, struct bytes value,
		    struct netlink_attributes *ret) __attribute__((warn_unused_result));

/* A problem of a message, at a byte of the image that WHERE points to. */
void netlink_problem(struct netlink *netlink, uint32_t message, const uint8_t *where,
		     struct error *error);

/*
 * Numbers, in the order of the machine and in network order. ABSENT_U32 and ABSENT_U64 (all ones) where there
 * is none or, told as a problem, where the value is too short.
 */
uint32_t netlink_u8(const struct netlink_attributes *attributes, unsigned number);
uint32_t netlink_u16(const struct netlink_attributes *attributes, unsigned number);
uint32_t netlink_u32(const struct netlink_attributes *attributes, unsigned number);
uint32_t netlink_be16(const struct netlink_attributes *attributes, unsigned number);
uint32_t netlink_be32(const struct netlink_attributes *attributes, unsigned number);
uint64_t netlink_be64(const struct netlink_attributes *attributes, unsigned number);

/*
 * A structure of SIZE bytes at least, in the order of the machine; false where there is none or, told as a
 * problem, where the value is shorter.
 */
bool netlink_structure(const struct netlink_attributes *attributes, unsigned number, size_t size,
		       struct cursor *ret);

/* A text, without the NUL that ends it. */
struct bytes netlink_text(const struct netlink_attributes *attributes, unsigned number);
