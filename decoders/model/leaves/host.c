#include "decoders/model/leaves/host.h"

#include <sys/stat.h>

/* Nobody has read them. */
static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	(void)checkpoint;
	(void)rows;
}

const struct leaf leaf_host = {
	.name = "host",
	.row_size = sizeof(struct host_fact),
	.load = load,
};

static struct leaf_rows *rows_of(struct checkpoint *checkpoint)
{
	for (size_t i = 0; i < checkpoint->leaves.n; i++)
		if (checkpoint->leaves.items[i].leaf == &leaf_host)
			return &checkpoint->leaves.items[i];
	*vec_push(&checkpoint->arena, &checkpoint->leaves) = (struct leaf_rows){ .leaf = &leaf_host };
	return &checkpoint->leaves.items[checkpoint->leaves.n - 1];
}

static void add(struct checkpoint *checkpoint, struct bytes name, struct bytes value, uint64_t number,
		struct bytes source)
{
	struct host_fact *fact = leaf_add(checkpoint, rows_of(checkpoint));

	*fact = (struct host_fact){ .origin = NO_ORIGIN, .name = name, .value = value, .number = number,
				    .source = source };
}

static bool is_of_processes(const struct fact *fact)
{
	return !strcmp(fact->name, "pid") || bytes_start_with(bytes_of(fact->name), BYTES("port."));
}

void host_attach(struct checkpoint *checkpoint, const struct host *host, bool taken)
{
	for (size_t i = 0; i < host->facts.n; i++) {
		const struct fact *fact = &host->facts.items[i];

		if (!taken && is_of_processes(fact))
			continue;
		/* Beyond what SQL's integers hold there is no limit. */
		add(checkpoint, bytes_of(fact->name), fact->value,
		    fact->number > INT64_MAX ? ABSENT_U64 : fact->number, bytes_of(fact->source));
	}
}

/* CRIU opens it by its path, and compares the size that it had. */
static bool must_be_there(const struct file *file)
{
	return !strcmp(file->type, "reg") && !file->deleted && !file->remap && file->path.len &&
	       *file->path.data == '/' && file->mode != ABSENT_U32 && S_ISREG(file->mode);
}

void host_attach_files(struct checkpoint *checkpoint, int root)
{
	checkpoint_need(checkpoint, PART_FILES);
	for (size_t i = 0; i < checkpoint->files.n; i++) {
		const struct file *file = &checkpoint->files.items[i];
		uint64_t size;

		if (!must_be_there(file))
			continue;
		if (!host_file_size(root, file->path, &size))
			size = ABSENT_U64;
		add(checkpoint, BYTES("file"), file->path, size, BYTES("--root"));
	}
}

void host_alone(const struct host *host, struct checkpoint *ret)
{
	checkpoint_init(ret);
	ret->loaded = PART_EVERYTHING;
	host_attach(ret, host, true);
}
