/* What the loaders of the model share: reading the images of a checkpoint, one at a time. */
#pragma once

#include "decoders/model/checkpoint.h"

/*
 * Opens MEMBER as an image. False, with the reason among the problems, where it cannot be read
 * or is not of KIND ("CORE"). The bytes live in the scratch arena until load_close.
 */
bool load_open(struct checkpoint *checkpoint, const struct member *member, const char *kind,
	       struct image_reader *ret);
void load_close(struct checkpoint *checkpoint, struct image_reader *reader);

/* The same for a member of another source: a parent checkpoint. */
bool load_open_in(struct checkpoint *checkpoint, struct source *source, const struct member *member,
		  const char *kind, struct image_reader *ret);

/* load_open of the image of that name; false in silence where there is no such member. */
bool load_open_named(struct checkpoint *checkpoint, const char *kind, struct image_reader *ret,
		     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same by kind alone: of kinds with no number in their names, and of those with one. */
bool load_open_only(struct checkpoint *checkpoint, const char *kind, struct image_reader *ret);
bool load_open_numbered(struct checkpoint *checkpoint, const char *kind, uint64_t number,
			struct image_reader *ret);

/* Where the entry of a reader was read from. */
struct origin load_origin(const struct image_reader *reader, const struct image_entry *entry);

/*
 * The next image of a kind, in order of names. Start with *position = 0; *ret_id is the number
 * in its name. NULL at the end.
 */
const struct member *load_next(const struct checkpoint *checkpoint, const char *kind,
			       size_t *position, uint64_t *ret_id);

/*
 * CRIU's id of the namespace whose image has NUMBER in its name: that id, or the pid of a task in it
 * in old dumps. OF_PROCESS: where in struct process the ids of that type are.
 */
uint32_t load_namespace_id(struct checkpoint *checkpoint, uint64_t number, size_t of_process);

/* load_next for images of namespaces; *ret_id is the namespace's. */
const struct member *load_next_namespace(struct checkpoint *checkpoint, const char *kind,
					 size_t of_process, size_t *position, uint32_t *ret_id);

/* An error about a member goes to the problems. */
void load_problem(struct checkpoint *checkpoint, const struct member *member, uint32_t entry,
		  uint64_t offset, struct error *error);

/* A copy that lives as long as the checkpoint; absent stays absent. */
struct bytes load_text(struct checkpoint *checkpoint, bool present, ProtobufCBinaryData text);

/*
 * The content of shared memory that the images hold: the size of its pages file. ABSENT_U64 where
 * it has no page map.
 */
uint64_t load_shmem_bytes(struct checkpoint *checkpoint, uint64_t shmid);

/* The page maps of all tasks, for who knows by other means how many pages there are: without images, empty ones. */
void load_pagemaps(struct checkpoint *checkpoint);

/* The loaders, one a part; called in this order by checkpoint_need. */
void load_inventory(struct checkpoint *checkpoint);
void load_engine(struct checkpoint *checkpoint);
void load_tasks(struct checkpoint *checkpoint);
void load_files(struct checkpoint *checkpoint);
void load_fds(struct checkpoint *checkpoint);
void load_mappings(struct checkpoint *checkpoint);
void load_pages(struct checkpoint *checkpoint);
void load_strings(struct checkpoint *checkpoint);
