#include "db/tables/table.h"

#include "decoders/base/size.h"

#define ENGINE(field, kind) COLUMN(checkpoint, engine.field, kind)

static struct row_set rows(const struct checkpoint *checkpoint)
{
	return (struct row_set){ checkpoint, 1, sizeof(*checkpoint) };
}

static void get_archive(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
			struct value *ret)
{
	(void)row;
	(void)arena;
	*ret = value_text(bytes_of(source_outermost(&checkpoint->source)->path));
}

/* What of the nested source's path is behind the outermost's. */
static void get_layer(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		      struct value *ret)
{
	const char *outermost = source_outermost(&checkpoint->source)->path;

	(void)row;
	(void)arena;
	if (checkpoint->source.outer)
		*ret = value_text(bytes_of(checkpoint->source.path + strlen(outermost) + 1));
}

static void get_size(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		     struct value *ret)
{
	(void)row;
	(void)arena;
	*ret = value_number(VALUE_UINT, source_outermost(&checkpoint->source)->size);
}

static void get_compression(const struct checkpoint *checkpoint, const void *row,
			    struct arena *arena, struct value *ret)
{
	static const char *const names[] = {
		[COMPRESSION_NONE] = "none", [COMPRESSION_GZIP] = "gzip",
		[COMPRESSION_ZSTD] = "zstd", [COMPRESSION_XZ] = "xz",
		[COMPRESSION_BZIP2] = "bzip2", [COMPRESSION_LZ4] = "lz4",
	};
	const struct source *source = source_outermost(&checkpoint->source);

	(void)row;
	(void)arena;
	if (!source->is_directory)
		*ret = value_text(bytes_of(names[source->compression]));
}

static void get_page_size(const struct checkpoint *checkpoint, const void *row,
			  struct arena *arena, struct value *ret)
{
	(void)row;
	(void)arena;
	if (checkpoint->page_size)
		*ret = value_number(VALUE_UINT, checkpoint->page_size);
}

static void get_img_version(const struct checkpoint *checkpoint, const void *row,
			    struct arena *arena, struct value *ret)
{
	(void)row;
	(void)arena;
	if (checkpoint->has_inventory)
		*ret = value_number(VALUE_UINT, checkpoint->img_version);
}

/* The engine above the runtime; a bare runtime or CRIU has none. */
static void get_engine(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		       struct value *ret)
{
	const char *producer = checkpoint->engine.producer;

	(void)row;
	(void)arena;
	if (!strcmp(producer, "ctr"))
		*ret = value_text(BYTES("containerd"));
	else if (strcmp(producer, "runc") != 0 && strcmp(producer, "criu") != 0)
		*ret = value_text(bytes_of(producer));
}

#define COUNT(name)                                                                              \
	static void count_##name(const struct checkpoint *checkpoint, const void *row,           \
				 struct arena *arena, struct value *ret)                         \
	{                                                                                        \
		(void)row;                                                                       \
		(void)arena;                                                                     \
		*ret = value_number(VALUE_UINT, checkpoint->name.n);                             \
	}
COUNT(processes)
COUNT(threads)
COUNT(fds)
COUNT(sockets)
COUNT(vmas)

static void sum_pages(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		      struct value *ret)
{
	uint64_t sum = 0;

	(void)row;
	(void)arena;
	for (size_t i = 0; i < checkpoint->processes.n; i++)
		sum += checkpoint->processes.items[i].pages_present;
	*ret = value_number(VALUE_UINT, sum);
}

