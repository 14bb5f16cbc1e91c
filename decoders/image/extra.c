#include "decoders/image/extra.h"

#include "anon-files.pb-c.h"
#include "decoders/base/size.h"
#include "decoders/image/wire.h"
#include "files.pb-c.h"
#include "namespaces.pb-c.h"
#include "sockets.pb-c.h"

static struct error *take(struct cursor *cursor, uint64_t len)
{
	struct bytes bytes;

	if (cursor_take(cursor, len, &bytes))
		return NULL;
	return error_new(ERROR_DAMAGED, "%llu bytes of content expected, %zu left in the file",
			 (unsigned long long)len, cursor_left(cursor));
}

/* LEN bytes, and zeroes up to a multiple of ALIGN. */
static struct error *take_padded(struct cursor *cursor, uint64_t len, uint64_t align)
{
	uint64_t padded;

	if (!size_round_up(len, align, &padded))
		return error_new(ERROR_DAMAGED, "a content of %llu bytes is not possible",
				 (unsigned long long)len);
	return take(cursor, padded);
}

static void print_base64(const ProtobufCMessage *message, struct bytes extra, bool big_endian,
			 struct json *json)
{
	(void)message;
	(void)big_endian;
	json_base64(json, extra);
}

/* --- pipes, queued datagrams ------------------------------------------------------------- */

static struct error *measure_pipe_data(const ProtobufCMessage *message, struct cursor *cursor,
				       uint64_t *ret_payload)
{
	*ret_payload = ((const PipeDataEntry *)message)->bytes;
	return take(cursor, *ret_payload);
}
const struct extra extra_pipe_data = { .measure = measure_pipe_data, .print = print_base64 };

static struct error *measure_sk_queues(const ProtobufCMessage *message, struct cursor *cursor,
				       uint64_t *ret_payload)
{
	*ret_payload = ((const SkPacketEntry *)message)->length;
	return take(cursor, *ret_payload);
}
const struct extra extra_sk_queues = { .measure = measure_sk_queues, .print = print_base64 };

/* --- TCP: what was received and not read, then what was sent and not acknowledged --------- */

static struct error *measure_tcp_stream(const ProtobufCMessage *message, struct cursor *cursor,
					uint64_t *ret_payload)
{
	const TcpStreamEntry *tcp = (const TcpStreamEntry *)message;

	*ret_payload = (uint64_t)tcp->inq_len + tcp->outq_len;
	return take(cursor, *ret_payload);
}

void tcp_stream_queues(const ProtobufCMessage *message, struct bytes extra, struct bytes *ret_in,
		       struct bytes *ret_out)
{
	const TcpStreamEntry *tcp = (const TcpStreamEntry *)message;

	*ret_in = bytes_first(extra, tcp->inq_len);
	*ret_out = bytes_first(bytes_from(extra, tcp->inq_len), tcp->outq_len);
}

static void print_tcp_stream(const ProtobufCMessage *message, struct bytes extra, bool big_endian,
			     struct json *json)
{
	struct bytes in, out;

	(void)big_endian;
	tcp_stream_queues(message, extra, &in, &out);
	json_object_begin(json);
	json_key(json, "inq");
	json_base64(json, in);
	json_key(json, "outq");
	json_base64(json, out);
	json_object_end(json);
}
const struct extra extra_tcp_stream = { .measure = measure_tcp_stream, .print = print_tcp_stream };

/* --- BPF maps: all keys, then all values -------------------------------------------------- */

static struct error *measure_bpfmap_data(const ProtobufCMessage *message, struct cursor *cursor,
					 uint64_t *ret_payload)
{
	const BpfmapDataEntry *map = (const BpfmapDataEntry *)message;

	*ret_payload = (uint64_t)map->keys_bytes + map->values_bytes;
	return take(cursor, *ret_payload);
}
const struct extra extra_bpfmap_data = { .measure = measure_bpfmap_data, .print = print_base64 };

/* --- System V IPC ------------------------------------------------------------------------- */

/* Newer dumps keep the segment's bytes in pagemap-shmem-ID instead. */
static struct error *measure_ipc_shm(const ProtobufCMessage *message, struct cursor *cursor,
				     uint64_t *ret_payload)
{
	const IpcShmEntry *shm = (const IpcShmEntry *)message;

	*ret_payload = shm->in_pagemaps ? 0 : shm->size;
	return take_padded(cursor, *ret_payload, 4);
}

static void print_ipc_shm(const ProtobufCMessage *message, struct bytes extra, bool big_endian,
			  struct json *json)
{
	const IpcShmEntry *shm = (const IpcShmEntry *)message;

