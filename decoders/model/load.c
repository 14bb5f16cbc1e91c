#include "decoders/model/load.h"

#include <stdarg.h>
#include <stdio.h>

#include "decoders/source/name.h"

void load_problem(struct checkpoint *checkpoint, const struct member *member, uint32_t entry,
		  uint64_t offset, struct error *error)
{
	if (!error)
		return;
	error = error_at(error_in_image(error, member->name), entry, offset);
	problems_add(&checkpoint->problems, error_in_source(error, checkpoint->source.path));
}

bool load_open(struct checkpoint *checkpoint, const struct member *member, const char *kind,
	       struct image_reader *ret)
{
	struct bytes image = { 0 };
	struct error *error;

	arena_reset(&checkpoint->scratch);
	error = source_load(&checkpoint->source, member, MAX_LOADED, &checkpoint->scratch, &image);
	load_problem(checkpoint, member, NO_ENTRY, NO_OFFSET, error);
	if (!image.data)
		return false;
	error = image_open(image, member->name, checkpoint->source.path, &checkpoint->problems, ret);
	if (!error && strcmp(ret->header.kind->name, kind) != 0) {
		error = error_new(ERROR_DAMAGED, "an image of kind %s where %s is expected",
				  ret->header.kind->name, kind);
		image_close(ret);
	}
	load_problem(checkpoint, member, NO_ENTRY, NO_OFFSET, error);
	if (error)
		return false;
	ret->member = source_index(&checkpoint->source, member);
	return true;
}

void load_close(struct checkpoint *checkpoint, struct image_reader *reader)
{
	image_close(reader);
	arena_reset(&checkpoint->scratch);
}

static const struct member *find_image(struct checkpoint *checkpoint, const char *format,
				       va_list args)
{
	char name[128], path[4096];
	struct bytes in = checkpoint->images;
	int len;

	vsnprintf(name, sizeof(name), format, args);
	if (in.len + sizeof(name) + 2 > sizeof(path))
		return NULL;
	len = snprintf(path, sizeof(path), "%.*s%s%s", (int)in.len, (const char *)in.data,
		       in.len ? "/" : "", name);
	return source_find(&checkpoint->source,
			   (struct bytes){ (const uint8_t *)path, (size_t)len });
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

struct origin load_origin(const struct image_reader *reader, const struct image_entry *entry)
{
	return (struct origin){
		.member = reader->member,
		.entry = entry->index,
		.offset = entry->offset,
	};
}

/* The first place in the sorted names that is not before DIRECTORY/PREFIX. */
static size_t first_of(const struct checkpoint *checkpoint, struct bytes prefix)
{
	const struct source *source = &checkpoint->source;
	size_t low = 0, high = source->n_by_name;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		struct bytes name = source->members.items[source->by_name[middle]].name;

		if (bytes_compare(name, prefix) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct member *load_next(const struct checkpoint *checkpoint, const char *kind_name,
			       size_t *position, uint64_t *ret_id)
{
	const struct image_kind *kind = image_kind_named(kind_name);
	const struct source *source = &checkpoint->source;
	size_t literal = strcspn(kind->pattern, "%");
	char prefix[4096];
	int len = snprintf(prefix, sizeof(prefix), "%.*s%s%.*s", (int)checkpoint->images.len,
			   (const char *)checkpoint->images.data, checkpoint->images.len ? "/" : "",
			   (int)literal, kind->pattern);
	struct bytes start = { (const uint8_t *)prefix, (size_t)len };

	if (len < 0 || (size_t)len >= sizeof(prefix))
		return NULL;
	if (*position == 0)
		*position = first_of(checkpoint, start);
	for (; *position < source->n_by_name; ++*position) {
		const struct member *member =
			&source->members.items[source->by_name[*position]];

		if (!bytes_start_with(member->name, start))
			return NULL;
		if (!bytes_equal(bytes_dirname(member->name), checkpoint->images) ||
		    !image_name_fits(kind, member->name, ret_id))
			continue;
		++*position;
		return member;
	}
	return NULL;
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
