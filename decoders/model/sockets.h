/* Sockets of every family, as rows of one shape. */
#pragma once

#include "decoders/model/checkpoint.h"
#include "sockets.pb-c.h"

/*
 * Each adds a row for a socket and fills what its file row shares with other files. BIG_ENDIAN:
 * of the image; addresses are network-order bytes in words of the dumped machine's order.
 */
void socket_add_inet(struct checkpoint *checkpoint, const InetSkEntry *from, bool big_endian,
		     uint32_t file_row);
void socket_add_unix(struct checkpoint *checkpoint, const UnixSkEntry *from, uint32_t file_row);
void socket_add_netlink(struct checkpoint *checkpoint, const NetlinkSkEntry *from,
			uint32_t file_row);
void socket_add_packet(struct checkpoint *checkpoint, const PacketSockEntry *from,
		       uint32_t file_row);

/* After all are there: queues from their images, and which ends belong together. */
void sockets_join(struct checkpoint *checkpoint);
