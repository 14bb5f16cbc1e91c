/*
 * A reader of ELF core files for the tests, by what elf.h and the ELF standard say and by nothing of the
 * writer's. Either class, either byte order. What is not as it must be fails the test.
 */
#pragma once

#include "tests/support/support.h"

#include <elf.h>
#include <string.h>

#define HELPER static __attribute__((unused))

struct elf_core {
	struct bytes file;
	bool is_wide, big_endian;
	uint64_t n_headers;
	uint16_t machine;
};

struct elf_segment {
	uint32_t type, flags;
	uint64_t offset, address, file_size, size, align;
};

/* A note of thread TID: of the process those behind the first NT_PRSTATUS have its tid too. */
struct elf_note {
	const char *owner;
	uint32_t type, tid;
	struct bytes bytes;
};

HELPER struct bytes core_range(const struct elf_core *core, uint64_t offset, uint64_t len)
{
	if (offset > core->file.len || len > core->file.len - offset)
		fail_msg("%llu bytes at 0x%llx are not in a file of %zu", (unsigned long long)len,
			 (unsigned long long)offset, core->file.len);
	return (struct bytes){ core->file.data + offset, (size_t)len };
}

HELPER uint64_t number_in(const struct elf_core *core, struct bytes bytes, size_t at, size_t size)
{
	uint64_t value = 0;

	if (at > bytes.len || size > bytes.len - at)
		fail_msg("%zu bytes at %zu are not in %zu", size, at, bytes.len);
	for (size_t i = 0; i < size; i++)
		value |= (uint64_t)bytes.data[at + i] << 8 * (core->big_endian ? size - 1 - i : i);
	return value;
}

