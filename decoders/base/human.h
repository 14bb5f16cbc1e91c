/* Numbers for people: sizes, durations, counts with a word. */
#pragma once

#include <stdint.h>

#include "decoders/base/out.h"

/* "1.5 MiB"; "-" for UINT64_MAX, which is absent. */
void print_size(uint64_t bytes, struct out *out);

/* The same, to the right of a column of WIDTH, with the unit's letter only: "1.5M". */
void print_size_column(uint64_t bytes, int width, struct out *out);

/* Microseconds as "12.3 ms" or "1.20 s". */
void print_duration(uint64_t microseconds, struct out *out);

/* "1 process", "3 processes". */
void print_count(uint64_t n, const char *one, const char *many, struct out *out);
