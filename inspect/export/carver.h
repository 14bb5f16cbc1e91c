/*
 * Contents of a checkpoint, written as files into one directory.
 *
 * Nothing but regular files is made, readable to their owner alone, each by its kind and id: no name that
 * came from the evidence becomes one of a file. They are opened beneath the directory, no link is followed,
 * and a file that is there is never written to. What each is and where it came from is in manifest.tsv:
 * escaped text, tabs between the columns, "-" for what is not known.
 */
#pragma once

#include "decoders/base/digest.h"
#include "decoders/base/out.h"
#include "decoders/model/contents.h"
#include "inspect/unfinished.h"

#define CARVED_MOST ((uint64_t)4 << 30) /* bytes, unless the user says otherwise */
enum { CARVED_FILES = 1000000 };

/* A piece of a file, and where it came from. */
struct carved_part {
	uint64_t start, len;
	struct content_place place;
};

struct carver {
	/* set by the caller */
	int directory;           /* opened by directory_open */
	uint64_t max_size;
	const uint32_t *pids;    /* only what they have */
	size_t n_pids;
	struct problems *problems;

	/* results */
	size_t n_files, n_left_out; /* left out: for a limit */
	uint64_t written;           /* bytes, without holes */
	struct error *error;        /* why nothing more can be written; NULL */

	struct out manifest, parts;
	uint64_t zeroes;            /* digested in holes */
	/* the file that is being written */
	int fd;
	char name[128];
	struct unfinished unfinished; /* the file of that name */
	struct content content;
	struct digest *digest;      /* NULL: too many zeroes */
	uint64_t at;                /* its bytes so far */
	struct carved_part first, part; /* the first piece and the last */
	size_t n_parts;
	const char *stopped;        /* why no more of it is written; NULL */
};

/* Opens the two manifests. */
struct error *carver_begin(struct carver *carver) __attribute__((warn_unused_result));

/* What each kind of contents is given. */
struct content_sink carver_sink(struct carver *carver);

/* Tells what was left out; an error where anything could not be written. */
struct error *carver_end(struct carver *carver) __attribute__((warn_unused_result));
