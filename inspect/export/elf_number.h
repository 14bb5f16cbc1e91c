/* Numbers as an ELF file has them: of its own byte order, whatever ours is. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decoders/base/out.h"

struct elf_form {
	bool is_wide; /* 64-bit: addresses, offsets and the C type long have 8 bytes */
	bool big_endian;
};

static inline size_t elf_word(const struct elf_form *form)
{
	return form->is_wide ? 8 : 4;
}

/* The low SIZE bytes of VALUE, at TO. */
static inline void elf_set(uint8_t *to, size_t size, uint64_t value, bool big_endian)
{
	for (size_t i = 0; i < size; i++)
		to[big_endian ? size - 1 - i : i] = (uint8_t)(value >> 8 * i);
}

static inline void elf_put(struct out *out, const struct elf_form *form, size_t size, uint64_t value)
{
	uint8_t bytes[8];

	elf_set(bytes, size, value, form->big_endian);
	out_write(out, bytes, size);
}

/* An address, an offset, a long. */
static inline void elf_put_word(struct out *out, const struct elf_form *form, uint64_t value)
{
	elf_put(out, form, elf_word(form), value);
}
