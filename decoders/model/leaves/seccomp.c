/*
 * Seccomp: seccomp.img. A filter is a list of struct sock_filter (u16 code, u8 jt, u8 jf, u32 k) in the byte
 * order of the machine.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>

#include "decoders/base/cursor.h"
#include "decoders/base/out.h"
#include "decoders/base/size.h"
#include "decoders/model/leaves/seccomp.h"
#include "security.pb-c.h"

enum { INSTRUCTION = 8 };

static bool take_instruction(struct cursor *cursor, struct seccomp_code *ret)
{
	struct bytes jumps;
	uint16_t code;

	if (!cursor_u16(cursor, &code) || !cursor_take(cursor, 2, &jumps) || !cursor_u32(cursor, &ret->k))
		return false;
	ret->code = code;
	ret->jt = jumps.data[0];
	ret->jf = jumps.data[1];
	return true;
}

static void check_length(struct image_reader *reader, const SeccompFilter *filter, uint32_t id,
			 const struct image_entry *entry)
{
	if (filter->filter.len % INSTRUCTION)
		image_problem(reader,
			      error_new(ERROR_DAMAGED, "seccomp filter %u has %zu bytes, no multiple of 8",
					id, filter->filter.len),
			      entry->index, entry->offset);
}

/* Calls TAKE for every filter. */
static void each_filter(struct checkpoint *checkpoint, struct leaf_rows *rows,
			void (*take)(struct checkpoint *checkpoint, struct leaf_rows *rows,
				     struct image_reader *reader, const SeccompFilter *filter,
				     uint32_t id, struct origin origin))
{
	struct image_reader reader;
	struct image_entry entry;
	uint32_t id = 0;

	if (!load_open_named(checkpoint, "SECCOMP", &reader, "seccomp.img"))
		return;
	while (image_next(&reader, &entry)) {
		const SeccompEntry *seccomp = (const SeccompEntry *)entry.message;

		for (size_t i = 0; i < seccomp->n_seccomp_filters; i++) {
			check_length(&reader, seccomp->seccomp_filters[i], id, &entry);
			take(checkpoint, rows, &reader, seccomp->seccomp_filters[i], id++,
			     load_origin(&reader, &entry));
		}
	}
	load_close(checkpoint, &reader);
}

static struct cursor code_of(const struct image_reader *reader, const SeccompFilter *filter)
{
	static const uint8_t nothing[1];
	struct bytes code = { filter->filter.data ? filter->filter.data : nothing,
			      filter->filter.len };

	return cursor_over(code, reader->header.big_endian);
}

/* --- filters ------------------------------------------------------------------------------ */

static const struct {
	uint32_t action;
	const char *name;
	bool has_data;
} actions[] = {
	{ SECCOMP_RET_KILL_PROCESS, "kill_process", false },
	{ SECCOMP_RET_KILL_THREAD, "kill_thread", false },
	{ SECCOMP_RET_TRAP, "trap", true },
	{ SECCOMP_RET_ERRNO, "errno", true },
	{ SECCOMP_RET_USER_NOTIF, "user_notif", false },
	{ SECCOMP_RET_TRACE, "trace", true },
	{ SECCOMP_RET_LOG, "log", false },
	{ SECCOMP_RET_ALLOW, "allow", false },
};

const char *seccomp_action(struct arena *arena, uint32_t answer)
{
	uint32_t data = answer & SECCOMP_RET_DATA;

	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		if (actions[i].action != (answer & SECCOMP_RET_ACTION_FULL))
			continue;
		if (actions[i].has_data || data)
			return arena_printf(arena, "%s(%u)", actions[i].name, data);
		return actions[i].name;
	}
	return arena_printf(arena, "0x%x", answer);
}

/* The different values that a filter returns, in the order in which they come. */
struct returned {
	uint32_t values[32];
	size_t n;
};

static void note_returned(const struct seccomp_code *instruction, struct returned *returned)
{
	if (instruction->code != (BPF_RET | BPF_K) || returned->n == ARRAY_SIZE(returned->values))
		return;
	for (size_t i = 0; i < returned->n; i++)
		if (returned->values[i] == instruction->k)
			return;
	returned->values[returned->n++] = instruction->k;
}

static struct bytes returned_text(struct checkpoint *checkpoint, const struct returned *returned)
{
	struct bytes text;
	struct out out;

	out_init(&out, -1);
	for (size_t i = 0; i < returned->n; i++)
		out_printf(&out, "%s%s", i ? "," : "",
			   seccomp_action(&checkpoint->arena, returned->values[i]));
	text = arena_copy(&checkpoint->arena, out_held(&out));
	out_deinit(&out);
	return text;
}

static void take_filter(struct checkpoint *checkpoint, struct leaf_rows *rows,
			struct image_reader *reader, const SeccompFilter *filter, uint32_t id,
			struct origin origin)
{
	struct seccomp *seccomp = leaf_add(checkpoint, rows);
	struct cursor cursor = code_of(reader, filter);
	struct seccomp_code instruction;
	struct returned returned = { .n = 0 };

	*seccomp = (struct seccomp){
		.origin = origin,
		.id = id,
		.previous = filter->has_prev ? filter->prev : ABSENT_U32,
		.flags = filter->has_flags ? filter->flags : 0,
		.n_instructions = (uint32_t)(filter->filter.len / INSTRUCTION),
	};
	while (take_instruction(&cursor, &instruction))
		note_returned(&instruction, &returned);
	seccomp->actions = returned_text(checkpoint, &returned);
}

static void load_filters(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct seccomp *items;

	each_filter(checkpoint, rows, take_filter);
	items = rows->items;
	for (size_t i = 0; i < checkpoint->threads.n; i++) {
		uint32_t id = checkpoint->threads.items[i].seccomp_filter;

		if (id < rows->n)
			items[id].threads++;
	}
}

const struct leaf leaf_seccomp = {
	.name = "seccomp",
	.row_size = sizeof(struct seccomp),
	.needs = PART_TASKS,
	.load = load_filters,
};

/* --- instructions ------------------------------------------------------------------------- */

static void take_code(struct checkpoint *checkpoint, struct leaf_rows *rows,
		      struct image_reader *reader, const SeccompFilter *filter, uint32_t id,
		      struct origin origin)
{
	struct cursor cursor = code_of(reader, filter);
	struct seccomp_code instruction = { .origin = origin, .filter_id = id };

	for (; take_instruction(&cursor, &instruction); instruction.line++)
		*(struct seccomp_code *)leaf_add(checkpoint, rows) = instruction;
}

static void load_code(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	each_filter(checkpoint, rows, take_code);
}

const struct leaf leaf_seccomp_code = {
	.name = "seccomp_code",
	.row_size = sizeof(struct seccomp_code),
	.needs = PART_INVENTORY,
	.load = load_code,
};