	(void)big_endian;
	json_base64(json, bytes_first(extra, shm->in_pagemaps ? 0 : shm->size));
}
const struct extra extra_ipc_shm = { .measure = measure_ipc_shm, .print = print_ipc_shm };

static struct error *measure_ipc_sem(const ProtobufCMessage *message, struct cursor *cursor,
				     uint64_t *ret_payload)
{
	*ret_payload = 2 * (uint64_t)((const IpcSemEntry *)message)->nsems;
	return take_padded(cursor, *ret_payload, 8);
}

static void print_ipc_sem(const ProtobufCMessage *message, struct bytes extra, bool big_endian,
			  struct json *json)
{
	struct cursor cursor = cursor_over(extra, big_endian);
	uint16_t value;

	json_array_begin(json);
	for (uint32_t i = 0; i < ((const IpcSemEntry *)message)->nsems; i++) {
		if (!cursor_u16(&cursor, &value))
			break;
		json_u64(json, value);
	}
	json_array_end(json);
}
const struct extra extra_ipc_sem = { .measure = measure_ipc_sem, .print = print_ipc_sem };

/* One queued message: u32 size, an ipc_msg, its bytes padded to 8. */
static struct error *take_ipc_msg(struct cursor *cursor, struct bytes *ret_header,
				  struct bytes *ret_content)
{
	struct bytes header, content;
	uint64_t len = 0;
	uint32_t size;

	if (!cursor_u32(cursor, &size) || !cursor_take(cursor, size, &header))
		return error_new(ERROR_DAMAGED, "a queued message runs past the end of the file");
	wire_number(header, 2, &len); /* ipc_msg.msize */
	content = bytes_first((struct bytes){ cursor->pos, cursor_left(cursor) }, (size_t)len);
	*ret_header = header;
	*ret_content = content;
	return take_padded(cursor, len, 8);
}

static struct error *measure_ipc_msg(const ProtobufCMessage *message, struct cursor *cursor,
				     uint64_t *ret_payload)
{
	uint64_t payload = 0;

	for (uint32_t i = 0; i < ((const IpcMsgEntry *)message)->qnum; i++) {
		struct bytes header, content;
		struct error *error = take_ipc_msg(cursor, &header, &content);

		if (error)
			return error;
		payload += header.len + content.len;
	}
	*ret_payload = payload;
	return NULL;
}

static void print_ipc_msg(const ProtobufCMessage *message, struct bytes extra, bool big_endian,
			  struct json *json)
{
	struct cursor cursor = cursor_over(extra, big_endian);

	json_array_begin(json);
	for (uint32_t i = 0; i < ((const IpcMsgEntry *)message)->qnum; i++) {
		struct bytes header, content;
		uint64_t type = 0;
		struct error *error = take_ipc_msg(&cursor, &header, &content);

		error_free(error);
		if (error)
			break;
		wire_number(header, 1, &type); /* ipc_msg.mtype */
		json_object_begin(json);
		json_key_u64(json, "mtype", type);
		json_key_u64(json, "msize", content.len);
		json_object_end(json);
		json_base64(json, content);
	}
	json_array_end(json);
}
const struct extra extra_ipc_msg = { .measure = measure_ipc_msg, .print = print_ipc_msg };

/* --- deleted files ------------------------------------------------------------------------ */

struct error *ghost_next_chunk(struct cursor *cursor, struct ghost_chunk *ret)
{
	struct ghost_chunk chunk = { 0 };
	uint64_t len = 0;
	uint32_t size;

	if (!cursor_u32(cursor, &size) || !cursor_take(cursor, size, &chunk.header))
		return error_new(ERROR_DAMAGED, "a chunk's header runs past the end of the file");
	wire_number(chunk.header, 1, &len); /* ghost_chunk_entry.len */
	wire_number(chunk.header, 2, &chunk.offset);
	if (!cursor_take(cursor, len, &chunk.bytes))
		return error_new(ERROR_DAMAGED, "a chunk of %llu bytes runs past the end, %zu left",
				 (unsigned long long)len, cursor_left(cursor));
	*ret = chunk;
	return NULL;
}

static struct error *measure_ghost_file(const ProtobufCMessage *message, struct cursor *cursor,
					uint64_t *ret_payload)
{
	if (!((const GhostFileEntry *)message)->chunks) {
		*ret_payload = cursor_left(cursor);
		return take(cursor, *ret_payload);
	}
	*ret_payload = 0;
	while (cursor_left(cursor)) {
		struct ghost_chunk chunk;
		struct error *error = ghost_next_chunk(cursor, &chunk);

		if (error)
			return error;
		*ret_payload += chunk.bytes.len;
	}
	return NULL;
}
const struct extra extra_ghost_file = {
	.measure = measure_ghost_file,
	.print = print_base64,
	.chunked = true,
};
