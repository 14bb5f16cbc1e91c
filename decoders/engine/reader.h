/* What the parts of the engine room share: a checkpoint's directories and their documents. */
#pragma once

#include "decoders/engine/document.h"
#include "decoders/engine/engine.h"
#include "decoders/engine/log_head.h"
#include "decoders/engine/wrapper.h"

/* A set of these is the column of a table. */
enum producer {
	PODMAN = 1,
	CRIO = 2,
	CONTAINERD = 4,
	DOCKER = 8,
	LXC = 16,
	RUNC = 32,
	CRIU = 64,
	CTR = 128,
	ANY = 255,
};

enum document_name {
	CONFIG,  /* config.dump */
	SPEC,    /* spec.dump */
	STATUS,  /* status.dump */
	NETWORK, /* network.status */
	DOCKER_CONFIG,
	DOCKER_HOST,
	WRAPPER, /* of an OCI image: the document with its annotations */
	N_DOCUMENTS,
};

struct reader {
	struct source *source;
	const struct wrapper *wrapper;
	struct bytes images;    /* names of directories in the source: CRIU's, ... */
	struct bytes above;     /* ... the one that it is in, or the same, ... */
	struct bytes container; /* ... and docker's for a container, or absent */
	struct bytes path;      /* of the images, with that of the source before it */
	struct arena scratch;
	struct document documents[N_DOCUMENTS];
	struct log_head log;
};

const struct member *reader_find(struct reader *reader, struct bytes directory, const char *name);

/* Never fails: in the end it is CRIU's own directory. *ret_words: by what it is recognised. */
enum producer producer_recognise(struct reader *reader, const char **ret_name,
				 const char **ret_words);

/* The container's id in ".../containers/ID/checkpoints/NAME", or absent. */
struct bytes producer_docker_id(struct bytes path);

/*
 * POD in "checkpoint-POD_NAMESPACE-CONTAINER-TIME.tar", as the kubelet names files, or absent. Where the
 * namespace ends the name does not say.
 */
struct bytes producer_kubelet_pod(struct arena *arena, struct bytes name);

/* Fills the fields that PRODUCER's documents have a value for. */
void facts_read(struct reader *reader, enum producer producer, struct arena *arena,
		struct engine *ret);
