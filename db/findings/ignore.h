/*
 * A line of an ignore file: which findings are known, and why.
 *
 *     RULE  "SUBJECT"  exp:YYYY-MM-DD  # reason
 *
 * SUBJECT (a pattern of shells: *, ?, [...]; in quotes where it has blanks) and the day after which the line no longer
 * counts may be left out, the reason may not.
 */
#pragma once

#include "db/findings/findings.h"
#include "decoders/base/error.h"
#include "decoders/base/out.h"

/* What it is called where nobody calls it otherwise. */
#define IGNORE_FILE ".coldcaseignore"

struct ignore_line {
	const char *rule;    /* NULL: a comment, or nothing */
	const char *subject; /* NULL: any */
	const char *expires; /* NULL: never */
	struct bytes reason;
};

/* Lines of a file, and those that are written while findings are looked at. */
struct ignored_line {
	struct ignore_line says;
	unsigned line;
	bool is_expired, was_used;
};

struct ignore_list {
	struct arena arena;
	const char *path; /* the file; NULL: there is none */
	VEC(struct ignored_line) lines;
};

void ignore_list_init(struct ignore_list *list);
void ignore_list_deinit(struct ignore_list *list);

/* Adds the lines of TEXT. A usage error says which line is wrong. */
struct error *ignore_list_add(struct ignore_list *list, struct bytes text) __attribute__((warn_unused_result));

/* Whether a line knows the finding, and its reason. Of those that name it only one that has not expired does. */
bool ignore_list_knows(struct ignore_list *list, const struct finding *finding, struct bytes *ret_reason);

/* Cuts LINE into its words; they lie in it. */
struct error *ignore_line_parse(char *line, struct ignore_line *ret) __attribute__((warn_unused_result));

/*
 * The line for a finding up to where its reason begins. The subject is a pattern that fits it: "?" and "*" stand for
 * whatever a line cannot hold, so nothing of the evidence but printable text gets into the file, and for the
 * end of a long one.
 */
void ignore_line_put(const struct finding *finding, const char *expires, struct out *out);
