/*
 * Secrets and indicators in a checkpoint.
 *
 * It looks at variables and arguments by their names, then at bytes: the memory of every task, contents that the
 * images hold (deleted files, queues, files of the container), and the members of the archive. What is found
 * becomes findings: one for each secret with its first place and how many there are, or one for each place.
 * A secret is masked in them unless it is asked for.
 */
#pragma once

#include "db/findings/findings.h"
#include "db/scan/indicators.h"
#include "decoders/memory/patterns.h"
#include "decoders/model/checkpoint.h"

struct scan_request {
	const struct patterns *patterns;     /* of secrets (secrets.h) */
	const struct indicators *indicators; /* NULL: none */
	const uint32_t *pids;                /* only what they have; n_pids 0: all */
	size_t n_pids;
	bool by_storage; /* every stored page once, also those that no task has mapped any more */
	struct bytes only; /* rules and categories that are told; absent: all */
	bool all_places;
	bool reveal;
};

/* Whether it is about that process. */
bool scan_wants(const struct scan_request *request, uint32_t pid);

/* Needs PART_PAGES, and that memory can be read. Limits and damage go to PROBLEMS. */
void scan_checkpoint(struct checkpoint *checkpoint, const struct scan_request *request, struct findings *findings,
		     struct problems *problems);

/* Whether what is found by RULE is told, where ONLY (absent: all) lists rules and categories. */
bool scan_tells(struct bytes only, const char *rule, struct bytes category);
