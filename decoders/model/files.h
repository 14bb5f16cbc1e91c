/* Open files: what the parts of their loader share. */
#pragma once

#include "decoders/model/checkpoint.h"

/* After all entries are read: what other images say about its files. */
void files_join(struct checkpoint *checkpoint);

/* The name of one of fd_types: reg, pipe, inetsk, ...; "unknown" of others. */
const char *file_type_name(uint32_t fd_type);
