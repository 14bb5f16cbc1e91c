/* Running CRIU: $CRIU, or what "tests/live/get-criu build/criu" made. */
#pragma once

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static inline const char *criu_program(void)
{
	const char *program = getenv("CRIU");

	return program ? program : "build/criu/criu";
}

/* Its status; what it prints is thrown away. */
static inline int run_program(char *const *argv)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execv(argv[0], argv);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* CRIU with these words behind its name. */
#define run_criu(...) \
	run_program((char *const[]){ (char *)(uintptr_t)criu_program(), __VA_ARGS__, NULL })
#define WORD(text) ((char *)(uintptr_t)(text))

/* Why nothing can be dumped here; NULL: it can. */
static inline const char *criu_is_missing(void)
{
	if (geteuid() != 0)
		return "CRIU needs root";
	if (access(criu_program(), X_OK) != 0)
		return "there is no CRIU; tests/live/get-criu makes one";
	return run_criu(WORD("check")) == 0 ? NULL : "criu check fails";
}
