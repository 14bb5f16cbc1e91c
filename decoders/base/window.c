#include "decoders/base/window.h"

#include <stdlib.h>

#include "decoders/base/arena.h"

uint8_t *window_new(size_t size)
{
	void *window;

	if (posix_memalign(&window, WINDOW_ALIGN, size) != 0)
		out_of_memory();
	return window;
}
