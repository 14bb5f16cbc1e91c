/* Addresses as users write them: hexadecimal, with 0x or without, as every tool that shows memory prints them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "decoders/base/error.h"

struct address_range {
	uint64_t start, end; /* end is behind it, and more than start */
};

/* An address at *rest, which is then behind it; false where there is none. */
bool take_address(const char **rest, uint64_t *ret);

/* ADDR (256 bytes from there), ADDR:LEN (LEN decimal, 0x..., or with K, M, G, T) or ADDR-END. */
struct error *parse_range(const char *word, struct address_range *ret) __attribute__((warn_unused_result));
