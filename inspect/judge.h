/*
 * What check, rules and explain have in common: the rules that there are, and what the options say of them.
 */
#pragma once

#include "db/check/check.h"
#include "inspect/command.h"

/* What check asks of a checkpoint. */
struct judgement {
	struct ruleset rules;
	struct check check;
};

/*
 * Before the sandbox is entered: reads the rules of --rules and understands --profile, --assume and
 * --only. The judgement belongs to the invocation.
 */
struct error *prepare_judgement(struct invocation *invocation) __attribute__((warn_unused_result));
void release_judgement(struct invocation *invocation);
