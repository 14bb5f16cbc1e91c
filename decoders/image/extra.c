#include "decoders/image/extra.h"

#include "anon-files.pb-c.h"
#include "decoders/base/json_c.h"
#include "decoders/base/size.h"
#include "decoders/image/pack.h"
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

static struct error *parse_base64(const struct reading *reading, const struct json_place *place,
				  const ProtobufCMessage *message, struct json_object *value,
				  struct out *out)
{
	struct bytes bytes = NO_BYTES;
	struct error *error = read_base64(reading, place, value, &bytes);

	(void)message;
	if (!error)
		out_bytes(out, bytes);
	return error;
}

/* Zeroes behind CONTENT up to a multiple of ALIGN. */
static void pack_padding(struct out *out, size_t content, size_t align)
{
	out_repeat(out, '\0', -content & (align - 1));
}

static struct error *read_list(const struct reading *reading, const struct json_place *place,
			       struct json_object *value, size_t *ret)
{
	if (!json_object_is_type(value, json_type_array))
		return reading_error(reading, place, "a list is wanted, not %s", value_type(value));
	*ret = json_object_array_length(value);
	return NULL;
}

/* --- pipes, queued datagrams ------------------------------------------------------------- */

static struct error *measure_pipe_data(const ProtobufCMessage *message, struct cursor *cursor,
				       uint64_t *ret_payload)
{
	*ret_payload = ((const PipeDataEntry *)message)->bytes;
	return take(cursor, *ret_payload);
}
const struct extra extra_pipe_data = { .measure = measure_pipe_data, .print = print_base64,
				       .parse = parse_base64 };

static struct error *measure_sk_queues(const ProtobufCMessage *message, struct cursor *cursor,
				       uint64_t *ret_payload)
{
	*ret_payload = ((const SkPacketEntry *)message)->length;
	return take(cursor, *ret_payload);
}
const struct extra extra_sk_queues = { .measure = measure_sk_queues, .print = print_base64,
				       .parse = parse_base64 };

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

static struct error *parse_tcp_stream(const struct reading *reading, const struct json_place *place,
				      const ProtobufCMessage *message, struct json_object *value,
				      struct out *out)
{
	static const char *const keys[] = { "inq", "outq" };
	uint32_t lengths[] = { ((const TcpStreamEntry *)message)->inq_len,
			       ((const TcpStreamEntry *)message)->outq_len };
	struct json_object *queues[2];
	struct error *error = read_members(reading, place, value, keys, 2, queues);

	for (unsigned i = 0; i < 2 && !error; i++) {
		struct json_place queue = { .parent = place, .key = keys[i] };
		struct bytes bytes = NO_BYTES;

		error = read_base64(reading, &queue, queues[i], &bytes);
		if (!error && bytes.len != lengths[i])
			error = reading_error(reading, &queue, "%zu bytes, and %s_len says %u", bytes.len,
					      keys[i], lengths[i]);
		if (!error)
			out_bytes(out, bytes);
	}
	return error;
}
const struct extra extra_tcp_stream = { .measure = measure_tcp_stream, .print = print_tcp_stream,
					.parse = parse_tcp_stream };

/* --- BPF maps: all keys, then all values -------------------------------------------------- */

static struct error *measure_bpfmap_data(const ProtobufCMessage *message, struct cursor *cursor,
					 uint64_t *ret_payload)
{
	const BpfmapDataEntry *map = (const BpfmapDataEntry *)message;

	*ret_payload = (uint64_t)map->keys_bytes + map->values_bytes;
	return take(cursor, *ret_payload);
}
const struct extra extra_bpfmap_data = { .measure = measure_bpfmap_data, .print = print_base64,
					 .parse = parse_base64 };

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

static struct error *parse_ipc_shm(const struct reading *reading, const struct json_place *place,
				   const ProtobufCMessage *message, struct json_object *value,
				   struct out *out)
{
	size_t start = out->len;
	struct error *error = parse_base64(reading, place, message, value, out);

	if (!error)
		pack_padding(out, out->len - start, 4);
	return error;
}

static void pack_ipc_shm(const ProtobufCMessage *message, struct bytes extra, bool big_endian,
			 struct out *out)
{
	const IpcShmEntry *shm = (const IpcShmEntry *)message;
	struct bytes content = bytes_first(extra, shm->in_pagemaps ? 0 : shm->size);

	(void)big_endian;
	out_bytes(out, content);
	pack_padding(out, content.len, 4);
}
const struct extra extra_ipc_shm = { .measure = measure_ipc_shm, .print = print_ipc_shm,
				     .parse = parse_ipc_shm, .pack = pack_ipc_shm };

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

static struct error *parse_ipc_sem(const struct reading *reading, const struct json_place *place,
				   const ProtobufCMessage *message, struct json_object *value,
				   struct out *out)
{
	uint32_t wanted = ((const IpcSemEntry *)message)->nsems;
	struct error *error;
	uint64_t number = 0;
	size_t n = 0;

	error = read_list(reading, place, value, &n);
	if (!error && n != wanted)
		error = reading_error(reading, place, "%zu values, and nsems says %u", n, wanted);
	for (size_t i = 0; i < n && !error; i++) {
		struct json_place element = { .parent = place, .index = i };

		error = read_u64(reading, &element, json_object_array_get_idx(value, i), UINT16_MAX,
				 &number);
		if (!error)
			pack_u16(out, (uint16_t)number, reading->big_endian);
	}
	if (!error)
		pack_padding(out, 2 * n, 8);
	return error;
}

