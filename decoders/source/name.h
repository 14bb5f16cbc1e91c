/*
 * Names of archive members, cleaned as text: "./a//b/" becomes "a/b".
 *
 * Nothing here touches a file system; a name is only ever compared with other names.
 */
#pragma once

#include <stdbool.h>

#include "decoders/base/arena.h"
#include "decoders/base/bytes.h"

/* False where the name climbs out with "..", or is nothing but dots and slashes and climbs. */
bool name_clean(struct arena *arena, struct bytes raw, struct bytes *ret);

/* DIRECTORY/NAME; DIRECTORY may be empty. */
struct bytes name_join(struct arena *arena, struct bytes directory, struct bytes name);
