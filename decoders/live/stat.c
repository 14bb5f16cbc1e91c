#include "decoders/live/stat.h"

#include "decoders/live/proc.h"

enum { FIRST_FIELD = 3 /* the state; numbered as in proc(5) */, MOST_FIELDS = 64, LONGEST_STAT = 4096 };

/* The numbers behind the name; a minus is kept as two's complement. */
static size_t take_numbers(struct bytes rest, uint64_t *fields)
{
	size_t n = FIRST_FIELD + 1;

	while (n < MOST_FIELDS) {
		bool negative;

		while (rest.len && rest.data[0] == ' ')
			rest = bytes_from(rest, 1);
		negative = rest.len && rest.data[0] == '-';
		if (negative)
			rest = bytes_from(rest, 1);
		if (!proc_take_number(&rest, 10, &fields[n]))
			break;
		if (negative)
			fields[n] = -fields[n];
		n++;
	}
	return n;
}

/* Points into LINE. */
static bool parse(struct bytes line, struct task_stat *ret)
{
	size_t open = bytes_find(line, '('), close = bytes_find_last(line, ')');
	uint64_t field[MOST_FIELDS] = { 0 };
	size_t n;

	if (open >= close || close + 2 >= line.len)
		return false;
	n = take_numbers(bytes_from(line, close + 3), field);
	if (n <= 24)
		return false;
	*ret = (struct task_stat){
		.comm = { line.data + open + 1, close - open - 1 },
		.state = (char)line.data[close + 2],
		.ppid = (uint32_t)field[4], .pgid = (uint32_t)field[5], .sid = (uint32_t)field[6],
		.tty = (uint32_t)field[7], .flags = (uint32_t)field[9],
		.nice = (int32_t)field[19], .started = field[22], .start_stack = field[28],
		.rt_priority = (uint32_t)field[40], .policy = (uint32_t)field[41],
		.arg_start = field[48], .arg_end = field[49],
		.env_start = field[50], .env_end = field[51],
		.exit_code = n > 52 ? (uint32_t)field[52] : ABSENT_U32,
	};
	return true;
}

bool stat_read(struct live *live, uint32_t pid, const char *name, struct task_stat *ret, uint32_t *ret_member)
{
	struct checkpoint *checkpoint = live->checkpoint;
	uint8_t buffer[LONGEST_STAT];
	struct bytes line;

	if (!proc_short(live, UNSEEN_TASKS, pid, name, buffer, sizeof(buffer), &line))
		return false;
	if (!parse(line, ret)) {
		problems_add(&checkpoint->problems,
			     error_in_source(error_new(ERROR_DAMAGED, "%s/%u/%s is not about a task", live->root_path,
						       pid, name),
					     checkpoint->source.path));
		return false;
	}
	ret->comm = ret_member ? arena_copy(&checkpoint->arena, ret->comm) : NO_BYTES;
	if (ret_member)
		*ret_member = proc_member(live, pid, name);
	return true;
}
