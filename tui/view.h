/*
 * Screens, and the stack of those that are open.
 *
 * A screen is a row of screens.def and a file in screens/ with a table of functions; a view is one of them, opened on
 * something: this process, that table. Whatever leads from one to another is a link. Following one puts a view on top
 * of the stack, going back takes it away, and the first line shows the way.
 *
 * What most screens share is done once, here: a screen that shows a list or the rows of a table says so, and is moved in,
 * searched, filtered, sorted and written without a line of its own.
 */
#pragma once

#include "db/sql/queries.h"
#include "tui/comparing.h"
#include "tui/prompt.h"
#include "tui/tui.h"
#include "tui/widgets/list.h"
#include "tui/widgets/order.h"
#include "tui/widgets/rows.h"
#include "tui/widgets/sqlids.h"

struct screen;
struct view;
struct hexdump;

/* What to open, and on what; each screen says which of these it looks at. */
struct link {
	const struct screen *screen;   /* NULL: leads nowhere */
	struct checkpoint *checkpoint; /* NULL: that of the view it leads out of */
	const struct table *table;
	const struct named_query *query; /* made already; .text: its arguments, a line each */
	const struct column *column;   /* only rows with .number in it */
	uint64_t number;
	uint32_t row;                  /* of the table or of process; NO_ROW */
	uint32_t layer, member;        /* of the bytes of a member */
	uint64_t address;              /* in memory or in the member; NO_OFFSET */
	char text[256];
};

/* A link that says nothing yet. */
#define LINK_TO(the_screen) ((struct link){ .screen = (the_screen), .row = NO_ROW, .member = NO_ROW, \
					    .address = NO_OFFSET })

struct screen {
	const char *name;  /* as ":" calls it */
	const char *help;
	bool by_link;      /* it needs a link that says on what: ":" cannot open it */
	bool of_index;     /* it needs no checkpoint: that of an index, too */
	unsigned keys;     /* kinds of keys beside KEYS_EVERYWHERE */
	size_t state_size; /* of view->state, which is cleared */
	/* An error goes to the line of messages, and nothing is opened. NULL functions are left out. */
	struct error *(*open)(struct view *view, const struct link *link);
	void (*close)(struct view *view);
	void (*title)(struct view *view, struct out *out);   /* in the way that the first line shows */
	void (*draw)(struct view *view, const struct area *area);
	bool (*act)(struct view *view, enum action action);  /* before anybody else; false: not for me */
	struct list *(*list)(struct view *view);             /* NULL: none at the moment */
	struct rows *(*rows)(struct view *view);             /* that the list shows; NULL: none */
	struct hexdump *(*dump)(struct view *view);          /* in place of a list */
	struct order *(*order)(struct view *view);           /* of a list that can be sorted and is no table's */
	bool (*follow)(struct view *view, struct link *ret); /* where the selection leads */
	bool (*origin)(struct view *view, struct origin *ret); /* where the selection is from */
	void (*where)(struct view *view, struct out *out);   /* in place of the origin, in words */
	void (*status)(struct view *view, struct out *out);  /* in place of that of the list */
	void (*command)(struct view *view, struct out *out); /* the words behind "coldcase" */
	int64_t (*indexed)(struct view *view);               /* id in the index of the checkpoint that it is about; 0 */
	uint32_t (*process)(struct view *view);              /* row of the process that it is about; NO_ROW */
	bool (*work)(struct view *view, uint64_t deadline);  /* a slice; true: there is more */
	bool (*cancel)(struct view *view);                   /* ends work; false: there was none */
	void (*typed)(struct view *view, const char *text);  /* into the prompt that it began */
	/* "goto ADDRESS" */
	struct error *(*go)(struct view *view, uint64_t address);
};

extern const struct screen *const screens[];
extern const size_t n_screens;

#define SCREEN(name) extern const struct screen screen_##name;
#include "tui/screens.def"
#undef SCREEN

struct view {
	const struct screen *screen;
	struct tui *tui;
	struct checkpoint *checkpoint; /* that it is about; NULL where an index is looked at */
	struct link link;
	void *state;
};

enum { MOST_VIEWS = 64, MOST_MESSAGE = 1024 };

