/*
 * Names of bits and of small integers, as the field prints them.
 *
 * The bit tables serve the readable form of a message (mmap flags, open flags, page map
 * flags); the value tables serve numbers that are enums in the kernel but plain integers in
 * the images (socket families, states). Order matters: names are joined in table order.
 */
#pragma once

#include <stdint.h>

struct name {
	uint64_t value;
	const char *name;
};

struct name_table {
	const struct name *names;
	unsigned n;
};

extern const struct name_table flags_mmap_prot, flags_mmap_flags, flags_mmap_status;
extern const struct name_table flags_open, flags_pagemap, flags_seals;
extern const struct name_table names_task_state;
extern const struct name_table names_sk_family, names_sk_type, names_sk_state, names_sk_proto;

/* The name of VALUE, or NULL. */
const char *name_of(const struct name_table *table, uint64_t value);
