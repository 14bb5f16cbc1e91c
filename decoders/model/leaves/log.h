/* CRIU's logs, line by line. */
#pragma once

#include "decoders/model/leaf.h"

struct log_line {
	struct origin origin; /* the log, and where in it the line begins */
	uint32_t line;        /* from 1 */
	struct bytes time;    /* seconds since criu started, as printed; absent: none */
	uint64_t time_us;     /* the same in microseconds */
	uint32_t pid;         /* of the task it is about; ABSENT_U32 */
	bool pie;             /* said by the code that criu lets a task run */
	const char *level;    /* error, warning; NULL: the line does not say */
	struct bytes source;  /* the place in CRIU, "criu/cr-dump.c:2111" */
	struct bytes message;
};

extern const struct leaf leaf_log;

/*
 * Opens a log that is a file by itself, as a checkpoint that has these lines and nothing else. False
 * where PATH is no log: then it may be a checkpoint, or nothing.
 */
bool log_open(const char *path, struct checkpoint *ret) __attribute__((warn_unused_result));
