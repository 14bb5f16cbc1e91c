/* What waits: in pipes, sockets, TCP connections, message queues. All of it stands behind entries. */
#include "decoders/base/cursor.h"
#include "decoders/image/extra.h"
#include "decoders/model/contents/contents.h"
#include "decoders/model/endpoint.h"
#include "fdinfo.pb-c.h"
#include "files.pb-c.h"
#include "namespaces.pb-c.h"
#include "sockets.pb-c.h"

/* --- pipes ------------------------------------------------------------------------------------------------ */

static uint64_t key_of_pipe(const struct file *file)
{
	return file->fd_type == FD_TYPES__PIPE ? file->inode : ABSENT_U64;
}

static uint64_t key_of_fifo(const struct file *file)
{
	return file->fd_type == FD_TYPES__FIFO ? file->inode : ABSENT_U64;
}

static void give_pipes(struct checkpoint *checkpoint, const struct content_sink *sink, const char *kind,
		       const char *image, file_key *key)
{
	struct image_reader reader;
	struct image_entry entry;
	struct owners owners;

	owners_by_file(checkpoint, key, &owners);
	if (!load_open_only(checkpoint, image, &reader))
		return;
	while (image_next(&reader, &entry)) {
		const PipeDataEntry *pipe = (const PipeDataEntry *)entry.message;
		struct content content = { .kind = kind, .size = pipe->bytes };

		if (!pipe->bytes)
			continue;
		content.id = arena_printf(&checkpoint->arena, "%u", pipe->pipe_id);
		owners_of(checkpoint, &owners, pipe->pipe_id, &content);
		contents_give(sink, &content, &reader, bytes_first(entry.extra, pipe->bytes));
	}
	load_close(checkpoint, &reader);
}

void contents_of_pipes(struct checkpoint *checkpoint, const struct content_sink *sink)
{
	give_pipes(checkpoint, sink, "pipe", "PIPES_DATA", key_of_pipe);
}

void contents_of_fifos(struct checkpoint *checkpoint, const struct content_sink *sink)
{
	give_pipes(checkpoint, sink, "fifo", "FIFO_DATA", key_of_fifo);
}

/* --- sockets ------------------------------------------------------------------------------------------------ */

static uint64_t key_of_socket(const struct file *file)
{
	return file->socket == NO_ROW ? ABSENT_U64 : file->image_id;
}

void contents_of_packets(struct checkpoint *checkpoint, const struct content_sink *sink)
{
	struct image_reader reader;
	struct image_entry entry;
	struct owners owners;

	owners_by_file(checkpoint, key_of_socket, &owners);
	if (!load_open_only(checkpoint, "SK_QUEUES", &reader))
		return;
	while (image_next(&reader, &entry)) {
		const SkPacketEntry *packet = (const SkPacketEntry *)entry.message;
		struct content content = { .kind = "packet", .size = packet->length };

		content.id = arena_printf(&checkpoint->arena, "%u-%u", packet->id_for, entry.index);
		owners_of(checkpoint, &owners, packet->id_for, &content);
		contents_give(sink, &content, &reader, bytes_first(entry.extra, packet->length));
	}
	load_close(checkpoint, &reader);
}

/* "127.0.0.1:80 - 127.0.0.1:4711" */
static struct bytes connection(struct checkpoint *checkpoint, uint64_t ino)
{
	uint32_t row = map_get(&checkpoint->socket_by_ino, ino);
	const struct socket *socket = row == MAP_NONE ? NULL : &checkpoint->sockets.items[row];
	struct bytes local, remote;

	if (!socket || !socket->local_addr.data || !socket->remote_addr.data)
		return NO_BYTES;
	local = endpoint_text(&checkpoint->arena, socket->local_addr, socket->local_port);
	remote = endpoint_text(&checkpoint->arena, socket->remote_addr, socket->remote_port);
	return bytes_of(arena_printf(&checkpoint->arena, "%.*s - %.*s", BYTES_FMT(local), BYTES_FMT(remote)));
}

static void give_queue(struct checkpoint *checkpoint, const struct content_sink *sink,
		       const struct image_reader *reader, struct content content, uint64_t ino,
		       const char *name, struct bytes queue)
{
	if (queue.len == 0)
		return;
	content.id = arena_printf(&checkpoint->arena, "%llx-%s", (unsigned long long)ino, name);
	content.size = queue.len;
	contents_give(sink, &content, reader, queue);
}

void contents_of_tcp(struct checkpoint *checkpoint, const struct content_sink *sink)
{
	const struct member *member;
	struct owners owners;
	size_t position = 0;
	uint64_t ino;

	owners_by_file(checkpoint, key_of_socket, &owners);
	while ((member = load_next(checkpoint, "TCP_STREAM", &position, &ino))) {
		uint32_t row = map_get(&checkpoint->socket_by_ino, ino);
		struct content content = { .kind = "tcp", .path = connection(checkpoint, ino) };
		struct image_reader reader;
		struct image_entry entry;
		struct bytes in, out;

		if (!load_open(checkpoint, member, "TCP_STREAM", &reader))
			continue;
		if (row != MAP_NONE)
			owners_of(checkpoint, &owners,
				  checkpoint->files.items[checkpoint->sockets.items[row].file].image_id, &content);
		if (image_next(&reader, &entry)) {
			uint32_t unsent = ((const TcpStreamEntry *)entry.message)->unsq_len;

			tcp_stream_queues(entry.message, entry.extra, &in, &out);
			give_queue(checkpoint, sink, &reader, content, ino, "in", in);
			give_queue(checkpoint, sink, &reader, content, ino, "out", out);
			give_queue(checkpoint, sink, &reader, content, ino, "unsent",
				   bytes_from(out, unsent < out.len ? out.len - unsent : 0));
		}
		load_close(checkpoint, &reader);
	}
}

/* --- messages ------------------------------------------------------------------------------------------------- */

static void give_messages(struct checkpoint *checkpoint, const struct content_sink *sink,
			  const struct image_reader *reader, const struct image_entry *entry, uint32_t ns_id)
{
	const IpcMsgEntry *queue = (const IpcMsgEntry *)entry->message;
	struct cursor cursor = cursor_over(entry->extra, reader->header.big_endian);

	for (uint32_t i = 0; i < queue->qnum; i++) {
		struct content content = { .kind = "message" };
		struct bytes header, message;
		struct error *error = ipc_next_message(&cursor, &header, &message);

		error_free(error); /* it was told when the entry was read */
		if (error)
			return;
		content.id = arena_printf(&checkpoint->arena, "%u-%u-%u", ns_id,
					  queue->desc ? queue->desc->id : entry->index, i);
		content.size = message.len;
		contents_give(sink, &content, reader, message);
	}
}

void contents_of_messages(struct checkpoint *checkpoint, const struct content_sink *sink)
{
	const struct member *member;
	size_t position = 0;
	uint32_t ns_id;

	while ((member = load_next_namespace(checkpoint, "IPCNS_MSG", offsetof(struct process, ipc_ns),
					     &position, &ns_id))) {
		struct image_reader reader;
		struct image_entry entry;

		if (!load_open(checkpoint, member, "IPCNS_MSG", &reader))
			continue;
		while (image_next(&reader, &entry))
			give_messages(checkpoint, sink, &reader, &entry, ns_id);
		load_close(checkpoint, &reader);
	}
}
