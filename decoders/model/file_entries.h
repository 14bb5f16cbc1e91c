/*
 * Open files, entry by entry.
 *
 * They are in files.img; before it there was an image for each type (reg-files.img, inetsk.img,
 * ...). What such an image holds is handed out as the file_entry that it would be in files.img, so
 * that both layouts, and any mixture of them, are one to everybody else.
 */
#pragma once

#include "decoders/model/load.h"
#include "fdinfo.pb-c.h"

struct file_entry {
	const FileEntry *message; /* valid until take returns */
	struct origin origin;
	bool big_endian;          /* of its image */
};

/* The id that the message of any type of file begins with, and that of any watch. */
uint32_t file_entry_id(const ProtobufCMessage *message);

/* With the context that the caller of file_entries_each passed on. */
typedef void take_file_entry(struct checkpoint *checkpoint, void *context,
			     const struct file_entry *entry);

enum { ALL_FILE_TYPES = UINT32_MAX };

/* Every entry of TYPE (a value of fd_types), in the order of the images. TAKE must open no image. */
void file_entries_each(struct checkpoint *checkpoint, uint32_t type, take_file_entry *take,
		       void *context);
