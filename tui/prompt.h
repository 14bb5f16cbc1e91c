/* The line that is typed: a command, a search, a filter. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tui/display.h"

enum prompt_kind {
	PROMPT_NONE,
	PROMPT_COMMAND, /* ":" */
	PROMPT_SEARCH,  /* "/" */
	PROMPT_FILTER,  /* "\" */
	PROMPT_SCREEN,  /* "+": for the screen that asks */
};

enum { MOST_PROMPT = 250 };

struct prompt {
	enum prompt_kind kind;
	char text[MOST_PROMPT + 8];
	size_t len, cursor; /* bytes */
	const char *hint;   /* NULL: none */
};

enum prompt_result {
	PROMPT_GOES_ON,
	PROMPT_CHANGED,
	PROMPT_DONE,
	PROMPT_GIVEN_UP,
	PROMPT_COMPLETE, /* Tab */
};

void prompt_begin(struct prompt *prompt, enum prompt_kind kind, const char *text);
enum prompt_result prompt_press(struct prompt *prompt, uint32_t press);
void prompt_set(struct prompt *prompt, const char *text);
void prompt_draw(const struct prompt *prompt, const struct area *area, int row);
