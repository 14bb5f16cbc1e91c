#include "db/tables/reference.h"
#include "db/tables/words.h"

#include <fcntl.h>

#include "decoders/base/size.h"
#include "decoders/model/endpoint.h"

static struct row_set rows(const struct checkpoint *checkpoint)
{
	return ROW_SET(checkpoint->fds);
}

static const struct file *file_of(const struct checkpoint *checkpoint, const void *row)
{
	return checkpoint_file(checkpoint, ((const struct fd *)row)->file);
}

#define GETTER(name)                                                                             \
	static void get_##name(const struct checkpoint *checkpoint, const void *row,             \
			       struct arena *arena __attribute__((unused)), struct value *ret)   \
	{                                                                                        \
		const struct file *file = file_of(checkpoint, row);
GETTER(type)
	if (file)
		*ret = value_text(bytes_of(file->type));
}

GETTER(file_id)
	*ret = file_id(file);
}

GETTER(path)
	*ret = file_path(file);
}

GETTER(flags)
	if (file && file->flags != ABSENT_U32)
		*ret = value_number(VALUE_HEX, file->flags);
}

GETTER(pos)
	if (file && file->pos != ABSENT_U64)
		*ret = value_number(VALUE_UINT, file->pos);
}

GETTER(deleted)
	if (file)
		*ret = (struct value){ .type = VALUE_BOOL, .boolean = file->deleted };
}

/* As lsof has it: r, w, u for both. */
GETTER(access)
	static const char *const names[] = { "r", "w", "u", "-" };

	if (file && file->flags != ABSENT_U32)
		*ret = value_text(bytes_of(file->flags & O_PATH ? "path"
								: names[file->flags & O_ACCMODE]));
}

/* The other end: its address, or who has it. Inode numbers are others after each restore. */
static struct bytes describe_peer(const struct checkpoint *checkpoint, const struct socket *socket,
				  struct arena *arena)
{
	struct bytes remote = endpoint_text(arena, socket->remote_addr, socket->remote_port);
	const struct file *peer = checkpoint_file(checkpoint, socket->peer_file);

	if (!socket->is_connected || remote.len)
		return socket->is_connected ? remote : NO_BYTES;
	if (!socket->peer_inside)
		return BYTES("outside");
	return peer && peer->first_pid != ABSENT_U32 ? bytes_of(arena_printf(arena, "pid %u", peer->first_pid))
						     : BYTES("in flight");
}

static struct bytes describe_socket(const struct checkpoint *checkpoint, const struct socket *socket,
				    struct arena *arena)
{
	struct bytes peer = describe_peer(checkpoint, socket, arena);
	const struct bytes words[] = {
		bytes_of(socket->family),
		socket->proto.data ? socket->proto : bytes_of(socket->type),
		bytes_of(socket->state),
		endpoint_text(arena, socket->local_addr, socket->local_port),
		peer.len ? BYTES("->") : NO_BYTES,
		peer,
	};
	const char *text = "";

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i].len)
			text = arena_printf(arena, "%s%s%.*s", text, *text ? " " : "", BYTES_FMT(words[i]));
	return bytes_of(text);
}

static struct bytes describe_file(const struct file *file, struct arena *arena)
{
	struct bytes words = file->detail.data ? file->detail
			     : file->deleted   ? BYTES("deleted")
					       : NO_BYTES;

	if (file->held_bytes == 0)
		return words;
	return bytes_of(arena_printf(arena, "%.*s%s%llu bytes held", BYTES_FMT(words),
				     words.len ? ", " : "", (unsigned long long)file->held_bytes));
}

GETTER(detail)
	if (!file)
		*ret = value_text(BYTES("its file is not in the checkpoint"));
	else if (file->socket != NO_ROW)
		*ret = value_text(describe_socket(checkpoint, &checkpoint->sockets.items[file->socket],
						  arena));
	else
		*ret = value_text(describe_file(file, arena));
}
#undef GETTER

static const struct column columns[] = {
	{ .name = "pid", .help = "its process", COLUMN(fd, pid, U32) },
	{ .name = "fd", .help = "number of the descriptor", COLUMN(fd, fd, U32) },
	{ .name = "type", .help = "reg, pipe, inetsk, ...: the type of its file",
	  COMPUTED(TEXT, get_type) },
	{ .name = "access", .help = "r, w, u (both) or path", COMPUTED(TEXT, get_access) },
	{ .name = "file_id", .help = "its file.id; several descriptors may share one",
	  .detail = true, COMPUTED(UINT, get_file_id) },
	{ .name = "flags", .help = "of open(2)", .detail = true, COMPUTED(HEX, get_flags) },
	{ .name = "pos", .help = "position in the file", .unit = "bytes", COMPUTED(UINT, get_pos) },
	{ .name = "path", .help = "path of the file, or what /proc/PID/fd shows",
	  COMPUTED(TEXT, get_path) },
	{ .name = "detail", .help = "what it is, in words", COMPUTED(TEXT, get_detail) },
	{ .name = "deleted", .help = "the file has no name any more", .detail = true,
	  COMPUTED(BOOL, get_deleted) },
	{ .name = "close_on_exec", .help = "closed by execve", .detail = true,
	  COLUMN(fd, close_on_exec, BOOL) },
};

const struct table table_fd = {
	.name = "fd",
	.plural = "fds",
	.help = "a descriptor of a task",
	.key = "pid fd",
	.noise = "file_id",
	.needs = PART_FDS,
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.rows = rows,
};
