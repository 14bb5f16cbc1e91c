/*
 * OCI images and layouts around a checkpoint.
 *
 * podman --create-image, buildah and checkpointctl put a checkpoint archive into the one layer of an OCI
 * image; "ctr checkpoint" makes an OCI index whose entries are the parts of a checkpoint, the directory
 * of CRIU's images as a tar of its own among them. Both travel as a layout: a directory or a tar with
 * "index.json" and blobs named by their digest; or as docker's archive, or a plain directory of blobs,
 * with a "manifest.json". This reads those documents and says which members hold what; it opens none
 * of them.
 *
 * Facts: docs/ARCHITECTURE.md, "Archives".
 */
#pragma once

#include "decoders/base/error.h"
#include "decoders/source/source.h"

enum { WRAPPER_MOST = 64 }; /* documents that are followed, and layers that are looked at */

/* Members are indices into the source; UINT32_MAX: none. */
struct wrapper {
	bool is_wrapper;
	bool is_ctr;         /* what "ctr checkpoint" makes; else an image around an archive */
	uint32_t annotations; /* the document that has the annotations */
	uint32_t spec;       /* ctr's: a protobuf Any that holds the OCI spec as JSON */
	uint32_t changes;    /* ctr's: the layer of what the container changed */
	uint32_t images[WRAPPER_MOST]; /* archives that may hold CRIU's images, the likeliest first */
	size_t n_images;
	uint32_t base[WRAPPER_MOST]; /* ctr's: layers of the container's image, the lowest first */
	size_t n_base;
};

/* Damage is a problem; what is no wrapper has .is_wrapper false. */
void wrapper_read(struct source *source, struct problems *problems, struct wrapper *ret);
