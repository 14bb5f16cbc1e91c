/* Moments, whatever their spelling, as ISO 8601 in UTC: "2026-11-23T13:38:01.123456789Z". */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "decoders/base/arena.h"
#include "decoders/base/bytes.h"

/*
 * RFC 3339 with any zone; a fraction keeps its digits. False where TEXT is not that. *ret is
 * absent for the year 1, which is how Go writes "never".
 */
bool timestamp_from_text(struct arena *arena, struct bytes text, struct bytes *ret)
	__attribute__((warn_unused_result));

/* Since 1970. Absent where the year is not one of 1 to 9999, and for 0, which means "unknown". */
struct bytes timestamp_from_seconds(struct arena *arena, int64_t seconds);
struct bytes timestamp_from_nanoseconds(struct arena *arena, int64_t nanoseconds);
