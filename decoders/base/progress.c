#include "decoders/base/progress.h"

#include <stddef.h>

const struct progress *progress;
