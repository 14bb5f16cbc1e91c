/*
 * The pre-scan: a look at a message's wire form before it is unpacked.
 *
 * Unpacking recurses as deep as the input says, and can turn a few MiB of wire into most of a GiB;
 * protobuf's rule that a sub-message which comes again is merged into the first takes quadratic time.
 * So nothing is unpacked that has not passed here: an iterative walk with a stack of fixed depth that
 * checks every tag, varint and length against the schema, refuses what CRIU never writes, and bounds
 * what the unpacking will allocate. On the way it notes which fields are missing.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "decoders/base/bytes.h"
#include "decoders/base/error.h"
#include "decoders/image/wire.h"
#include "decoders/proto/schema.h"

enum {
	PRESCAN_DEPTH = 64, /* CRIU's own messages nest 5 deep, its cgroup trees a few more */
	PRESCAN_BUDGET_FLOOR = 64 << 10,
	PRESCAN_BUDGET_FACTOR = 64, /* times the wire size, on top of the floor */
	PRESCAN_BUDGET_MAX = 256 << 20,
};

struct prescan {
	size_t allocation;            /* upper estimate of what unpacking will ask for */
	const struct schema_message *missing_in; /* the first message that lacks a required field */
	const char *missing;          /* and the field's name; NULL: none is missing */
	uint64_t missing_offset;      /* where that message ends */
	size_t n_missing;
};

/* A field as it stands on the wire. Offsets count as those of errors do. */
struct prescan_field {
	const struct schema_message *schema; /* of the message that it is in */
	size_t index;                        /* of the schema's field; SIZE_MAX: not known */
	uint32_t number;
	enum wire_type wire;
	unsigned depth;         /* 0: of the outermost message */
	uint64_t offset;        /* of its tag */
	uint64_t value_offset;  /* ... and of its value, behind a length */
	struct bytes value;     /* of a message: its fields, which come next */
};

/* Who watches a pre-scan: each field in turn, messages before what is in them, until an error. */
struct prescan_observer {
	void (*field)(void *context, const struct prescan_field *field);
	void *context;
};

/*
 * Offsets in the error and in *ret count from the start of WIRE, plus BASE (its place in the
 * image). An error means that the message must not be unpacked.
 */
struct error *prescan_message(const struct schema_message *schema, struct bytes wire, uint64_t base,
			      struct prescan *ret) __attribute__((warn_unused_result));

/* The same, watched; OBSERVER may be NULL. */
struct error *prescan_observed(const struct schema_message *schema, struct bytes wire, uint64_t base,
			       const struct prescan_observer *observer, struct prescan *ret)
	__attribute__((warn_unused_result));

/* How much unpacking LEN bytes of wire may allocate: real images stay far below. */
size_t prescan_budget(size_t len);
