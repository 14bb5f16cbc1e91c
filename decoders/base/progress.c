#include "decoders/base/progress.h"

#include <stddef.h>

_Thread_local const struct progress *progress;
