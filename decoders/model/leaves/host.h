/* Facts of the host that a checkpoint is held against: of no image, and there only where somebody has read them. */
#pragma once

#include "decoders/host/host.h"
#include "decoders/model/leaf.h"

struct host_fact {
	struct origin origin; /* none */
	struct bytes name, value; /* value: absent where it cannot be told */
	uint64_t number;          /* ABSENT_U64 */
	struct bytes source;      /* the file of the host */
};

extern const struct leaf leaf_host;

/*
 * Makes rows of the facts; HOST must outlive the checkpoint. Without what is TAKEN where that is the checkpoint's own:
 * pids and ports of processes that run.
 */
void host_attach(struct checkpoint *checkpoint, const struct host *host, bool taken);

/*
 * And facts "file" for each regular file that must be there with its size when it is restored, beneath the directory
 * ROOT: the value is the path, the number its size there, and absent where it is missing.
 */
void host_attach_files(struct checkpoint *checkpoint, int root);

/* A checkpoint that has these facts and nothing else, closed as any other. */
void host_alone(const struct host *host, struct checkpoint *ret);