static const struct column columns[] = {
	{ .name = "producer", .help = "who wrote it: podman, cri-o, containerd, ctr, docker, lxc, runc, criu",
	  ENGINE(producer, NAME) },
	{ .name = "wrapped", .help = "an OCI image is around it", .detail = true,
	  ENGINE(is_wrapped, BOOL) },
	{ .name = "engine", .help = "container engine; null: a bare runtime or CRIU", .detail = true,
	  COMPUTED(TEXT, get_engine) },
	{ .name = "container", .help = "name of the container", ENGINE(container, BYTES) },
	{ .name = "container_id", .help = "id of the container", .detail = true,
	  ENGINE(container_id, BYTES) },
	{ .name = "pod", .help = "name or id of its pod", ENGINE(pod, BYTES) },
	{ .name = "pod_uid", .help = "Kubernetes' uid of the pod", .detail = true,
	  ENGINE(pod_uid, BYTES) },
	{ .name = "namespace", .help = "Kubernetes namespace", ENGINE(namespace, BYTES) },
	{ .name = "image", .help = "container image, as the user named it", ENGINE(image, BYTES) },
	{ .name = "image_id", .help = "id of the container image", .detail = true,
	  ENGINE(image_id, BYTES) },
	{ .name = "created", .help = "birth of the container, ISO 8601 UTC", ENGINE(created, BYTES) },
	{ .name = "checkpointed", .help = "moment of the dump, ISO 8601 UTC",
	  ENGINE(checkpointed, BYTES) },
	{ .name = "runtime", .help = "OCI runtime", ENGINE(runtime, BYTES) },
	{ .name = "criu_version", .help = "version of CRIU, from the head of dump.log",
	  ENGINE(criu_version, BYTES) },
	{ .name = "kernel", .help = "kernel release, from the head of dump.log",
	  ENGINE(kernel, BYTES) },
	{ .name = "arch", .help = "architecture of the tasks", COLUMN(checkpoint, arch, NAME),
	  .needs = PART_TASKS },
	{ .name = "ip", .help = "first address of the container, as the engine knows it",
	  .detail = true, ENGINE(ip, BYTES) },
	{ .name = "recognised", .help = "how the producer was recognised", .detail = true,
	  ENGINE(recognised, NAME) },
	{ .name = "page_size", .help = "size of a page", .unit = "bytes", .detail = true,
	  .needs = PART_PAGES, COMPUTED(UINT, get_page_size) },
	{ .name = "img_version", .help = "version of the image format", .detail = true,
	  COMPUTED(UINT, get_img_version) },
	{ .name = "pre_dump", .help = "memory of tasks that ran on and nothing else of them, as a page server has, too",
	  .detail = true, COLUMN(checkpoint, is_predump, BOOL) },
	{ .name = "lsm", .help = "Linux security module in force: none, selinux, apparmor",
	  .detail = true, COLUMN(checkpoint, lsm, NAME) },
	{ .name = "dump_uptime", .help = "uptime of the host at the dump", .unit = "us",
	  .detail = true, COLUMN(checkpoint, dump_uptime, U64) },
	{ .name = "parent", .help = "target of the link to the parent checkpoint", .detail = true,
	  COLUMN(checkpoint, parent, BYTES) },
	{ .name = "missing_parent", .help = "what a link to a parent names that is not here", .detail = true,
	  COLUMN(checkpoint, missing_parent, BYTES), .needs = PART_PAGES },
	{ .name = "path", .help = "the archive or directory", .detail = true,
	  COMPUTED(TEXT, get_archive) },
	{ .name = "layer", .help = "the archive inside it that holds the images, as the layer of an OCI "
				   "image does",
	  .detail = true, COMPUTED(TEXT, get_layer) },
	{ .name = "images", .help = "the image directory inside it", .detail = true,
	  COLUMN(checkpoint, images, BYTES) },
	{ .name = "compression", .help = "of the archive: none, gzip, zstd, xz, bzip2, lz4",
	  .detail = true, COMPUTED(TEXT, get_compression) },
	{ .name = "size", .help = "size of the archive file, or of all files of the directory",
	  .unit = "bytes", .detail = true, COMPUTED(UINT, get_size) },
	{ .name = "processes", .help = "tasks", .detail = true, .needs = PART_TASKS,
	  COMPUTED(UINT, count_processes) },
	{ .name = "threads", .help = "threads of all tasks", .detail = true, .needs = PART_TASKS,
	  COMPUTED(UINT, count_threads) },
	{ .name = "fds", .help = "open descriptors of all tasks", .detail = true,
	  .needs = PART_FDS, COMPUTED(UINT, count_fds) },
	{ .name = "sockets", .help = "sockets", .detail = true, .needs = PART_FILES,
	  COMPUTED(UINT, count_sockets) },
	{ .name = "vmas", .help = "mappings of all tasks", .detail = true, .needs = PART_MAPPINGS,
	  COMPUTED(UINT, count_vmas) },
	{ .name = "pages", .help = "pages whose bytes are in this checkpoint", .unit = "pages",
	  .detail = true, .needs = PART_PAGES, COMPUTED(UINT, sum_pages) },
};

const struct table table_checkpoint = {
	.name = "checkpoint",
	.help = "the checkpoint",
	.key = "",
	.noise = "checkpointed recognised dump_uptime parent path layer images compression size "
		 "processes threads fds sockets vmas pages",
	.needs = PART_INVENTORY | PART_ENGINE,
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.origin = offsetof(struct checkpoint, inventory_origin),
	.rows = rows,
};
