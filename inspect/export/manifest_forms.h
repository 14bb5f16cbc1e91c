/*
 * Manifests as files: what hashdeep writes and audits, and the forms of rows.
 *
 * hashdeep's form has a line for each file: size, SHA-256 and, to the end of the line, its name. Names are
 * escaped as everywhere, so that each is one line whatever it holds. "./NAME" is the archive itself, for the
 * name of a member never begins so; of a directory all names begin so, as "hashdeep -r -l ." has them. The
 * format: hashdeep(1).
 */
#pragma once

#include "decoders/source/manifest.h"
#include "inspect/command.h"

#define MANIFEST_TEXT_MAX ((uint64_t)1 << 30) /* bytes of a manifest that is read */

void manifest_write(const struct manifest *manifest, enum format format, struct out *out);

/*
 * Reads what manifest_write or hashdeep (with sha256 among its columns) wrote, but for CSV. Everything of
 * *ret is in ARENA.
 */
struct error *manifest_read(struct bytes text, struct arena *arena, struct manifest *ret)
	__attribute__((warn_unused_result));
