#include "inspect/line.h"

#include <errno.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "decoders/base/arena.h"
#include "decoders/base/escape.h"
#include "decoders/base/size.h"
#include "inspect/terminal.h"

void line_reader_init(struct line_reader *reader)
{
	*reader = (struct line_reader){ .n_history = 0 };
	out_init(&reader->line, -1);
}

void line_reader_deinit(struct line_reader *reader)
{
	for (size_t i = 0; i < reader->n_history; i++)
		free(reader->history[i]);
	out_deinit(&reader->line);
}

/* --- the text -------------------------------------------------------------------------------------- */

static bool is_continued(const struct line_reader *reader, size_t at)
{
	return at < reader->line.len && ((unsigned char)reader->line.buffer[at] & 0xc0) == 0x80;
}

static size_t before(const struct line_reader *reader, size_t at)
{
	if (at)
		do
			at--;
		while (at && is_continued(reader, at));
	return at;
}

static size_t behind(const struct line_reader *reader, size_t at)
{
	if (at < reader->line.len)
		do
			at++;
		while (is_continued(reader, at));
	return at;
}

static void remove_between(struct line_reader *reader, size_t start, size_t end)
{
	char *text = reader->line.buffer;

	if (start >= end)
		return;
	memmove(text + start, text + end, reader->line.len - end);
	reader->line.len -= end - start;
	reader->cursor = start;
}

static void insert(struct line_reader *reader, const char *text, size_t len)
{
	size_t rest = reader->line.len - reader->cursor;

	if (reader->line.len + len > LONGEST_LINE)
		return;
	out_write(&reader->line, text, len); /* makes room */
	memmove(reader->line.buffer + reader->cursor + len, reader->line.buffer + reader->cursor, rest);
	memcpy(reader->line.buffer + reader->cursor, text, len);
	reader->cursor += len;
}

static void set_text(struct line_reader *reader, const char *text)
{
	out_clear(&reader->line);
	out_text(&reader->line, text);
	reader->cursor = reader->line.len;
}

static void remember(struct line_reader *reader, const char *text)
{
	size_t n = reader->n_history;

	if (!*text || (n && !strcmp(reader->history[n - 1], text)))
		return;
	if (n == LINES_KEPT) {
		free(reader->history[0]);
		memmove(reader->history, reader->history + 1, (LINES_KEPT - 1) * sizeof(*reader->history));
		n--;
	}
	reader->history[n] = strdup(text);
	if (!reader->history[n])
		out_of_memory();
	reader->n_history = n + 1;
}

static void recall(struct line_reader *reader, size_t which)
{
	reader->recalled = which;
	set_text(reader, which < reader->n_history ? reader->history[which] : "");
}

/* --- keys ------------------------------------------------------------------------------------------ */

enum key {
	KEY_OTHER, /* nothing of ours */
	KEY_TEXT,
	KEY_ENTER,
	KEY_CANCEL,
	KEY_END_OF_FILE,
	KEY_LEFT,
	KEY_RIGHT,
	KEY_UP,
	KEY_DOWN,
	KEY_HOME,
	KEY_END,
	KEY_BACKSPACE,
	KEY_DELETE,
	KEY_CUT_TO_START,
	KEY_CUT_TO_END,
	KEY_CUT_WORD,
};

static const struct {
	const char *bytes;
	enum key key;
} keys[] = {
	{ "\r", KEY_ENTER },	  { "\n", KEY_ENTER },	   { "\x03", KEY_CANCEL },
	{ "\x04", KEY_END_OF_FILE }, { "\x7f", KEY_BACKSPACE }, { "\b", KEY_BACKSPACE },
	{ "\x01", KEY_HOME },	  { "\x05", KEY_END },	   { "\x02", KEY_LEFT },
	{ "\x06", KEY_RIGHT },	  { "\x10", KEY_UP },	   { "\x0e", KEY_DOWN },
	{ "\x15", KEY_CUT_TO_START }, { "\x0b", KEY_CUT_TO_END }, { "\x17", KEY_CUT_WORD },
	{ "\x1b[A", KEY_UP },	  { "\x1b[B", KEY_DOWN },  { "\x1b[C", KEY_RIGHT },
	{ "\x1b[D", KEY_LEFT },	  { "\x1b[H", KEY_HOME },  { "\x1b[F", KEY_END },
	{ "\x1bOA", KEY_UP },	  { "\x1bOB", KEY_DOWN },  { "\x1bOC", KEY_RIGHT },
	{ "\x1bOD", KEY_LEFT },	  { "\x1bOH", KEY_HOME },  { "\x1bOF", KEY_END },
	{ "\x1b[1~", KEY_HOME },  { "\x1b[4~", KEY_END },  { "\x1b[3~", KEY_DELETE },
};

static bool read_byte(char *ret)
{
	ssize_t n;

	do
		n = read(STDIN_FILENO, ret, 1);
	while (n < 0 && errno == EINTR);
	return n == 1;
}

/* Bytes of a key that is more than one: an escape sequence to its letter, a character to its end. */
static size_t read_rest(char *bytes, size_t most)
{
	unsigned char first = (unsigned char)bytes[0];
	size_t n = 1, len = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;

	if (first != 0x1b) {
		while (n < len && read_byte(bytes + n))
			n++;
		return n;
	}
	while (n < most && read_byte(bytes + n)) {
		char c = bytes[n++];

		if (n > 2 && c >= '@' && c <= '~')
			break;
		if (n == 2 && c != '[' && c != 'O')
			break;
	}
	return n;
}

