/*
 * A rule: a file with a head of comments and one SELECT.
 *
 *     -- id: tcp-established
 *     -- severity: error
 *     -- category: network
 *     -- scope: image live
 *     -- title: a TCP connection to something outside
 *     -- message: {n} connections, as {local} to {remote}
 *     -- why: text, which may go on
 *     --   in lines that are indented
 *     -- fix: what to do; "fix criu:", "fix podman:", ... where a tool has its own way
 *     -- fires: socket(family='inet', state='ESTABLISHED')
 *     -- quiet: socket(family='inet', state='LISTEN')
 *     SELECT ... AS subject, pid, fd, src_image, src_entry, src_offset, ... FROM socket
 *
 * Built-in rules and users' own are the same text and are parsed here. The SELECT's columns are what a
 * finding has; every other one is evidence and can stand in the message as {column}. docs/HOWTO-add-a-rule.md
 * has all words of the head.
 */
#pragma once

#include "db/findings/findings.h"
#include "decoders/base/arena.h"
#include "decoders/base/error.h"

/* What a rule is run over. */
enum {
	SCOPE_IMAGE = 1 << 0, /* a checkpoint */
	SCOPE_LIVE = 1 << 1,  /* a running tree of processes, in the same tables */
	SCOPE_LOG = 1 << 2,   /* lines of CRIU's logs: db/rules/log.tsv */
	SCOPE_HOST = 1 << 3,  /* a host, and a checkpoint that is to be restored there */
};

struct scope {
	const char *name;
	unsigned bit;
};
enum { N_SCOPES = 4 };
extern const struct scope scopes[N_SCOPES];

/* Whom the restore is for: severities depend on it. */
enum profile {
	PROFILE_SAME_HOST, /* by whom it was dumped, where it was dumped */
	PROFILE_OTHER_HOST,
	PROFILE_OTHER_POD, /* and with another address */
	PROFILE_PLAIN_CRIU, /* by criu itself, without a runtime that supplies what is external */
	PROFILE_FORENSIC,  /* nobody: what ran there? */
	N_PROFILES,
};
extern const char *const profile_names[N_PROFILES];

/* Whose way of mending something differs. */
enum tool {
	TOOL_CRIU,
	TOOL_RUNC,
	TOOL_CRUN,
	TOOL_PODMAN,
	TOOL_CRIO,
	TOOL_CONTAINERD,
	N_TOOLS,
};
extern const char *const tool_names[N_TOOLS];

/* What the one who restores may be assumed to give: an option of criu's, or what a runtime does by itself. */
struct assumption {
	const char *name;
	const char *help;
};
enum {
	ASSUME_TCP_ESTABLISHED,
	ASSUME_TCP_CLOSE,
	ASSUME_FILE_LOCKS,
	ASSUME_EXT_UNIX_SK,
	ASSUME_SHELL_JOB,
	ASSUME_LINK_REMAP,
	ASSUME_EXTERNAL,
	ASSUME_ALLOW_UPROBES,
	ASSUME_DEVICES,
	N_ASSUMPTIONS,
};
extern const struct assumption assumptions[N_ASSUMPTIONS];

/* "tcp-established,file-locks", or with blanks; a usage error that names what is none. */
struct error *assumptions_parse(struct bytes list, unsigned *ret) __attribute__((warn_unused_result));

enum severity_choice {
	CHOICE_OFF = N_SEVERITIES, /* not told at all */
	CHOICE_USUAL,              /* the rule's own */
};

/* A state of the tables in which the rule must find something, or nothing. */
struct fixture {
	bool fires;
	struct bytes rows; /* TABLE(column=value, ...) TABLE(...) */
	unsigned line;
};

struct rule {
	const char *file;   /* where it comes from; of a built-in rule its name there */
	bool is_builtin;
	bool is_verified;   /* a check of db/verify (integrity.h), which has no SELECT */
	struct bytes id, category, title, message, why, see, attack;
	enum severity severity;
	unsigned scope;
	int in_profile[N_PROFILES]; /* enum severity, or a choice */
	unsigned assume;    /* 1 << ASSUME_...: a note where one of these is assumed */
	struct bytes over;  /* ids and categories: hidden where they speak of the same process and subject */
	struct bytes over_all; /* hidden wherever they speak */
	struct bytes group; /* columns: rows that have the same there are one finding */
	struct bytes fix, fixes[N_TOOLS];
	VEC(struct fixture) fixtures;
	struct bytes sql;   /* of a rule that has none, and is no check: it only speaks through logs */
	unsigned sql_line;
};

/* TEXT and FILE must outlive the rule. A usage error with file and line where it is none. */
struct error *rule_parse(struct arena *arena, const char *file, struct bytes text, struct rule *ret)
	__attribute__((warn_unused_result));

/* What to do about it with TOOL; absent where the rule does not say. */
struct bytes rule_fix(const struct rule *rule, enum tool tool);
