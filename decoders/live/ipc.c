/* System V IPC, of each IPC namespace that a task is in: /proc/sysvipc, opened from inside. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "decoders/base/size.h"
#include "decoders/live/leaves.h"
#include "decoders/live/proc.h"
#include "decoders/model/leaves/sysv.h"
#include "decoders/model/leaves/text_lines.h"

enum { MOST_COLUMNS = 20 };

/* A table whose columns are numbers: octal the third, which is the mode; the key may be negative. */
static size_t take_columns(struct bytes line, uint64_t columns[MOST_COLUMNS])
{
	size_t n = 0;

	while (n < MOST_COLUMNS) {
		struct bytes word = text_word(&line);
		bool negative = word.len && word.data[0] == '-';

		if (negative)
			word = bytes_from(word, 1);
		if (!proc_take_number(&word, n == 2 ? 8 : 10, &columns[n]))
			break;
		if (negative)
			columns[n] = (uint32_t)-columns[n];
		n++;
	}
	return n;
}

/* What stands where, by the kernel's ipc/shm.c, sem.c, msg.c; ids of owners are four in a row. */
static void take_shm(const uint64_t *c, struct sysv *row)
{
	row->size = c[3];
}

static void take_sem(const uint64_t *c, struct sysv *row)
{
	row->nsems = (uint32_t)c[3];
}

static void take_msg(const uint64_t *c, struct sysv *row)
{
	row->held_bytes = c[3];
	row->qnum = (uint32_t)c[4];
}

static const struct {
	const char *kind, *name;
	unsigned owners; /* column of uid, gid, cuid, cgid */
	void (*take)(const uint64_t *columns, struct sysv *row);
} kinds[] = {
	{ "shm", "sysvipc/shm", 7, take_shm },
	{ "sem", "sysvipc/sem", 4, take_sem },
	{ "msg", "sysvipc/msg", 7, take_msg },
};

static struct bytes read_table(struct live *live, int fd, struct arena *arena)
{
	uint8_t *data = arena_alloc(arena, LONGEST_TEXT);
	size_t len = 0;
	ssize_t n;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return NO_BYTES;
	while (len < LONGEST_TEXT && (n = read(fd, data + len, LONGEST_TEXT - len)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		len += (size_t)n;
	}
	if (len == LONGEST_TEXT)
		unseen_limit(live, UNSEEN_IPC, "bytes of System V IPC", LONGEST_TEXT);
	return (struct bytes){ data, len };
}

static void take_table(struct live *live, struct leaf_rows *rows, size_t kind, uint32_t ns_id, struct bytes text)
{
	uint32_t member = proc_member(live, 0, kinds[kind].name), number = 0;
	struct bytes line;

	for (; text_line(&text, &line); number++) {
		uint64_t c[MOST_COLUMNS] = { 0 };
		struct sysv *row;

		if (take_columns(line, c) < kinds[kind].owners + 4) /* the titles */
			continue;
		row = leaf_add(live->checkpoint, rows);
		*row = (struct sysv){
			.origin = proc_origin(member, number),
			.kind = kinds[kind].kind, .ns_id = ns_id,
			.key = (uint32_t)c[0], .id = (uint32_t)c[1], .mode = (uint32_t)c[2] & 0777,
			.uid = (uint32_t)c[kinds[kind].owners], .gid = (uint32_t)c[kinds[kind].owners + 1],
			.cuid = (uint32_t)c[kinds[kind].owners + 2], .cgid = (uint32_t)c[kinds[kind].owners + 3],
			.size = ABSENT_U64, .nsems = ABSENT_U32, .qnum = ABSENT_U32, .qbytes = ABSENT_U32,
			.held_bytes = ABSENT_U64,
		};
		kinds[kind].take(c, row);
	}
}

void live_fill_sysv(struct live *live, struct leaf_rows *rows)
{
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < live->ipcs.n; i++) {
		const struct live_ipc *ipc = &live->ipcs.items[i];
		const int fds[] = { ipc->shm, ipc->sem, ipc->msg };

		for (size_t kind = 0; kind < ARRAY_SIZE(kinds); kind++) {
			if (fds[kind] < 0)
				continue;
			take_table(live, rows, kind, ipc->ns_id, read_table(live, fds[kind], &arena));
			arena_reset(&arena);
		}
	}
	arena_deinit(&arena);
}
