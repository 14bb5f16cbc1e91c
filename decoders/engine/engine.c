#include "decoders/engine/engine.h"

#include "decoders/base/size.h"
#include "decoders/engine/reader.h"
#include "decoders/engine/timestamp.h"
#include "decoders/source/name.h"

static const char *const document_names[N_DOCUMENTS] = {
	[CONFIG] = "config.dump",
	[SPEC] = "spec.dump",
	[STATUS] = "status.dump",
	[NETWORK] = "network.status",
	[DOCKER_CONFIG] = "config.v2.json",
	[DOCKER_HOST] = "hostconfig.json",
};

/* LXC names a log after what it does. */
static const char *const log_names[] = { "dump.log", "pre-dump.log" };

const struct member *reader_find(struct reader *reader, struct bytes directory, const char *name)
{
	return source_find(reader->source,
			   name_join(&reader->scratch, directory, bytes_of(name)));
}

static void load_document(struct reader *reader, enum document_name which,
			  struct problems *problems)
{
	const char *name = document_names[which];
	const struct member *member = NULL;

	if (which < DOCKER_CONFIG)
		member = reader_find(reader, reader->above, name);
	else if (reader->container.data)
		member = reader_find(reader, reader->container, name);
	if (!member && which < DOCKER_CONFIG)
		member = reader_find(reader, reader->images, name);
	document_init(reader->source, member, &reader->scratch, problems,
		      &reader->documents[which]);
}

/* What is around the archive: ctr keeps the spec there, and images have annotations. */
static void load_wrapper(struct reader *reader, struct problems *problems)
{
	const struct wrapper *wrapper = reader->wrapper;
	struct source *outer = reader->source->outer;

	if (!wrapper->is_wrapper)
		return;
	if (wrapper->annotations != UINT32_MAX)
		document_init(outer, &outer->members.items[wrapper->annotations], &reader->scratch,
			      problems, &reader->documents[WRAPPER]);
	if (wrapper->spec != UINT32_MAX && !reader->documents[SPEC].member)
		document_init_any(outer, &outer->members.items[wrapper->spec], &reader->scratch,
				  problems, &reader->documents[SPEC]);
}

static bool read_log(struct reader *reader, struct bytes directory, const char *name)
{
	const struct member *member = reader_find(reader, directory, name);
	uint8_t *head;

	if (!member)
		return false;
	head = arena_alloc(&reader->scratch, ENGINE_LOG_HEAD);
	log_head_read((struct bytes){ head, source_head(reader->source, member, head,
							ENGINE_LOG_HEAD) },
		      &reader->log);
	return reader->log.criu_version.data;
}

static void read_logs(struct reader *reader)
{
	for (size_t i = 0; i < ARRAY_SIZE(log_names); i++)
		if (read_log(reader, reader->images, log_names[i]) ||
		    read_log(reader, reader->above, log_names[i]))
			return;
}

static struct bytes copy(struct arena *arena, struct bytes text)
{
	return text.data ? arena_copy(arena, text) : NO_BYTES;
}

/* The name of the file that all lies in; absent of a directory. */
static struct bytes file_name(const struct reader *reader)
{
	const struct source *source = reader->source;

	while (source->outer)
		source = source->outer;
	return source->is_directory ? NO_BYTES : bytes_basename(bytes_of(source->path));
}

/* What lies around the documents. */
static void fill_in(struct reader *reader, enum producer producer, struct arena *arena,
		    struct engine *ret)
{
	const struct member *inventory = reader_find(reader, reader->images, "inventory.img");

	if (reader->log.criu_version.data)
		ret->criu_version = copy(arena, reader->log.criu_version);
	if (reader->log.kernel.data)
		ret->kernel = copy(arena, reader->log.kernel);
	ret->is_wrapped = reader->wrapper->is_wrapper && !reader->wrapper->is_ctr;
	if (producer == LXC)
		ret->container = copy(arena, reader->log.lxc_name);
	if (producer == DOCKER && !ret->container_id.data)
		ret->container_id = copy(arena, producer_docker_id(reader->path));
	if (!ret->pod.data && producer != PODMAN)
		ret->pod = copy(arena, producer_kubelet_pod(&reader->scratch, file_name(reader)));
	if (inventory && !ret->checkpointed.data)
		ret->checkpointed = timestamp_from_seconds(arena, inventory->mtime);
}

static uint32_t main_member(struct reader *reader)
{
	static const enum document_name names[] = { CONFIG, SPEC, STATUS, DOCKER_CONFIG };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (reader->documents[names[i]].root &&
		    reader->documents[names[i]].source == reader->source)
			return source_index(reader->source, reader->documents[names[i]].member);
	return UINT32_MAX;
}

static struct bytes without_slashes(struct bytes path)
{
	while (path.len && path.data[path.len - 1] == '/')
		path.len--;
	return path;
}

static void open_reader(struct reader *reader, struct problems *problems)
{
	struct bytes checkpoints = bytes_dirname(reader->images);

	reader->above = checkpoints;
	if (bytes_equal(bytes_basename(checkpoints), BYTES("checkpoints")))
		reader->container = bytes_dirname(checkpoints);
	reader->path = without_slashes(bytes_of(reader->source->path));
	if (reader->images.len)
		reader->path = name_join(&reader->scratch, reader->path, reader->images);
	for (int i = 0; i < WRAPPER; i++)
		load_document(reader, (enum document_name)i, problems);
	load_wrapper(reader, problems);
	read_logs(reader);
}

static void close_reader(struct reader *reader)
{
	for (int i = 0; i < N_DOCUMENTS; i++)
		document_deinit(&reader->documents[i]);
	arena_deinit(&reader->scratch);
}

void engine_read(struct source *source, struct bytes images, const struct wrapper *wrapper,
		 struct arena *arena, struct problems *problems, struct engine *ret)
{
	struct reader reader = { .source = source, .images = images, .wrapper = wrapper };
	struct engine engine = { 0 };
	enum producer producer;

	arena_init(&reader.scratch);
	open_reader(&reader, problems);
	producer = producer_recognise(&reader, &engine.producer, &engine.recognised);
	facts_read(&reader, producer, arena, &engine);
	fill_in(&reader, producer, arena, &engine);
	engine.member = main_member(&reader);
	close_reader(&reader);
	*ret = engine;
}
