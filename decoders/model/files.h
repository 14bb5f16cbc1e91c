/* Open files: what the parts of their loader share. */
#pragma once

#include "decoders/model/checkpoint.h"

/* After all entries are read: what other images say about its files. */
void files_join(struct checkpoint *checkpoint);
