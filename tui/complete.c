/* Tab behind ":": names of commands, screens and tables, and what commands take. */
#include <stdio.h>
#include <string.h>

#include "decoders/base/size.h"
#include "tui/internal.h"

struct completion {
	struct bytes typed; /* of the word that is completed */
	char common[64];    /* what all that fit begin with */
	size_t n;
	struct out *names;
};

static void try_name(struct completion *completion, const char *name)
{
	size_t same = 0;

	if (!name || !bytes_start_with(bytes_of(name), completion->typed) ||
	    strlen(name) >= sizeof(completion->common))
		return;
	out_text(completion->names, completion->n ? "  " : "");
	out_text(completion->names, name);
	if (!completion->n++) {
		memcpy(completion->common, name, strlen(name) + 1);
		return;
	}
	while (completion->common[same] && completion->common[same] == name[same])
		same++;
	completion->common[same] = '\0';
}

static void try_first_words(struct completion *completion)
{
	for (size_t i = 0; i < n_tui_commands; i++)
		try_name(completion, tui_commands[i].name);
	for (size_t i = 0; i < n_screens; i++)
		if (!screens[i]->by_link)
			try_name(completion, screens[i]->name);
	for (size_t i = 0; i < n_tables; i++) {
		try_name(completion, tables[i]->name);
		try_name(completion, tables[i]->plural);
	}
}

static void try_words(struct view *view, enum command_words words, struct completion *completion)
{
	const struct rows *rows = view_rows(view);
	const struct list *list = view_list(view);
	size_t n = list ? list_n_columns(list->model, list->context) : 0;

	switch (words) {
	case WORDS_NONE:
		break;
	case WORDS_COLUMNS:
		for (size_t i = 0; rows && i < rows->table->n_columns; i++)
			try_name(completion, rows->table->columns[i].name);
		break;
	case WORDS_HEADINGS:
		for (size_t i = 0; i < n; i++)
			try_name(completion, list_heading(list->model, list->context, i));
		break;
	case WORDS_SETTINGS:
		try_name(completion, "mouse on");
		try_name(completion, "mouse off");
		break;
	}
}

/* What the words behind the first are; WORDS_NONE where it is no command. */
static enum command_words words_of(struct bytes first)
{
	for (size_t i = 0; i < n_tui_commands; i++)
		if (bytes_equal(first, bytes_of(tui_commands[i].name)))
			return tui_commands[i].words;
	return WORDS_NONE;
}

/* Where the last of several names begins: behind a comma, or a minus that says how to sort. */
static size_t last_name(struct bytes line, size_t from, enum command_words words)
{
	size_t start = from;

	if (words == WORDS_HEADINGS && from < line.len && line.data[from] == '-')
		start++;
	for (size_t i = from; i < line.len && words == WORDS_COLUMNS; i++)
		if (line.data[i] == ',')
			start = i + 1;
	return start;
}

void command_complete(struct tui *tui)
{
	struct bytes line = { (const uint8_t *)tui->prompt.text, tui->prompt.len };
	size_t first = bytes_find(line, ' '), start = 0;
	struct completion completion = { .names = &tui->message };
	enum command_words words = WORDS_NONE;
	char text[MOST_PROMPT + 8];

	out_clear(&tui->message);
	if (first < line.len) {
		words = words_of(bytes_first(line, first));
		start = last_name(line, first + 1, words);
	}
	completion.typed = bytes_from(line, start);
	if (first == line.len)
		try_first_words(&completion);
	else
		try_words(tui_top(tui), words, &completion);
	if (completion.n) {
		snprintf(text, sizeof(text), "%.*s%s", (int)start, tui->prompt.text, completion.common);
		prompt_set(&tui->prompt, text);
	}
	if (completion.n == 1 && first == line.len)
		(void)prompt_press(&tui->prompt, ' ');
	if (completion.n < 2)
		out_clear(&tui->message);
}
