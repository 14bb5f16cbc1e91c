/*
 * What a command is: one row of the table in main.c and one file in commands/.
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
	FORMAT_MARKDOWN, /* of a diff */
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

enum { MOST_PIDS = 256, MOST_PARENTS = 64, MOST_EDITS = 256 };

/* What the commands that read memory take. */
struct memory_options {
	const char *vma;       /* heap, stack, or an address in it */
	const char *spool_dir;
	bool raw, fill;
	bool count, by_storage, ignore_case;
	enum pattern_kind kind;
	uint64_t max;          /* hits; 0: all */
	unsigned threads;      /* 0: not given */
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
	bool list;         /* those */
	bool functions;
	uint64_t steps;    /* 0: not given */
};

/* What tui takes. */
struct screen_options {
	const char *script; /* NULL: a terminal is looked at */
	const char *theme;  /* dark, light, mono; NULL: not given */
	unsigned rows, columns; /* of the script's screen; 0: not given */
	bool ascii;
};

enum { MOST_RULE_DIRECTORIES = 16, MOST_REPORTS = 8 };

/* What check, rules and explain take. */
struct judge_options {
	const char *profile, *assume, *only, *log; /* NULL: not given */
	const char *rules[MOST_RULE_DIRECTORIES]; /* directories of users' own */
	size_t n_rules;
	bool test; /* their fixtures */
	const char *form; /* sarif, junit, markdown, in place of --format; NULL: not given */
	const char *reports[MOST_REPORTS]; /* FORMAT=FILE */
	size_t n_reports;
	const char *anchor, *baseline, *ignore;
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
	struct memory_options memory;
	struct query_options query;
	struct screen_options screen;
	struct judge_options judge;
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
	const char *what;      /* kinds of contents; NULL: all */
	uint64_t max_size;     /* bytes; 0: not given */
	bool wide;
	bool reveal;
	bool quiet;
	bool no_sandbox;
	bool help;
};

/* Bits of the options that a command takes; every one takes --help and --quiet. */
enum {
	TAKES_FORMAT = 1 << 0,
	TAKES_ROWS = 1 << 1, /* --columns, --sort, --pid, ..., --reveal; the formats of rows */
	TAKES_PARENT = 1 << 2, /* --parent */
	TAKES_OUTPUT = 1 << 3,
	TAKES_DECODE = 1 << 4, /* --pretty, --no-payload, --offsets */
	TAKES_EDITS = 1 << 5,  /* --set */
	TAKES_LEVEL = 1 << 6, /* --level, --errors */
	TAKES_CHECK = 1 << 7, /* --check */
	TAKES_RECORDS = 1 << 8, /* the formats of rows, where it is no listing */
	TAKES_DIRECTORY = 1 << 9, /* -o DIR, --max-size, --what, --pid */
	TAKES_TABLE = 1 << 10, /* the first argument is a table; the others are what the sandbox lets be read */
	TAKES_MEMORY = 1 << 11, /* --spool-dir; compressed archives are inflated into a temporary file */
	TAKES_PIDS = 1 << 12,   /* --pid, and the formats of rows, without other options of rows */
	TAKES_DIFF = 1 << 23,    /* --tables, --pages, --bytes, --pid, ...; markdown */
	TAKES_WORDS = 1 << 13, /* behind the first argument come words, not files */
	TAKES_RANGES = 1 << 14, /* --vma, --raw, --fill */
	TAKES_PATTERN = 1 << 15, /* --regex, ..., --threads */
	TAKES_STRINGS = 1 << 16, /* --bytes, --encoding */
	TAKES_FAIL_ON = 1 << 20, /* --fail-on */
	TAKES_TEST = 1 << 17,  /* --test */
	TAKES_RULES = 1 << 18, /* --rules */
	TAKES_JUDGE = 1 << 19, /* --profile, --assume, --only, --log */
	TAKES_SCHEMA = 1 << 25, /* --sql, --markdown, --json */
	TAKES_QUERY = 1 << 24, /* -e, --name, --steps, ...; the formats of rows, --reveal, --wide, --spool-dir */
	TAKES_EACH = 1 << 28, /* --directory: a file of each process, in place of one output */
	TAKES_INDEX = 1 << 30, /* --database, --pages; --reveal, --spool-dir */
	TAKES_SCREEN = 1 << 26, /* --script, --size, ..., -o DIR */
};

struct judgement;
struct index;

struct invocation {
	struct options options;
	const char *const *arguments; /* what is neither the command nor an option */
	int n_arguments;
	struct out out;
	int directory; /* that of TAKES_DIRECTORY, open and empty */
	struct problems problems;
	struct problems notes;   /* said too, and no reason for another exit status */
	struct spool *spool;     /* of commands that take memory; NULL where none could be made */
	struct pattern *pattern; /* what search looks for */
	char *text;              /* what query has read from standard input */
	bool prompts;            /* query reads its statements from the terminal */
	bool wants_memory;       /* a statement that reads memory: as TAKES_MEMORY */
	struct judgement *judgement; /* of check, rules, explain: judge.h */
	struct index *index;     /* of index, open; NULL: not */
	bool interrupted;        /* by Ctrl-C: status 130 */
	struct terminal *terminal; /* of tui, open; NULL: it plays a script: */
	struct out script;
	int status;              /* where nothing went wrong: 1: a search found nothing, things differ */
};

struct command {
	const char *name;
	const char *arguments; /* as --help shows them */
	const char *help;
	unsigned takes;
	int min_arguments, max_arguments;
	struct error *(*run)(struct invocation *invocation);
};

struct error *command_show(struct invocation *invocation);
struct error *command_ps(struct invocation *invocation);
struct error *command_diff(struct invocation *invocation);
struct error *command_list(struct invocation *invocation);
struct error *command_log(struct invocation *invocation);
struct error *command_decode(struct invocation *invocation);
struct error *command_encode(struct invocation *invocation);
struct error *command_info(struct invocation *invocation);
struct error *command_carve(struct invocation *invocation);
struct error *command_manifest(struct invocation *invocation);
struct error *command_verify(struct invocation *invocation);
struct error *command_tables(struct invocation *invocation);
struct error *command_limits(struct invocation *invocation);
struct error *command_mem(struct invocation *invocation);
struct error *command_search(struct invocation *invocation);
struct error *command_strings(struct invocation *invocation);
struct error *command_core(struct invocation *invocation);
struct error *command_check(struct invocation *invocation);
struct error *command_rules(struct invocation *invocation);
struct error *command_explain(struct invocation *invocation);

struct error *command_schema(struct invocation *invocation);
struct error *command_query(struct invocation *invocation);

/* Finds the statement among the arguments, before the sandbox: what is left of them are checkpoints. */
struct error *prepare_query(struct invocation *invocation);
struct error *command_index(struct invocation *invocation);

/* Opens the database, before the sandbox. */
struct error *prepare_index(struct invocation *invocation);
void release_index(struct invocation *invocation);
struct error *command_tui(struct invocation *invocation);

/* What search does before the sandbox is entered: machine code is made of a regular expression. */
struct error *prepare_search(struct invocation *invocation);

/* What tui does before: the terminal is opened, or the script is read. */
struct error *prepare_tui(struct invocation *invocation);
void release_tui(struct invocation *invocation);

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
