/*
 * Whether a set of images is whole: what a restore would trip over, found without restoring.
 *
 * CRIU checks its images when it restores from them, one after the other, and stops at the first that is wrong.
 * Here all are looked at: each image by itself (magic, lengths, required fields), then what they say of one
 * another (a descriptor and its file, a mapping and its pages, a page and its parent). Each condition is a check:
 * a row with an id, what it means and what to do, and a function that looks for it. What a checkpoint says about
 * the world outside of it (ports, mounts, other hosts) is not judged here: that is for rules.
 *
 * A dump that did not finish is told so, and its references are not followed: most of them lead nowhere.
 */
#pragma once

#include "db/findings/findings.h"
#include "decoders/model/checkpoint.h"

struct verifier;

/* What a check's findings mean for the evidence. An image that is absent explains what refers to it, too. */
enum verify_kind {
	FINDS_NOTICE,        /* nothing is lost */
	FINDS_ABSENCE,       /* something that was dumped is not there */
	FINDS_CONTRADICTION, /* images say different things: damage, unless something is absent */
	FINDS_DAMAGE,        /* bytes are lost or unreadable */
};

struct verify_check {
	const char *id;
	enum severity severity;
	const char *title; /* what is wrong */
	const char *why;   /* what a restore does then */
	const char *fix;
	enum verify_kind kind;
	void (*run)(struct verifier *verifier);
};

/* The check in that place, in the order in which they run; NULL behind the last. */
const struct verify_check *verify_check_at(size_t i);

/*
 * Runs all checks over a checkpoint, of which anything may be loaded already. What is wrong with its bytes becomes
 * findings too, and stays among its problems. *ret_damaged: whether anything was found that is damage:
 * exit status 4.
 */
void verify_checkpoint(struct checkpoint *checkpoint, struct findings *findings, bool *ret_damaged);

/* Takes from PROBLEMS what became findings: only those stay that are about our own limits. */
void verify_drop_found(struct problems *problems);
