/* What the images hold of files, queues and shared memory. */
#include "db/scan/sources.h"
#include "db/scan/stream.h"

struct passing {
	struct scanner *scanner;
	const struct scan_request *request;
	struct stream stream;
	uint64_t size;
};

static bool has_owner(const struct scan_request *request, const struct content *content)
{
	for (size_t i = 0; i < content->n_owners; i++)
		for (size_t k = 0; k < request->n_pids; k++)
			if (content->owners[i].pid == request->pids[k])
				return true;
	return request->n_pids == 0;
}

static bool begin(void *context, const struct content *content)
{
	struct passing *passing = context;
	const struct content_owner *owner = content->n_owners ? content->owners : NULL;
	struct find_place place = {
		.where = content->kind,
		.source = content->from.source,
		.image = content->from.image,
		.offset = content->from.offset,
		.id = content->id,
		.path = content->path,
		.pid = owner ? owner->pid : ABSENT_U32,
		.fd = owner ? owner->fd : ABSENT_U32,
		.address = ABSENT_U64,
	};

	if (!has_owner(passing->request, content))
		return false;
	passing->size = content->size;
	stream_begin(&passing->stream, &place, false);
	return true;
}

static bool take(void *context, uint64_t start, struct bytes data, const struct content_place *place)
{
	struct passing *passing = context;

	stream_add(&passing->stream, start, data, place);
	return true;
}

static void end(void *context, uint64_t missing, const char *why)
{
	struct passing *passing = context;

	(void)why;
	stream_end(&passing->stream, passing->size, missing == 0);
}

void scan_contents(struct scanner *scanner, const struct scan_request *request)
{
	struct passing passing = { .scanner = scanner, .request = request };
	const struct content_sink sink = { begin, take, end, &passing };

	stream_init(&passing.stream, scanner);
	for (size_t i = 0; i < n_content_kinds; i++)
		content_kinds[i].each(scanner->checkpoint, &sink);
	stream_deinit(&passing.stream);
}
