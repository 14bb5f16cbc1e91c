/*
 * What the container engine says about the container.
 *
 * podman, CRI-O, containerd, docker, LXC and the bare runtimes put CRIU's image directory into
 * an archive or directory of their own, beside JSON and logs. This room recognises the producer
 * by what is there and reads names, ids and times from it. Everything is optional: a checkpoint
 * is never refused for what is missing here, and a broken document is a problem, not the end.
 *
 * runc and crun cannot be told apart: both are "runc". LXC leaves nothing of its own but a log,
 * which plain CRIU leaves too; it is recognised by the cgroup that the log names. To add an
 * engine or a key is to add a row: signs[] in producer.c, facts[] in facts.c.
 *
 * Facts: which producer writes what, docs/ARCHITECTURE.md, "Archives".
 */
#pragma once

#include "decoders/base/arena.h"
#include "decoders/base/bytes.h"
#include "decoders/base/error.h"
#include "decoders/engine/wrapper.h"
#include "decoders/source/source.h"

/* Texts are in the caller's arena; absent ones have data == NULL. Times are ISO 8601 UTC. */
struct engine {
	const char *producer;      /* podman, cri-o, containerd, ctr, docker, lxc, runc, criu */
	const char *recognised;    /* by what: "spec.dump: io.container.manager is libpod" */
	struct bytes container;    /* its name */
	struct bytes container_id;
	struct bytes pod;          /* its name; podman knows only its id */
	struct bytes pod_uid, namespace;
	struct bytes image;        /* as the user named it, else as resolved */
	struct bytes image_id;
	struct bytes runtime;      /* runc, crun, io.containerd.runc.v2 */
	struct bytes ip;           /* the container's first address, without a prefix length */
	struct bytes created;      /* the container's birth */
	struct bytes checkpointed; /* as the engine says, else the mtime of inventory.img */
	struct bytes criu_version; /* from the head of dump.log, or from annotations */
	struct bytes kernel;       /* release, from there too */
	bool is_wrapped;           /* an OCI image is around it */
	uint32_t member;           /* the document that says most, config.dump first; UINT32_MAX */
};

enum {
	ENGINE_JSON_MAX = 16 << 20,      /* bytes of one document */
	ENGINE_JSON_TREE_MAX = 32 << 20, /* bytes that its parsed tree may take, as estimated */
	ENGINE_JSON_DEPTH = 32,
	ENGINE_LOG_HEAD = 64 << 10,      /* of dump.log, where versions are looked for */
};

/*
 * IMAGES is the name of CRIU's image directory inside SOURCE, "" where that is the source
 * itself; the engine's files lie in the directory above it, or beside the images. WRAPPER is about the
 * source around it.
 */
void engine_read(struct source *source, struct bytes images, const struct wrapper *wrapper,
		 struct arena *arena, struct problems *problems, struct engine *ret);
