/* Every member of the source: what it is, and whether it is whole. */
#include "decoders/model/leaves/member.h"

static const char *const state_names[] = {
	[MEMBER_OK] = "ok",
	[MEMBER_TRUNCATED] = "truncated",
	[MEMBER_UNSAFE] = "unsafe",
	[MEMBER_REPLACED] = "replaced",
	[MEMBER_SALVAGED] = "salvaged",
	[MEMBER_TRAILING] = "trailing",
};

/* Counts the entries of an image; damage found on the way marks it. */
static void count_entries(struct checkpoint *checkpoint, const struct member *member,
			  struct member_row *row)
{
	enum read_state *state = &checkpoint->read_states[row->origin.member];
	struct image_reader reader;
	struct image_entry entry;

	row->entries = 0;
	if (!load_open(checkpoint, member, row->kind, &reader)) {
		row->state = "unreadable";
		return;
	}
	if (*state == READ_WHOLE)
		row->entries = image_count(&reader);
	else
		while (image_next(&reader, &entry))
			row->entries++;
	load_close(checkpoint, &reader);
	if (*state == READ_DAMAGED)
		row->state = "damaged";
}

static bool is_below_images(const struct checkpoint *checkpoint, const struct member *member)
{
	return bytes_equal(bytes_dirname(member->name), checkpoint->images);
}

static void recognise(struct checkpoint *checkpoint, const struct member *member,
		      struct member_row *row)
{
	uint8_t bytes[IMAGE_HEADER_MAX];
	struct bytes head = { bytes, source_head(&checkpoint->source, member, bytes, sizeof(bytes)) };
	struct image_header header;

	if (!image_recognise(head, member->name, &header))
		return;
	if (header.magic)
		row->magic = bytes_of(arena_printf(&checkpoint->arena, "0x%08x", header.magic));
	if (!header.kind) {
		row->kind = "unknown";
		row->state = "unknown";
		return;
	}
	row->kind = header.kind->name;
	if (header.kind->message && (member->state == MEMBER_OK || member->state == MEMBER_SALVAGED))
		count_entries(checkpoint, member, row);
}

/* An image by its name whose bytes are no image's; opening it says why. */
static void report_bad_magic(struct checkpoint *checkpoint, const struct member *member,
			     struct member_row *row)
{
	struct image_reader reader;
	uint64_t id;

	if (!is_below_images(checkpoint, member) || strcmp(row->kind, "file") != 0)
		return;
	for (unsigned i = 0; i < n_image_kinds; i++) {
		if (!image_name_fits(&image_kinds[i], member->name, &id))
			continue;
		row->kind = image_kinds[i].name;
		row->state = member->size ? "bad magic" : "empty";
		if (load_open(checkpoint, member, row->kind, &reader))
			load_close(checkpoint, &reader);
		return;
	}
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct source *source = &checkpoint->source;

	for (uint32_t i = 0; i < source->members.n; i++) {
		const struct member *member = &source->members.items[i];
		struct member_row *row = leaf_add(checkpoint, rows);

		*row = (struct member_row){
			.origin = { .member = i, .entry = NO_ENTRY, .offset = NO_OFFSET },
			.kind = member_type_name(member->type),
			.state = state_names[member->state],
			.entries = ABSENT_U64,
		};
		if (member->type != MEMBER_FILE || member->state == MEMBER_UNSAFE ||
		    member->state == MEMBER_REPLACED || member->state == MEMBER_TRAILING)
			continue;
		recognise(checkpoint, member, row);
		report_bad_magic(checkpoint, member, row);
	}
}

const struct leaf leaf_member = {
	.name = "member",
	.row_size = sizeof(struct member_row),
	.load = load,
};