/* A field of a struct of elf.h that has both classes. */
#define ELF_FIELD(core, bytes, name, field)                                                            \
	((core)->is_wide ? number_in((core), (bytes), offsetof(Elf64_##name, field),                   \
				     sizeof(((Elf64_##name *)0)->field))                               \
			 : number_in((core), (bytes), offsetof(Elf32_##name, field),                   \
				     sizeof(((Elf32_##name *)0)->field)))
#define ELF_SIZE(core, name) ((core)->is_wide ? sizeof(Elf64_##name) : sizeof(Elf32_##name))

HELPER size_t core_word(const struct elf_core *core)
{
	return core->is_wide ? 8 : 4;
}

HELPER struct elf_core core_parse(struct bytes file)
{
	struct elf_core core = { .file = file };
	struct bytes header = core_range(&core, 0, sizeof(Elf32_Ehdr));

	assert_memory_equal(header.data, ELFMAG, SELFMAG);
	core.is_wide = header.data[EI_CLASS] == ELFCLASS64;
	core.big_endian = header.data[EI_DATA] == ELFDATA2MSB;
	header = core_range(&core, 0, ELF_SIZE(&core, Ehdr));
	assert_int_equal(ET_CORE, ELF_FIELD(&core, header, Ehdr, e_type));
	assert_int_equal(EV_CURRENT, ELF_FIELD(&core, header, Ehdr, e_version));
	assert_int_equal(ELF_SIZE(&core, Ehdr), ELF_FIELD(&core, header, Ehdr, e_ehsize));
	assert_int_equal(ELF_SIZE(&core, Phdr), ELF_FIELD(&core, header, Ehdr, e_phentsize));
	core.machine = (uint16_t)ELF_FIELD(&core, header, Ehdr, e_machine);
	core.n_headers = ELF_FIELD(&core, header, Ehdr, e_phnum);
	if (core.n_headers == PN_XNUM) {
		uint64_t at = ELF_FIELD(&core, header, Ehdr, e_shoff);

		assert_int_equal(1, ELF_FIELD(&core, header, Ehdr, e_shnum));
		assert_int_equal(ELF_SIZE(&core, Shdr), ELF_FIELD(&core, header, Ehdr, e_shentsize));
		core.n_headers = ELF_FIELD(&core, core_range(&core, at, ELF_SIZE(&core, Shdr)), Shdr,
					   sh_info);
		assert_true(core.n_headers >= PN_XNUM);
	}
	return core;
}

HELPER struct elf_segment core_segment_at(const struct elf_core *core, uint64_t i)
{
	struct bytes header = core_range(core, 0, ELF_SIZE(core, Ehdr)), bytes;

	bytes = core_range(core, ELF_FIELD(core, header, Ehdr, e_phoff) + i * ELF_SIZE(core, Phdr),
			   ELF_SIZE(core, Phdr));
	return (struct elf_segment){
		.type = (uint32_t)ELF_FIELD(core, bytes, Phdr, p_type),
		.flags = (uint32_t)ELF_FIELD(core, bytes, Phdr, p_flags),
		.offset = ELF_FIELD(core, bytes, Phdr, p_offset),
		.address = ELF_FIELD(core, bytes, Phdr, p_vaddr),
		.file_size = ELF_FIELD(core, bytes, Phdr, p_filesz),
		.size = ELF_FIELD(core, bytes, Phdr, p_memsz),
		.align = ELF_FIELD(core, bytes, Phdr, p_align),
	};
}

/* One PT_NOTE first; then PT_LOADs, by address, one behind the other, each whole in the file. */
HELPER void assert_core_is_sound(const struct elf_core *core)
{
	struct elf_segment notes = core_segment_at(core, 0);
	uint64_t end = 0;

	assert_int_equal(PT_NOTE, notes.type);
	core_range(core, notes.offset, notes.file_size);
	for (uint64_t i = 1; i < core->n_headers; i++) {
		struct elf_segment segment = core_segment_at(core, i);

		assert_int_equal(PT_LOAD, segment.type);
		assert_true(segment.address >= end);
		assert_true(segment.size > 0 && segment.file_size <= segment.size);
		assert_true(segment.align && (segment.align & (segment.align - 1)) == 0);
		assert_int_equal(segment.offset % segment.align, segment.address % segment.align);
		core_range(core, segment.offset, segment.file_size);
		end = segment.address + segment.size;
		assert_true(end > segment.address || end == 0);
	}
}

/* The segment that ADDRESS is in. */
HELPER bool core_find(const struct elf_core *core, uint64_t address, struct elf_segment *ret)
{
	for (uint64_t i = 1; i < core->n_headers; i++) {
		*ret = core_segment_at(core, i);
		if (address >= ret->address && address - ret->address < ret->size)
			return true;
	}
	return false;
}

/* The LEN bytes at ADDRESS, all in the file; data is NULL where they are not. */
HELPER struct bytes core_memory(const struct elf_core *core, uint64_t address, uint64_t len)
{
	struct elf_segment segment;

	if (!core_find(core, address, &segment) || address - segment.address >= segment.file_size ||
	    len > segment.file_size - (address - segment.address))
		return (struct bytes){ NULL, 0 };
	return core_range(core, segment.offset + (address - segment.address), len);
}

/* The note at *POS; false at the end. TID is that of the NT_PRSTATUS before. */
HELPER bool core_next_note(const struct elf_core *core, size_t *pos, struct elf_note *note)
{
	struct elf_segment segment = core_segment_at(core, 0);
	struct bytes notes = core_range(core, segment.offset, segment.file_size);
	size_t name_size, size, at = *pos;

	if (at == notes.len)
		return false;
	name_size = (size_t)number_in(core, notes, at, 4);
	size = (size_t)number_in(core, notes, at + 4, 4);
	note->type = (uint32_t)number_in(core, notes, at + 8, 4);
	note->owner = (const char *)core_range(core, segment.offset + at + 12, name_size).data;
	assert_int_equal(name_size, strlen(note->owner) + 1);
	at += 12 + (name_size + 3) / 4 * 4;
	note->bytes = core_range(core, segment.offset + at, size);
	if (note->type == NT_PRSTATUS)
		note->tid = (uint32_t)number_in(core, note->bytes, 16 + 2 * core_word(core), 4);
	*pos = at + (size + 3) / 4 * 4;
	return true;
}

/* A note of a thread, of any (TID 0); data is NULL where there is none. */
HELPER struct bytes core_note(const struct elf_core *core, const char *owner, uint32_t type, uint32_t tid)
{
	struct elf_note note = { 0 };
	size_t pos = 0;

	while (core_next_note(core, &pos, &note))
		if (note.type == type && !strcmp(note.owner, owner) && (!tid || note.tid == tid))
			return note.bytes;
	return (struct bytes){ NULL, 0 };
}
