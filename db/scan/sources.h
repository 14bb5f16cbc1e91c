/* Where a scan looks: each hands all of its bytes to the scanner, with their places. */
#pragma once

#include "db/scan/scan.h"
#include "db/scan/scanner.h"
#include "decoders/model/contents.h"

/* Secrets in variables and arguments, by their names. */
void scan_variables(struct scanner *scanner, const struct scan_request *request);

/* The memory of tasks as they saw it; what they share once. */
void scan_memory(struct scanner *scanner, const struct scan_request *request);

/* What the images hold of files, queues and shared memory. */
void scan_contents(struct scanner *scanner, const struct scan_request *request);

/* All members but pages: documents of the engine, logs, images; and of the archives around. */
void scan_members(struct scanner *scanner);
