/* A whole archive: the walk, the search for images, every part of the model, every table, all memory, every check. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "db/tables/render.h"
#include "db/verify/verify.h"
#include "decoders/model/scan.h"

/* As text or as JSON: both would cost as much as all the rest, and a byte more or less is a mutation like any other. */
static void render_all(struct checkpoint *checkpoint, bool is_text)
{
	const struct listing_request request = { .provenance = true };

	for (size_t i = 0; i < n_tables; i++) {
		struct listing listing;
		struct error *error;
		struct out out;

		error = listing_init(&checkpoint->arena, tables[i], &request, &listing);
		if (error) {
			error_free(error);
			continue;
		}
		out_init(&out, -1);
		listing_choose(checkpoint, &request, &listing);
		(is_text ? render_text : render_json)(checkpoint, &listing, &out);
		out_deinit(&out);
	}
}

enum { MOST_BLOCKS = 64 }; /* a page map may list any number */

/* Memory, as a search goes through it. */
static void read_memory(struct checkpoint *checkpoint)
{
	static uint8_t buffer[SCAN_BLOCK];
	struct open_file last = NO_OPEN_FILE;
	struct scan_block block = { 0 };
	struct scan scan;

	checkpoint_need(checkpoint, PART_PAGES);
	scan_init(checkpoint, &scan);
	for (unsigned i = 0; i < MOST_BLOCKS && scan_next(&scan, &block); i++) {
		size_t got;

		error_free(scan_read(checkpoint, &block, &last, block.start, buffer, (size_t)(block.end - block.start),
				     &got));
	}
	scan_block_deinit(&block);
	scan_deinit(&scan);
	if (last.fd >= 0)
		close(last.fd);
}

static void verify(struct checkpoint *checkpoint)
{
	struct findings findings;
	bool damaged;

	findings_init(&findings, &checkpoint->arena);
	verify_checkpoint(checkpoint, &findings, &damaged);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", 0);
	struct checkpoint checkpoint;
	struct error *error;
	char path[64];

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		__builtin_trap();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	error = checkpoint_open(path, &checkpoint);
	if (!error) {
		render_all(&checkpoint, size & 1);
		read_memory(&checkpoint);
		verify(&checkpoint);
		checkpoint_close(&checkpoint);
	}
	error_free(error);
	close(fd);
	return 0;
}
