/* Values of the evidence against indicators. */
#pragma once

#include "db/scan/indicators.h"

/* An address, or a network "ADDRESS/BITS"; IPv4 mapped into IPv6. False where TEXT is none. */
bool address_read(struct bytes text, uint8_t ret[16], unsigned *ret_prefix) __attribute__((warn_unused_result));

/* The indicator of that type whose value it is; of addresses VALUE has the 16 bytes. NULL: there is none. */
const struct indicator *indicator_equal(const struct indicators *indicators, enum indicator_type type,
					struct bytes value);
