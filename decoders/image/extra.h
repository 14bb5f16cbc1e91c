/*
 * Raw bytes behind an entry.
 *
 * Some kinds put contents behind the protobuf message of an entry: what was in a pipe, in a
 * socket's queue, in a deleted file. How many bytes, only the message tells. Each such kind has
 * a struct extra: how to measure what follows, how people expect to see it as JSON, and the way
 * back.
 */
#pragma once

#include "decoders/base/cursor.h"
#include "decoders/base/error.h"
#include "decoders/base/json.h"
#include "decoders/image/values.h"
#include "decoders/proto/schema.h"

struct extra {
	/*
	 * The bytes that follow, padding included, are between the cursor and where it is left.
	 * *ret_payload is how many of them count as content.
	 */
	struct error *(*measure)(const ProtobufCMessage *message, struct cursor *cursor,
				 uint64_t *ret_payload);
	/* Their JSON value, under the entry's key "extra". */
	void (*print)(const ProtobufCMessage *message, struct bytes extra, bool big_endian,
		      struct json *json);
	/* That value back into bytes, appended to OUT. Measuring them is left to the caller. */
	struct error *(*parse)(const struct reading *reading, const struct json_place *place,
			       const ProtobufCMessage *message, struct json_object *value,
			       struct out *out);
	/*
	 * The bytes as .parse makes them of what .print shows: with zeroes for padding and headers in
	 * the ordinary form. NULL: they are as they were.
	 */
	void (*pack)(const ProtobufCMessage *message, struct bytes extra, bool big_endian,
		     struct out *out);
	/* Whether the bytes are chunks that decode shows as entries of their own; NULL: never. */
	bool (*chunked)(const ProtobufCMessage *message);
};

extern const struct extra extra_pipe_data, extra_sk_queues, extra_tcp_stream, extra_bpfmap_data;
extern const struct extra extra_ipc_shm, extra_ipc_sem, extra_ipc_msg, extra_ghost_file;

/* The next chunk of a sparse ghost file: its place in the file and its bytes. False at the end. */
struct ghost_chunk {
	uint64_t offset;
	struct bytes header; /* the wire form of its ghost_chunk_entry */
	struct bytes bytes;
};
struct error *ghost_next_chunk(struct cursor *cursor, struct ghost_chunk *ret)
	__attribute__((warn_unused_result));
void ghost_pack_chunk(struct out *out, uint64_t offset, struct bytes bytes, bool big_endian);

/*
 * The next of a queue's messages: a u32 size, an ipc_msg (mtype 1, msize 2) of that size, its content
 * padded to 8. The content may be shorter than its header says only where this is an error.
 */
struct error *ipc_next_message(struct cursor *cursor, struct bytes *ret_header,
			       struct bytes *ret_content) __attribute__((warn_unused_result));

/* The inbound and the outbound queue of a TCP connection. */
void tcp_stream_queues(const ProtobufCMessage *message, struct bytes extra, struct bytes *ret_in,
		       struct bytes *ret_out);
