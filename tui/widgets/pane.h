/*
 * All of a text that a list above cuts: the lowest rows of an area.
 */
#pragma once

#include "tui/display.h"

/* ROWS lines of TEXT, which may have line feeds, below a rule; what is left above is returned: all of AREA, where that is low. */
struct area pane_draw(const struct area *area, int rows, struct bytes text);
