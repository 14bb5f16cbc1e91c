/* The same on a machine whose pages have 64 KiB, as those of ppc64le and aarch64 may. */
#define PAGE_BYTES 65536
#include "tests/unit/search_test.c"
