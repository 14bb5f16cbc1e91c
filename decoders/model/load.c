#include "decoders/model/load.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "decoders/model/find.h"
#include "memory.pb-c.h"


void load_problem(struct checkpoint *checkpoint, const struct member *member, uint32_t entry,
		  uint64_t offset, struct error *error)
{
	if (!error)
		return;
	error = error_at(error_in_image(error, member->name), entry, offset);
	problems_add(&checkpoint->problems, error_in_source(error, checkpoint->source.path));
}

bool load_open_in(struct checkpoint *checkpoint, struct source *source, const struct member *member,
		  const char *kind, struct image_reader *ret)
{
	struct bytes image = { 0 };
	struct error *error;

	arena_reset(&checkpoint->scratch);
	error = source_load(source, member, MAX_LOADED, &checkpoint->scratch, &image);
	problems_add(&checkpoint->problems, error);
	if (!image.data)
		return false;
	error = image_open(image, member->name, source->path, &checkpoint->problems, ret);
	if (!error && strcmp(ret->header.kind->name, kind) != 0) {
		error = error_damage(error_new(ERROR_DAMAGED, "an image of kind %s where %s is expected",
					       ret->header.kind->name, kind),
				     DAMAGE_MAGIC);
		image_close(ret);
	}
	if (error) {
		error = error_in_source(error_in_image(error, member->name), source->path);
		problems_add(&checkpoint->problems, error);
		return false;
	}
	ret->member = source_index(source, member);
	ret->rows = &checkpoint->arena;
	ret->is_parents = source != &checkpoint->source;
	return true;
}

bool load_open(struct checkpoint *checkpoint, const struct member *member, const char *kind,
	       struct image_reader *ret)
{
	return load_open_in(checkpoint, &checkpoint->source, member, kind, ret);
}

void load_close(struct checkpoint *checkpoint, struct image_reader *reader)
{
	enum read_state *state = reader->is_parents ? NULL : &checkpoint->read_states[reader->member];

	if (state && checkpoint->problems.n > reader->problems_before)
		*state = READ_DAMAGED;
	else if (state && *state == NOT_READ)
		*state = READ_WHOLE;
	image_close(reader);
	arena_reset(&checkpoint->scratch);
}

__attribute__((format(printf, 2, 0))) static const struct member *
find_image(struct checkpoint *checkpoint, const char *format, va_list args)
{
	char name[128];

	vsnprintf(name, sizeof(name), format, args);
	return find_image_member(&checkpoint->source, checkpoint->images, name);
}

const struct member *checkpoint_image(struct checkpoint *checkpoint, const char *format, ...)
{
	const struct member *member;
	va_list args;

	va_start(args, format);
	member = find_image(checkpoint, format, args);
	va_end(args);
	return member;
}

bool load_open_named(struct checkpoint *checkpoint, const char *kind, struct image_reader *ret,
		     const char *format, ...)
{
	const struct member *member;
	va_list args;

	va_start(args, format);
	member = find_image(checkpoint, format, args);
	va_end(args);
	return member && load_open(checkpoint, member, kind, ret);
}

bool load_open_only(struct checkpoint *checkpoint, const char *kind, struct image_reader *ret)
{
	return load_open_named(checkpoint, kind, ret, "%s", image_kind_named(kind)->pattern);
}

bool load_open_numbered(struct checkpoint *checkpoint, const char *kind, uint64_t number,
			struct image_reader *ret)
{
	const char *pattern = image_kind_named(kind)->pattern;
	size_t before = strcspn(pattern, "%");

	return load_open_named(checkpoint, kind, ret,
			       pattern[before + 1] == 'x' ? "%.*s%" PRIx64 "%s" : "%.*s%" PRIu64 "%s",
			       (int)before, pattern, number, pattern + before + 2);
}

struct origin load_origin(const struct image_reader *reader, const struct image_entry *entry)
{
	return (struct origin){
		.member = reader->member,
		.entry = entry->index,
		.offset = entry->offset,
	};
}

const struct member *load_next(const struct checkpoint *checkpoint, const char *kind,
			       size_t *position, uint64_t *ret_id)
{
	return find_next_image(&checkpoint->source, checkpoint->images, kind, position, ret_id);
}

uint32_t load_namespace_id(struct checkpoint *checkpoint, uint64_t number, size_t of_process)
{
	uint32_t row, id;

	checkpoint_need(checkpoint, checkpoint->ns_per_id ? PART_INVENTORY : PART_TASKS);
	row = checkpoint->ns_per_id ? MAP_NONE : map_get(&checkpoint->process_by_pid, number);
	if (row == MAP_NONE)
		return (uint32_t)number;
	memcpy(&id, (const char *)&checkpoint->processes.items[row] + of_process, sizeof(id));
	return id == ABSENT_U32 ? (uint32_t)number : id;
}

const struct member *load_next_namespace(struct checkpoint *checkpoint, const char *kind,
					 size_t of_process, size_t *position, uint32_t *ret_id)
{
	uint64_t number = 0;
	const struct member *member = load_next(checkpoint, kind, position, &number);

	if (member)
		*ret_id = load_namespace_id(checkpoint, number, of_process);
	return member;
}

struct bytes load_text(struct checkpoint *checkpoint, bool present, ProtobufCBinaryData text)
{
	static const uint8_t empty[1] = { 0 };

	if (!present)
		return NO_BYTES;
	if (text.len == 0)
		return (struct bytes){ empty, 0 };
	return arena_copy(&checkpoint->arena, (struct bytes){ text.data, text.len });
}

uint64_t load_shmem_bytes(struct checkpoint *checkpoint, uint64_t shmid)
{
	const struct member *pages = NULL;
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "SHMEM_PAGEMAP", &reader, "pagemap-shmem-%llu.img",
			     (unsigned long long)shmid))
		return ABSENT_U64;
	if (image_next(&reader, &entry))
		pages = checkpoint_image(checkpoint, "pages-%u.img",
					 ((const PagemapHead *)entry.message)->pages_id);
	load_close(checkpoint, &reader);
	return pages ? pages->size : 0;
}