static void pack_ipc_sem(const ProtobufCMessage *message, struct bytes extra, bool big_endian,
			 struct out *out)
{
	struct bytes values = bytes_first(extra, 2 * (size_t)((const IpcSemEntry *)message)->nsems);

	(void)big_endian;
	out_bytes(out, values);
	pack_padding(out, values.len, 8);
}
const struct extra extra_ipc_sem = { .measure = measure_ipc_sem, .print = print_ipc_sem,
				     .parse = parse_ipc_sem, .pack = pack_ipc_sem };

/* The fields of ipc_msg. */
enum { IPC_MSG_MTYPE = 1, IPC_MSG_MSIZE = 2 };

struct error *ipc_next_message(struct cursor *cursor, struct bytes *ret_header,
			       struct bytes *ret_content)
{
	struct bytes header, content;
	uint64_t len = 0;
	uint32_t size;

	if (!cursor_u32(cursor, &size) || !cursor_take(cursor, size, &header))
		return error_new(ERROR_DAMAGED, "a queued message runs past the end of the file");
	wire_number(header, IPC_MSG_MSIZE, &len);
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
		struct error *error = ipc_next_message(cursor, &header, &content);

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
		struct error *error = ipc_next_message(&cursor, &header, &content);

		error_free(error);
		if (error)
			break;
		wire_number(header, IPC_MSG_MTYPE, &type);
		json_object_begin(json);
		json_key_u64(json, "mtype", type);
		json_key_u64(json, "msize", content.len);
		json_object_end(json);
		json_base64(json, content);
	}
	json_array_end(json);
}

/* A header of two numbers, behind its size. */
static void pack_header(struct out *out, uint64_t first, uint64_t second, bool big_endian)
{
	struct out header;

	out_init(&header, -1);
	pack_number(&header, 1, first);
	pack_number(&header, 2, second);
	pack_u32(out, (uint32_t)header.len, big_endian);
	out_bytes(out, out_held(&header));
	out_deinit(&header);
}

static void pack_queued(struct out *out, uint64_t type, struct bytes content, bool big_endian)
{
	pack_header(out, type, content.len, big_endian);
	out_bytes(out, content);
	pack_padding(out, content.len, 8);
}

/* Two elements of the list, from I on. */
static struct error *parse_queued(const struct reading *reading, const struct json_place *place,
				  struct json_object *list, size_t i, struct out *out)
{
	static const char *const keys[] = { "mtype", "msize" };
	struct json_place header = { .parent = place, .index = i };
	struct json_place mtype = { .parent = &header, .key = keys[0] };
	struct json_place msize = { .parent = &header, .key = keys[1] };
	struct json_place content = { .parent = place, .index = i + 1 };
	struct json_object *numbers[2];
	struct bytes bytes = NO_BYTES;
	uint64_t type = 0, size = 0;
	struct error *error;

	error = read_members(reading, &header, json_object_array_get_idx(list, i), keys, 2, numbers);
	if (!error)
		error = read_u64(reading, &mtype, numbers[0], UINT64_MAX, &type);
	if (!error)
		error = read_u64(reading, &msize, numbers[1], UINT32_MAX, &size);
	if (!error)
		error = read_base64(reading, &content, json_object_array_get_idx(list, i + 1), &bytes);
	if (!error && bytes.len != size)
		error = reading_error(reading, &content, "%zu bytes, and msize says %llu", bytes.len,
				      (unsigned long long)size);
	if (!error)
		pack_queued(out, type, bytes, reading->big_endian);
	return error;
}

static struct error *parse_ipc_msg(const struct reading *reading, const struct json_place *place,
				   const ProtobufCMessage *message, struct json_object *value,
				   struct out *out)
{
	uint32_t wanted = ((const IpcMsgEntry *)message)->qnum;
	struct error *error;
	size_t n = 0;

	error = read_list(reading, place, value, &n);
	if (!error && n != 2 * (size_t)wanted)
		error = reading_error(reading, place,
				      "%zu elements, and qnum says %u messages of two each", n, wanted);
	for (size_t i = 0; i < n && !error; i += 2)
		error = parse_queued(reading, place, value, i, out);
	return error;
}

static void pack_ipc_msg(const ProtobufCMessage *message, struct bytes extra, bool big_endian,
			 struct out *out)
{
	struct cursor cursor = cursor_over(extra, big_endian);

	for (uint32_t i = 0; i < ((const IpcMsgEntry *)message)->qnum; i++) {
		struct bytes header, content;
		uint64_t type = 0;
		struct error *error = ipc_next_message(&cursor, &header, &content);

		error_free(error);
		if (error)
			break;
		wire_number(header, IPC_MSG_MTYPE, &type);
		pack_queued(out, type, content, big_endian);
	}
}
const struct extra extra_ipc_msg = { .measure = measure_ipc_msg, .print = print_ipc_msg,
				     .parse = parse_ipc_msg, .pack = pack_ipc_msg };

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

void ghost_pack_chunk(struct out *out, uint64_t offset, struct bytes bytes, bool big_endian)
{
	pack_header(out, bytes.len, offset, big_endian);
	out_bytes(out, bytes);
}

static bool is_chunked(const ProtobufCMessage *message)
{
	return ((const GhostFileEntry *)message)->chunks;
}

static struct error *measure_ghost_file(const ProtobufCMessage *message, struct cursor *cursor,
					uint64_t *ret_payload)
{
	if (!is_chunked(message)) {
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
	.parse = parse_base64,
	.chunked = is_chunked,
};
