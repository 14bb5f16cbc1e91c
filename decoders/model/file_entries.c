#include "decoders/model/file_entries.h"

#include "decoders/base/size.h"

/*
 * The images of one type each. Regular files come first, as CRIU writes them: what shares a regular
 * file's id (a fifo, a tun device) is described by it. A memfd is never alone, it came later.
 */
static const struct own_image {
	FdTypes type;
	const char *kind;
} own_images[] = {
	{ FD_TYPES__REG, "REG_FILES" },
	{ FD_TYPES__PIPE, "PIPES" },
	{ FD_TYPES__FIFO, "FIFO" },
	{ FD_TYPES__INETSK, "INETSK" },
	{ FD_TYPES__UNIXSK, "UNIXSK" },
	{ FD_TYPES__NETLINKSK, "NETLINK_SK" },
	{ FD_TYPES__PACKETSK, "PACKETSK" },
	{ FD_TYPES__EVENTFD, "EVENTFD_FILE" },
	{ FD_TYPES__EVENTPOLL, "EVENTPOLL_FILE" },
	{ FD_TYPES__SIGNALFD, "SIGNALFD" },
	{ FD_TYPES__TIMERFD, "TIMERFD" },
	{ FD_TYPES__INOTIFY, "INOTIFY_FILE" },
	{ FD_TYPES__FANOTIFY, "FANOTIFY_FILE" },
	{ FD_TYPES__TTY, "TTY_FILES" },
	{ FD_TYPES__NS, "NS_FILES" },
	{ FD_TYPES__TUNF, "TUNFILE" },
	{ FD_TYPES__EXT, "EXT_FILES" },
	{ FD_TYPES__BPFMAP, "BPFMAP_FILE" },
	{ FD_TYPES__PIDFD, "PIDFD" },
};

static void each_of_files(struct checkpoint *checkpoint, uint32_t type, take_file_entry *take,
			  void *context)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_only(checkpoint, "FILES", &reader))
		return;
	while (image_next(&reader, &entry)) {
		const struct file_entry file = { (const FileEntry *)entry.message,
						 load_origin(&reader, &entry),
						 reader.header.big_endian };

		if (type == ALL_FILE_TYPES || (uint32_t)file.message->type == type)
			take(checkpoint, context, &file);
	}
	load_close(checkpoint, &reader);
}

/* The field of a file_entry that points to messages of that type. */
static const ProtobufCFieldDescriptor *field_of(const ProtobufCMessageDescriptor *message)
{
	for (unsigned i = 0; i < file_entry__descriptor.n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &file_entry__descriptor.fields[i];

		if (field->type == PROTOBUF_C_TYPE_MESSAGE && field->descriptor == message)
			return field;
	}
	return NULL;
}

static void each_of_own(struct checkpoint *checkpoint, const struct own_image *image,
			take_file_entry *take, void *context)
{
	const ProtobufCFieldDescriptor *field =
		field_of(image_kind_named(image->kind)->message->pb);
	struct image_reader reader;
	struct image_entry entry;

	if (!field || !load_open_only(checkpoint, image->kind, &reader))
		return;
	while (image_next(&reader, &entry)) {
		FileEntry message = FILE_ENTRY__INIT;
		const struct file_entry file = { &message, load_origin(&reader, &entry),
						 reader.header.big_endian };

		message.has_type = message.has_id = true;
		message.type = image->type;
		message.id = file_entry_id(entry.message);
		memcpy((char *)&message + field->offset, &entry.message, sizeof(entry.message));
		take(checkpoint, context, &file);
	}
	load_close(checkpoint, &reader);
}

uint32_t file_entry_id(const ProtobufCMessage *message)
{
	uint32_t id;

	memcpy(&id, (const char *)message + message->descriptor->fields[0].offset, sizeof(id));
	return id;
}

void file_entries_each(struct checkpoint *checkpoint, uint32_t type, take_file_entry *take,
		       void *context)
{
	each_of_files(checkpoint, type, take, context);
	for (size_t i = 0; i < ARRAY_SIZE(own_images); i++)
		if (type == ALL_FILE_TYPES || type == (uint32_t)own_images[i].type)
			each_of_own(checkpoint, &own_images[i], take, context);
}