/* Only what is safe to be drawn is text. */
static bool is_text(const char *bytes, size_t len)
{
	struct bytes text = { (const uint8_t *)bytes, len };
	uint32_t c;

	return utf8_next(&text, &c) && text.len == 0 && !character_is_unsafe(c);
}

static enum key read_key(char *bytes, size_t most, size_t *ret_len)
{
	if (!read_byte(bytes))
		return KEY_END_OF_FILE;
	*ret_len = read_rest(bytes, most);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strlen(keys[i].bytes) == *ret_len && !memcmp(keys[i].bytes, bytes, *ret_len))
			return keys[i].key;
	if (*bytes == '\t') {
		*bytes = ' ';
		return KEY_TEXT;
	}
	return is_text(bytes, *ret_len) ? KEY_TEXT : KEY_OTHER;
}

static size_t word_before(const struct line_reader *reader)
{
	const char *text = reader->line.buffer;
	size_t at = reader->cursor;

	while (at && text[at - 1] == ' ')
		at--;
	while (at && text[at - 1] != ' ')
		at--;
	return at;
}

static void edit(struct line_reader *reader, enum key key, const char *bytes, size_t len)
{
	size_t at = reader->cursor, end = reader->line.len;

	switch (key) {
	case KEY_TEXT:
		insert(reader, bytes, len);
		break;
	case KEY_LEFT:
		reader->cursor = before(reader, at);
		break;
	case KEY_RIGHT:
		reader->cursor = behind(reader, at);
		break;
	case KEY_HOME:
		reader->cursor = 0;
		break;
	case KEY_END:
		reader->cursor = end;
		break;
	case KEY_UP:
		if (reader->recalled)
			recall(reader, reader->recalled - 1);
		break;
	case KEY_DOWN:
		if (reader->recalled < reader->n_history)
			recall(reader, reader->recalled + 1);
		break;
	case KEY_BACKSPACE:
		remove_between(reader, before(reader, at), at);
		break;
	case KEY_DELETE:
		remove_between(reader, at, behind(reader, at));
		break;
	case KEY_CUT_TO_START:
		remove_between(reader, 0, at);
		break;
	case KEY_CUT_TO_END:
		remove_between(reader, at, end);
		break;
	case KEY_CUT_WORD:
		remove_between(reader, word_before(reader), at);
		break;
	default:
		break;
	}
}

/* --- drawing --------------------------------------------------------------------------------------- */

/* The part around the cursor that fits on one line of the terminal. */
static void draw(const struct line_reader *reader, const char *prompt)
{
	size_t width = terminal_width(STDOUT_FILENO), room = width - strlen(prompt) - 1, start = 0, end;
	struct bytes text = out_held(&reader->line);
	struct out out;

	if (width < strlen(prompt) + 8)
		room = 8;
	while (text_width(bytes_from(bytes_first(text, reader->cursor), start)) > room)
		start = behind(reader, start);
	end = start;
	while (end < text.len && text_width(bytes_from(bytes_first(text, behind(reader, end)), start)) <= room)
		end = behind(reader, end);
	out_init(&out, STDOUT_FILENO);
	out_printf(&out, "\r%s", prompt);
	out_bytes(&out, bytes_from(bytes_first(text, end), start));
	out_printf(&out, "\033[K\r\033[%zuC",
		   strlen(prompt) + text_width(bytes_from(bytes_first(text, reader->cursor), start)));
	out_flush(&out);
	out_deinit(&out);
}

/* --- reading --------------------------------------------------------------------------------------- */

/* To the key that ends the line. */
static enum key edit_line(struct line_reader *reader, const char *prompt)
{
	for (;;) {
		char bytes[16];
		size_t len = 0;
		enum key key;

		draw(reader, prompt);
		key = read_key(bytes, sizeof(bytes), &len);
		if (key == KEY_ENTER || key == KEY_CANCEL)
			return key;
		if (key == KEY_END_OF_FILE && (reader->line.len == 0 || len == 0))
			return key;
		edit(reader, key == KEY_END_OF_FILE ? KEY_DELETE : key, bytes, len);
	}
}

static enum key read_plain(struct line_reader *reader, const char *prompt)
{
	char c;

	(void)!write(STDOUT_FILENO, prompt, strlen(prompt));
	while (read_byte(&c)) {
		if (c == '\n')
			return KEY_ENTER;
		if (c)
			insert(reader, &c, 1);
	}
	return reader->line.len ? KEY_ENTER : KEY_END_OF_FILE;
}

/* As it was but for lines, echo and signals; what is printed stays as it is. */
static bool take_terminal(struct termios *ret_old)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, ret_old) < 0)
		return false;
	raw = *ret_old;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
	raw.c_iflag &= ~(tcflag_t)(IXON | ICRNL);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	return tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
}

char *line_read(struct line_reader *reader, const char *prompt)
{
	struct termios old;
	enum key key;

	out_clear(&reader->line);
	reader->cursor = 0;
	reader->recalled = reader->n_history;
	reader->was_cancelled = false;
	if (isatty(STDOUT_FILENO) && take_terminal(&old)) {
		key = edit_line(reader, prompt);
		tcsetattr(STDIN_FILENO, TCSADRAIN, &old);
		(void)!write(STDOUT_FILENO, "\n", 1);
	} else {
		key = read_plain(reader, prompt);
	}
	reader->was_cancelled = key == KEY_CANCEL;
	if (key != KEY_ENTER)
		return NULL;
	out_char(&reader->line, '\0');
	remember(reader, reader->line.buffer);
	return reader->line.buffer;
}
