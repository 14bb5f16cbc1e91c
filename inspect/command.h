/*
 * What a command is: a file in commands/, which ends with its description, and a row in commands.def.
 *
 * A command gets its options parsed, writes its result to .out and reports what went wrong to
 * .problems; printing those and choosing the exit status is main's. An error that it returns
 * means that it has no result at all.
 */
#pragma once

#include "db/findings/severity.h"
#include "db/tables/listing.h"
#include "decoders/base/error.h"
#include "decoders/base/json.h"
#include "decoders/base/out.h"
#include "decoders/image/edit.h"
#include "decoders/memory/pattern.h"
#include "decoders/model/checkpoint.h"

enum format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_JSONL,
	FORMAT_CSV,
	FORMAT_SARIF,
	FORMAT_JUNIT,
	FORMAT_MARKDOWN,
	FORMAT_HTML,
};

enum when {
	WHEN_AUTO, /* to a terminal, unless NO_COLOR is set */
	WHEN_ALWAYS,
	WHEN_NEVER,
};

enum level {
	LEVEL_ALL,
	LEVEL_WARNING, /* and errors */
	LEVEL_ERROR,
};

enum { MOST_PIDS = 256, MOST_PARENTS = 64, MOST_EDITS = 256, MOST_QUERY_ARGUMENTS = 16, MOST_MERGED = 256 };

/* What the commands that read memory take. */
struct memory_options {
	const char *vma;       /* heap, stack, or an address in it */
	const char *spool_dir;
	bool raw, fill;
	bool count, by_storage, ignore_case;
	enum pattern_kind kind;
	uint64_t max;          /* hits; 0: all */
	size_t shortest;       /* of a string; 0: not given */
	char encoding;         /* of strings: s, l, b; 0: not given */
};

enum schema_form {
	SCHEMA_SQL,
	SCHEMA_MARKDOWN,
	SCHEMA_JSON,
};

/* What query takes. */
struct query_options {
	const char *sql;   /* -e, the last argument, or what came from standard input; NULL: the prompt */
	const char *name;  /* of a query that is made already */
	const char *arguments[MOST_QUERY_ARGUMENTS]; /* ?1, ?2, ... */
	size_t n_arguments;
	bool list;         /* those */
	bool functions;
	uint64_t steps;    /* 0: not given */
};

/* What tui takes. */
struct screen_options {
	const char *script; /* NULL: a terminal is looked at */
	const char *theme;  /* dark, light, mono; NULL: not given */
	const char *originals; /* where checkpoints of an index are; NULL: not given */
	unsigned rows, columns; /* of the script's screen; 0: not given */
	bool ascii, no_mouse;
};

enum { MOST_RULE_DIRECTORIES = 16, MOST_REPORTS = 8 };

/* What check, rules and explain take. */
struct judge_options {
	const char *profile, *assume, *only, *log; /* NULL: not given */
	const char *rules[MOST_RULE_DIRECTORIES]; /* directories of users' own */
	size_t n_rules;
	bool test; /* their fixtures */
	const char *reports[MOST_REPORTS]; /* FORMAT=FILE */
	size_t n_reports;
	const char *anchor, *baseline, *ignore;
	char live_pid[32];       /* "/proc/PID" of --pid; "": not given */
	const char *live_cgroup;
	bool host;             /* hold it against this host, or against: */
	const char *host_root; /* a copy of another's files */
	const char *root;      /* the container's root file system, as it will be at the restore */
};

enum { MOST_INDICATOR_FILES = 64 };

/* What scan takes. */
struct scan_options {
	const char *indicators[MOST_INDICATOR_FILES];
	size_t n_indicators;
	const char *only;
	bool all_places, by_storage;
};

struct options {
	enum format format;
	const char *columns;
	const char *sort;
	const char *where; /* an SQL expression; NULL: all rows */
	uint32_t pids[MOST_PIDS];
	size_t n_pids;
	const char *parents[MOST_PARENTS];
	size_t n_parents;
	const char *inside; /* "" where it is not given */
	const char *output;
	struct edit edits[MOST_EDITS];
	size_t n_edits;
	unsigned threads; /* 0: not given */
	struct memory_options memory;
	struct query_options query;
	struct screen_options screen;
	struct judge_options judge;
	struct scan_options scan;
	enum schema_form schema;
	bool provenance;
	bool pretty;
	bool no_payload;
	bool offsets;
	enum when color;
	enum level level;
	const char *tables;    /* that diff compares; NULL: all */
	bool pages, show_bytes; /* of a diff: which pages, and what is in them */
	enum severity fail_on;
	const char *check; /* an earlier manifest */
	const char *directory; /* for files */
	const char *database;  /* that index writes */
	const char *merged[MOST_MERGED]; /* other indexes that go into it */
	size_t n_merged;
	const char *node;      /* what they are called that those have indexed; NULL: as the file */
	const char *what;      /* kinds of contents; NULL: all */
	uint64_t max_size;     /* bytes; 0: not given */
	bool wide;
	bool reveal;
	bool quiet;
	bool no_sandbox;
	bool help;
};

