/* TCP connections: what is needed to go on with them. */
#pragma once

#include "decoders/model/leaf.h"

struct tcp {
	struct origin origin;
	uint64_t ino;             /* of the socket; the image's name */
	uint32_t socket_id;       /* its socket.id, or ABSENT_U32 */
	uint32_t inq_bytes, outq_bytes, unsent_bytes;
	uint32_t inq_seq, outq_seq; /* sequence numbers of the byte behind each queue */
	uint32_t mss;
	uint32_t options;         /* TCPI_OPT_* */
	uint32_t snd_wscale, rcv_wscale; /* shifts; ABSENT_U32: windows are not scaled */
	uint32_t timestamp;       /* the clock of its timestamps, or ABSENT_U32 */
	uint32_t snd_wl1, snd_wnd, max_window, rcv_wnd, rcv_wup; /* ABSENT_U32: not recorded */
	bool cork, nodelay;
};

extern const struct leaf leaf_tcp;
