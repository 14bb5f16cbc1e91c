#include "tui/prompt.h"

#include <string.h>

#include "decoders/base/escape.h"
#include "tui/keys.h"

void prompt_set(struct prompt *prompt, const char *text)
{
	prompt->len = strnlen(text, MOST_PROMPT);
	memmove(prompt->text, text, prompt->len);
	prompt->text[prompt->len] = '\0';
	prompt->cursor = prompt->len;
}

void prompt_begin(struct prompt *prompt, enum prompt_kind kind, const char *text)
{
	prompt->kind = kind;
	prompt->hint = NULL;
	prompt_set(prompt, text);
}

/* Bytes of the character before the cursor, or behind it. */
static size_t one_back(const struct prompt *prompt)
{
	size_t n = 0;

	while (n < prompt->cursor && (prompt->text[prompt->cursor - ++n] & 0xc0) == 0x80)
		;
	return n;
}

static size_t one_on(const struct prompt *prompt)
{
	size_t n = prompt->cursor < prompt->len;

	while (n && prompt->cursor + n < prompt->len && (prompt->text[prompt->cursor + n] & 0xc0) == 0x80)
		n++;
	return n;
}

static void take_out(struct prompt *prompt, size_t start, size_t n)
{
	memmove(prompt->text + start, prompt->text + start + n, prompt->len - start - n + 1);
	prompt->len -= n;
	prompt->cursor = start;
}

static void put_in(struct prompt *prompt, uint32_t c)
{
	char bytes[4];
	size_t n = 0;

	if (c < 0x80) {
		bytes[n++] = (char)c;
	} else if (c < 0x800) {
		bytes[n++] = (char)(0xc0 | c >> 6);
	} else if (c < 0x10000) {
		bytes[n++] = (char)(0xe0 | c >> 12);
		bytes[n++] = (char)(0x80 | (c >> 6 & 0x3f));
	} else {
		bytes[n++] = (char)(0xf0 | c >> 18);
		bytes[n++] = (char)(0x80 | (c >> 12 & 0x3f));
		bytes[n++] = (char)(0x80 | (c >> 6 & 0x3f));
	}
	if (c >= 0x80)
		bytes[n++] = (char)(0x80 | (c & 0x3f));
	if (prompt->len + n > MOST_PROMPT)
		return;
	memmove(prompt->text + prompt->cursor + n, prompt->text + prompt->cursor,
		prompt->len - prompt->cursor + 1);
	memcpy(prompt->text + prompt->cursor, bytes, n);
	prompt->len += n;
	prompt->cursor += n;
}

static void take_word(struct prompt *prompt)
{
	size_t start = prompt->cursor;

	while (start && prompt->text[start - 1] == ' ')
		start--;
	while (start && prompt->text[start - 1] != ' ')
		start--;
	take_out(prompt, start, prompt->cursor - start);
}

/* Keys that change the text; false for others. */
static bool edit(struct prompt *prompt, uint32_t press)
{
	size_t n = one_back(prompt);

	switch (press) {
	case PRESS_BACKSPACE:
		take_out(prompt, prompt->cursor - n, n);
		return true;
	case PRESS_DELETE:
		take_out(prompt, prompt->cursor, one_on(prompt));
		return true;
	case PRESS_CONTROL('U'):
		take_out(prompt, 0, prompt->cursor);
		return true;
	case PRESS_CONTROL('W'):
		take_word(prompt);
		return true;
	default:
		if (press >= 0x110000 || character_is_unsafe(press))
			return false;
		put_in(prompt, press);
		return true;
	}
}

enum prompt_result prompt_press(struct prompt *prompt, uint32_t press)
{
	switch (press) {
	case PRESS_ENTER:
		return PROMPT_DONE;
	case PRESS_ESCAPE:
	case PRESS_CONTROL('C'):
		return PROMPT_GIVEN_UP;
	case PRESS_TAB:
		return PROMPT_COMPLETE;
	case PRESS_LEFT:
		prompt->cursor -= one_back(prompt);
		return PROMPT_GOES_ON;
	case PRESS_RIGHT:
		prompt->cursor += one_on(prompt);
		return PROMPT_GOES_ON;
	case PRESS_HOME:
	case PRESS_CONTROL('A'):
		prompt->cursor = 0;
		return PROMPT_GOES_ON;
	case PRESS_END:
	case PRESS_CONTROL('E'):
		prompt->cursor = prompt->len;
		return PROMPT_GOES_ON;
	case PRESS_BACKSPACE:
		if (!prompt->len)
			return PROMPT_GIVEN_UP;
	}
	return edit(prompt, press) ? PROMPT_CHANGED : PROMPT_GOES_ON;
}

void prompt_draw(const struct prompt *prompt, const struct area *area, int row)
{
	static const char *const signs[] = { "", ":", "/", "\\", "+" };
	struct bytes text = { (const uint8_t *)prompt->text, prompt->len };
	int before = area_width(area, bytes_first(text, prompt->cursor)), room = area->columns - 2;
	size_t start = 0;

	/* What is typed stays in sight where the line is longer than the screen. */
	while (start < prompt->cursor && before > room) {
		start++;
		while (start < prompt->cursor && (prompt->text[start] & 0xc0) == 0x80)
			start++;
		before = area_width(area, bytes_from(bytes_first(text, prompt->cursor), start));
	}
	area_paint(area, row, LOOK_PLAIN);
	area_text(area, row, 0, LOOK_STRONG, signs[prompt->kind]);
	area_put(area, row, 1, -1, LOOK_PLAIN, bytes_from(text, start));
	area->display->cursor_row = area->row + row;
	area->display->cursor_column = area->column + (before + 1 < area->columns ? before + 1 : area->columns - 1);
}
