/* A whole archive: the walk, the search for images, every part of the model, every table. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "db/tables/render.h"

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
		checkpoint_close(&checkpoint);
	}
	error_free(error);
	close(fd);
	return 0;
}
