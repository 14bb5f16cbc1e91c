/* Words for numbers of the kernel that more than one table shows. */
#pragma once

#include "db/tables/table.h"
#include "decoders/proto/names.h"

/* The names of the bits of MASK, joined by "|"; bits without a name as one number. Null for ABSENT_U64. */
struct value mask_value(struct arena *arena, const struct name_table *table, uint64_t mask);

/* The same of a field whose absence is ABSENT_U32. */
struct value mask32_value(struct arena *arena, const struct name_table *table, uint32_t mask);

/* The name of NUMBER; null where it has none. */
struct value name_value(const struct name_table *table, uint64_t number);

/* The name of NUMBER, or the number as text where it has none; null for ABSENT_U32. */
struct value named_value(struct arena *arena, const struct name_table *table, uint32_t number);

/* What addresses, routes and rules have in common: RT_SCOPE_*, RT_TABLE_*, RTPROT_*. */
extern const struct name_table names_route_scope, names_route_table, names_route_protocol;

/* SIGTERM, ...; signals without a name as gdb has them: SIG34. Null for 0 and ABSENT_U32. */
struct value signal_value(const struct checkpoint *checkpoint, struct arena *arena,
			  uint32_t number);

/* major:minor of the kernel's form, which has 20 minor bits; null for ABSENT_U32. */
struct value device_value(struct arena *arena, uint32_t device);

/* Bytes as hexadecimal digits; null where they are absent. */
struct value digits_value(struct arena *arena, struct bytes bytes);