struct tui {
	struct checkpoint *checkpoint; /* that the first view is about */
	const struct tui_setup *setup;
	struct display display;
	struct view *views[MOST_VIEWS]; /* the last one is on the screen */
	size_t n_views;
	struct checkpoint *before;    /* what .checkpoint is compared with; NULL: nothing yet */
	struct comparing *comparing;  /* NULL: not begun */
	int64_t original;             /* of the index, to be opened; 0: none is */
	uint32_t original_pid;        /* a process of it, to be shown at once; ABSENT_U32: none is */
	struct sql_index index;       /* in place of a checkpoint; no .path: there is none */
	struct prompt prompt;
	struct out message;
	bool is_error;    /* the message is, */
	bool is_offered;  /* ... or what it says can be copied */
	bool reveal;
	struct out copied; /* for the clipboard */
	bool copies;       /* .copied is new */
	bool quits;
	bool mouse;       /* it is listened to */
	bool draw_anew;   /* for the terminal: the whole screen */
	struct kept *kept; /* columns, as long as this lasts */
	struct writing *writing; /* rows that are being written: nothing else is done meanwhile; NULL: none are */
	int ignore_file;  /* that lines are added to; -1: none was written */
};

struct error *tui_init(struct tui *tui, struct checkpoint *checkpoint, const struct tui_setup *setup, int rows,
		       int columns) __attribute__((warn_unused_result));
void tui_deinit(struct tui *tui);

/* A key was pressed. */
void tui_press(struct tui *tui, uint32_t press);

/* The mouse was used at a place of the display. */
enum mouse {
	MOUSE_CLICK,
	MOUSE_WHEEL_UP,
	MOUSE_WHEEL_DOWN,
};
void tui_mouse(struct tui *tui, int row, int column, enum mouse mouse);

/* Work that goes on, until DEADLINE; true where there is more to do. */
bool tui_work(struct tui *tui, uint64_t deadline);

/* Draws all of the display. */
void tui_draw(struct tui *tui);

/* The columns of the screen's lists OF a table or a tab, or NULL: as an address, by which they are known. */
struct kept_columns *tui_kept(struct view *view, const void *of);

/* For screens and commands. */
void tui_open(struct tui *tui, const struct link *link);
void tui_go(struct tui *tui, const struct link *link); /* the same, unless that screen is on top already */
void tui_say(struct tui *tui, const char *format, ...) __attribute__((format(printf, 2, 3)));
void tui_offer(struct tui *tui, struct bytes text); /* says it, escaped already, so that y copies it */
void tui_complain(struct tui *tui, struct error *error); /* takes it over; NULL is nothing */
void tui_act(struct tui *tui, enum action action);

/*
 * The two checkpoints compared, which begins when it is first asked for; where there is one alone, its parent is opened
 * for that.
 */
struct error *tui_compare(struct tui *tui, struct comparing **ret) __attribute__((warn_unused_result));

static inline struct view *tui_top(const struct tui *tui)
{
	return tui->views[tui->n_views - 1];
}

/* What can be typed behind ":", beside names of screens and tables. */
enum command_words {
	WORDS_NONE,     /* that could be completed */
	WORDS_COLUMNS,  /* of the table, with commas */
	WORDS_HEADINGS, /* one of the columns that are shown */
	WORDS_SETTINGS,
};

struct tui_command {
	const char *name, *takes, *help;
	struct error *(*run)(struct tui *tui, const char *words);
	enum command_words words;
};
extern const struct tui_command tui_commands[];
extern const size_t n_tui_commands;

/* Puts text that is safe to print into the clipboard, and says so. */
void tui_copy(struct tui *tui, struct bytes text);

/* Adds a line to the ignore file of this session, in the directory of -o, which there must be. */
struct error *tui_write_known(struct tui *tui, const char *line) __attribute__((warn_unused_result));

/* By the name that ":" knows it by: a screen, or a table. False where there is none. */
bool link_named(struct bytes name, struct link *ret);

/* The bytes that an origin is about; false where it names none. */
bool link_to_origin(struct checkpoint *checkpoint, const struct origin *origin, struct link *ret);

/* A text as a word for a shell, safe to be shown: what is not is spelled \xNN, as bash has it. */
void put_quoted(const char *text, struct out *out);

/* A blank and a path, as such a word where it must be. */
void put_path(const char *path, struct out *out);

/* The last words, such that what begins with "-" is no option. */
void put_operand(const char *text, struct out *out);

/* The checkpoint or index that a view is about, behind the options that told which one in there, and its parents. */
void put_checkpoint(const struct view *view, struct out *out);

/* A member of it, or of an ancestor, as the words that "decode" takes: the last ones. */
void put_member(const struct view *view, uint32_t layer, uint32_t member, struct out *out);

/* The checkpoint, behind what it is compared with, unless that is the parent that was looked for. */
void put_compared(const struct view *view, struct out *out);

/* The option for secrets as they are, where they are shown. */
void put_reveal(const struct view *view, struct out *out);

/* "files.img #17 @0x3a2", and where in the archive. */
void put_origin(const struct checkpoint *checkpoint, const struct origin *origin, struct out *out);
