/* The program, ended by a signal while it writes. Included by the tests that need it. */
#pragma once

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/wire.h"

/* Runs "coldcase COMMAND CHECKPOINT OPTION DIRECTORY", interrupted once FILE is there. False: it was faster. */
HELPER bool interrupt(const char *file, const char *command, const char *checkpoint, const char *option,
		      const char *directory)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		fclose(stdout);
		fclose(stderr);
		execl(getenv("COLDCASE"), "coldcase", command, checkpoint, option, directory, (char *)NULL);
		_exit(127);
	}
	while (access(file, F_OK) != 0) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return false;
		usleep(200);
	}
	kill(pid, SIGINT);
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGINT;
}
