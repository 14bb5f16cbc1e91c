/*
 * Registers by hand: a thread of each machine whose registers are numbers that tell them apart, and where a core
 * file must have some of them. For machines that no real checkpoint at hand is of.
 */
#pragma once

#include "tests/support/handmade.h"

#include <elf.h>

enum {
	X86_64 = 1, ARM, AARCH64, PPC64, S390, MIPS, LOONGARCH64, RISCV64, /* core_entry.march */
	I386 = 100 + X86_64, /* x86_64 with 32-bit registers */
};

/* Register N of the message is FIRST_REGISTER + N, element N of an array FIRST_ELEMENT + N. */
enum { FIRST_REGISTER = 0x1000, FIRST_ELEMENT = 0x2000 };

/* A message of N_ELEMENTS numbers in field 1 (0: it is a number too), and numbers up to field N_NUMBERS. */
struct handmade_registers {
	unsigned field, n_numbers, n_elements;
};

struct handmade_machine {
	const char *name; /* gdb's */
	int march;
	uint16_t elf;
	bool is_wide;
	unsigned ti;           /* number of its message in core_entry */
	struct handmade_registers general, fp; /* in that */
	size_t status_size;    /* of NT_PRSTATUS */
	size_t pc_at, sp_at;   /* in it */
	uint64_t pc, sp;       /* what they are */
	uint32_t fp_note;
	size_t fp_size, fp_at; /* of the note, and where the last number of the message is in it, */
	uint64_t fp_last;      /* which is this */
};

static const struct handmade_machine handmade_machines[] = {
	{ "i386", I386, EM_386, false, 2, { 2, 27, 0 }, { 3, 8, 0 }, 144, 72 + 4 * 12, 72 + 4 * 15, 0x1011,
	  0x1014, NT_PRXFPREG, 512, 28, 0x1008 },
	{ "arm", ARM, EM_ARM, false, 6, { 3, 18, 0 }, { 4, 5, 32 }, 148, 72 + 4 * 15, 72 + 4 * 13, 0x1010,
	  0x100e, NT_ARM_VFP, 260, 256, 0x1002 },
	{ "mips", MIPS, EM_MIPS, true, 11, { 3, 38, 0 }, { 4, 36, 0 }, 480, 112 + 8 * 34, 112 + 8 * 29, 0x1023,
	  0x101e, NT_FPREGSET, 264, 260, 0x1024 },
	{ "Loongarch64", LOONGARCH64, EM_LOONGARCH, true, 12, { 3, 2, 32 }, { 4, 3, 32 }, 480, 112 + 8 * 33,
	  112 + 8 * 3, 0x1002, 0x2003, NT_FPREGSET, 272, 264, 0x1003 },
	{ "riscv:rv64", RISCV64, EM_RISCV, true, 13, { 3, 32, 0 }, { 4, 2, 32 }, 376, 112, 112 + 8 * 2, 0x1001,
	  0x1003, NT_FPREGSET, 264, 256, 0x1002 },
	{ "aarch64", AARCH64, EM_AARCH64, true, 8, { 3, 4, 31 }, { 4, 3, 64 }, 392, 112 + 8 * 32,
	  112 + 8 * 31, 0x1003, 0x1002, NT_FPREGSET, 528, 516, 0x1003 },
	{ "i386:x86-64", X86_64, EM_X86_64, true, 2, { 2, 27, 0 }, { 3, 8, 0 }, 336, 112 + 8 * 16,
	  112 + 8 * 19, 0x1011, 0x1014, NT_FPREGSET, 512, 28, 0x1008 },
};

HELPER void put_registers(struct out *info, const struct handmade_registers *registers, uint64_t mode)
{
	struct out message;

	out_init(&message, -1);
	for (unsigned i = 0; i < registers->n_elements; i++)
		put_number(&message, 1, FIRST_ELEMENT + i);
	for (unsigned field = registers->n_elements ? 2 : 1; field <= registers->n_numbers; field++)
		put_number(&message, field, FIRST_REGISTER + field);
	if (mode)
		put_number(&message, 28, mode);
	put_message(info, registers->field, &message);
	out_deinit(&message);
}

/* The core image of a thread. MORE: what else its message has; may be NULL. */
HELPER void write_registers(const char *directory, const struct handmade_machine *machine, uint32_t tid,
			    struct out *more)
{
	struct out payload, info;
	char name[32];

	out_init(&payload, -1);
	out_init(&info, -1);
	put_number(&payload, 1, (uint64_t)machine->march % 100);
	put_number(&info, 1, 0);
	if (machine->march == ARM || machine->march == AARCH64 || (machine->march >= MIPS && machine->march < I386))
		put_number(&info, 2, 0); /* tls */
	put_registers(&info, &machine->general,
		      machine->march == X86_64 ? 1 : machine->march == I386 ? 2 : 0);
	put_registers(&info, &machine->fp, 0);
	put_message(&payload, machine->ti, &info);
	if (more)
		out_bytes(&payload, out_held(more));
	snprintf(name, sizeof(name), "core-%u.img", tid);
	write_entry(directory, name, MAGIC_CORE, &payload);
	out_deinit(&payload);
	out_deinit(&info);
}

/* The part of a task's core that is the process's. */
HELPER void put_task(struct out *core, uint32_t state, struct bytes comm)
{
	struct out task;

	out_init(&task, -1);
	put_number(&task, 1, state);
	for (uint64_t field = 2; field <= 5; field++)
		put_number(&task, field, 0);
	put_bytes(&task, 6, comm);
	put_message(core, 3, &task);
	out_deinit(&task);
}

/* A checkpoint of one task, pid 7, without memory: its path. */
HELPER const char *write_machine(const char *name, const struct handmade_machine *machine)
{
	struct out image, task;

	out_init(&image, -1);
	out_init(&task, -1);
	write_inventory(name);
	put_magic(&image, MAGIC_PSTREE);
	put_pstree(&image, 7, 0);
	write_image(name, "pstree.img", &image);
	put_task(&task, 1, BYTES("task"));
	write_registers(name, machine, 7, &task);
	out_deinit(&image);
	out_deinit(&task);
	return scratch_path("%s", name);
}
