/*
 * The sandbox: what the process can no longer do once its inputs are known and its output is open.
 *
 * Evidence is hostile, and the code that reads it is large. Should it ever be turned against us, it can
 * read what it was given and write to what is open, and that is all: no program is started, no connection
 * made, nothing written, renamed or removed anywhere else, no other process touched. There is no way back.
 *
 * Two fences, each where the kernel has it:
 *
 *   Landlock (Linux 5.13)  says which files: by path, beneath what is named here.
 *   seccomp               says which system calls: a list of those that are needed, and no write access to
 *                         what is opened, no executable memory, no processes (threads may be made). openat2 keeps its
 *                         flags in memory, where seccomp cannot look: opening for writing by it is Landlock's.
 *
 * With an output the directory that it is in may have files made, replaced and removed: Landlock knows no
 * smaller unit. Beneath a directory for files, which was empty, these may be made, written and removed. Built with a
 * sanitizer there is no sandbox: those look at themselves with ptrace when they end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct sandbox {
	/*
	 * May be read: files, and directories with what is beneath and beside them, because a checkpoint's
	 * parents lie beside it. What is not there is passed over.
	 */
	const char *const *inputs;
	size_t n_inputs;
	const char *evidence_directory; /* beneath which everything may be read; NULL: nothing */
	const char *output_directory; /* where a file may be renamed and removed; NULL: nowhere */
	const char *const *report_directories; /* likewise */
	size_t n_report_directories;
	/*
	 * Running processes are looked at. Landlock keeps whoever is in it from looking at anybody who is not, so there is
	 * none: files are opened for reading alone, wherever they are, and by names that seccomp can see the flags of.
	 */
	bool processes;
	bool terminal; /* the modes of a terminal may be set: a whole screen is drawn on it, or lines are edited */
	/*
	 * Of a database: SQLite makes, writes and removes its journal there. Which files are opened for writing is
	 * then Landlock's alone to say.
	 */
	const char *database_directory; /* NULL: nowhere */
	const char *files_directory;  /* beneath which files may be made, written and removed; NULL: nowhere */
};

struct sandbox_state {
	bool sanitized;   /* no sandbox: this is a build with a sanitizer */
	int landlock_abi; /* 0: none */
	bool seccomp;
};

/* What this kernel offers. */
struct sandbox_state sandbox_support(void);

/* Enters it, as far as the kernel can; what holds from now on. */
struct sandbox_state sandbox_enter(const struct sandbox *sandbox);

/* The two fences, for sandbox_enter. Each needs no_new_privs. */
int landlock_version(void);
bool landlock_enter(const struct sandbox *sandbox, int version);
bool seccomp_available(void);
bool seccomp_enter(const struct sandbox *sandbox);