/* Which arguments are files: the sandbox lets these be read, and nothing else. */
enum files {
	FILES_ALL,
	FILES_FIRST,        /* words are behind it */
	FILES_BEHIND_FIRST,
	FILES_NONE,
};

struct judgement;
struct known;
struct index;
struct scanning;
struct live_inputs;

struct invocation {
	struct options options;
	const char *const *arguments; /* what is neither the command nor an option */
	int n_arguments;
	enum files files;        /* as .files of the command */
	struct out out;
	int directory; /* of a command that makes one, open and empty */
	struct problems problems;
	struct problems notes;   /* said too, and no reason for another exit status */
	struct spool *spool;     /* where memory is read; NULL where none could be made */
	struct pattern *pattern; /* what search looks for */
	char *text;              /* what query has read from standard input */
	bool prompts;            /* query reads its statements from the terminal */
	bool reads_memory;       /* as .reads_memory of the command, or what it was told does */
	struct live_inputs *lives; /* running processes among the arguments: live.h */
	struct judgement *judgement; /* of check, rules, explain: judge.h */
	struct known *known;     /* of tui: what is known already */
	char *originals;         /* of tui: where checkpoints of an index are opened; NULL: nowhere */
	struct index *index;     /* of index, open; NULL: not */
	struct scanning *scanning; /* what scan looks for */
	bool interrupted;        /* by Ctrl-C: status 130 */
	struct terminal *terminal; /* of tui, open; NULL: it plays a script: */
	struct out script;
	int status;              /* where nothing went wrong: 1: a search found nothing, things differ */
};

#define FORMATS(format) (1U << FORMAT_##format)

enum {
	FORMATS_PLAIN = FORMATS(TEXT) | FORMATS(JSON),
	FORMATS_OF_ROWS = FORMATS_PLAIN | FORMATS(JSONL) | FORMATS(CSV),
	MOST_OPTION_LISTS = 8,
	MANY_ARGUMENTS = 1 << 20,
};

struct option;

struct command {
	const char *name;
	const char *arguments; /* as --help shows them; NULL: none */
	const char *help;      /* a line */
	const char *about;     /* what its own --help says more, in lines of 80 columns; NULL: nothing */
	void (*print_more)(struct out *out); /* a list at the end of that; NULL: none */
	unsigned formats;      /* FORMATS(...) that --format may ask for; 0: it has no --format */
	const struct option *options[MOST_OPTION_LISTS]; /* beside those of every command: options.h */
	int least_arguments, most_arguments;
	enum files files;
	bool needs_images;      /* running processes have none */
	bool reads_memory;      /* compressed archives are inflated into a temporary file */
	bool makes_directory;   /* -o is a directory, new or empty, and must be given */
	bool output_is_private; /* memory is in it: for its owner alone */

	/*
	 * Before the sandbox is entered, while everything is still allowed (NULL: nothing to do); .release takes back
	 * what it took, also where it failed, and at the end.
	 */
	struct error *(*prepare)(struct invocation *invocation);
	struct error *(*run)(struct invocation *invocation);
	void (*release)(struct invocation *invocation);
};

#define GROUP(title)
#define COMMAND(name) extern const struct command command_##name;
#include "inspect/commands.def"
#undef GROUP
#undef COMMAND

/* Every command; a row without one is the title of those behind it. */
struct command_row {
	const char *title;
	const struct command *command;
};

extern const struct command_row command_rows[];
extern const size_t n_command_rows;

/* Which of its arguments are files: from *RET_FIRST on, before *RET_END. */
void command_files(const struct invocation *invocation, int *ret_first, int *ret_end);

/* NULL: there is none. */
const struct command *command_named(const char *name);

/* Takes over what is worth saying, but is nothing wrong. */
static inline void invocation_note(struct invocation *invocation, struct error *note)
{
	problems_add(&invocation->notes, note);
}

/* Opens the checkpoint at PATH, with the parents that the options name. */
struct error *open_checkpoint(const struct invocation *invocation, const char *path,
			      struct checkpoint *ret) __attribute__((warn_unused_result));

/* Gives the problems of a checkpoint to the invocation, and closes it. */
void finish_checkpoint(struct invocation *invocation, struct checkpoint *checkpoint);

/*
 * Prints rows of a table as the options say: those that WANTS does (NULL: all), with RENDERER instead of the
 * format's own (NULL: that).
 */
typedef void (*row_renderer)(const struct checkpoint *checkpoint, const struct listing *listing,
			     struct out *out);
struct error *list_rows(struct invocation *invocation, const struct table *table,
			struct checkpoint *checkpoint,
			bool (*wants)(const void *row, const void *options), row_renderer renderer)
	__attribute__((warn_unused_result));
