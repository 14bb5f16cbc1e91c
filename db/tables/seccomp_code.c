/* Seccomp's instructions in words: those of classic BPF, as Documentation/networking/filter.rst has them. */
#include "db/tables/words.h"

#include <linux/filter.h>

#include "decoders/base/size.h"
#include "decoders/model/leaves/seccomp.h"

static const char *loading_text(const struct seccomp_code *code, struct arena *arena)
{
	const char *name = BPF_CLASS(code->code) == BPF_LDX ? "ldx" : "ld";
	const char *size = BPF_SIZE(code->code) == BPF_H ? "h" : BPF_SIZE(code->code) == BPF_B ? "b" : "";

	switch (BPF_MODE(code->code)) {
	case BPF_IMM:
		return arena_printf(arena, "%s #0x%x", name, code->k);
	case BPF_ABS:
		return arena_printf(arena, "%s%s [%u]", name, size, code->k);
	case BPF_IND:
		return arena_printf(arena, "%s%s [x + %u]", name, size, code->k);
	case BPF_MEM:
		return arena_printf(arena, "%s M[%u]", name, code->k);
	case BPF_LEN:
		return arena_printf(arena, "%s #len", name);
	case BPF_MSH:
		return arena_printf(arena, "%sb 4*([%u]&0xf)", name, code->k);
	}
	return NULL;
}

static const char *operand(const struct seccomp_code *code, struct arena *arena)
{
	return BPF_SRC(code->code) == BPF_X ? "x" : arena_printf(arena, "#0x%x", code->k);
}

static const char *arithmetic_text(const struct seccomp_code *code, struct arena *arena)
{
	static const char *const names[] = { "add", "sub", "mul", "div", "or", "and", "lsh", "rsh",
					     "neg", "mod", "xor" };
	unsigned number = BPF_OP(code->code) >> 4;

	if (number >= ARRAY_SIZE(names))
		return NULL;
	if (BPF_OP(code->code) == BPF_NEG)
		return "neg";
	return arena_printf(arena, "%s %s", names[number], operand(code, arena));
}

/* Where to is said by line, as in a listing; in the code it is relative. */
static const char *jump_text(const struct seccomp_code *code, struct arena *arena)
{
	static const char *const names[] = { "ja", "jeq", "jgt", "jge", "jset" };
	unsigned number = BPF_OP(code->code) >> 4;
	unsigned long long next = code->line + 1ull;

	if (number >= ARRAY_SIZE(names))
		return NULL;
	if (BPF_OP(code->code) == BPF_JA)
		return arena_printf(arena, "ja %llu", next + code->k);
	return arena_printf(arena, "%s %s, %llu, %llu", names[number], operand(code, arena),
			    next + code->jt, next + code->jf);
}

static const char *text_of(const struct seccomp_code *code, struct arena *arena)
{
	switch (BPF_CLASS(code->code)) {
	case BPF_LD:
	case BPF_LDX:
		return loading_text(code, arena);
	case BPF_ST:
		return arena_printf(arena, "st M[%u]", code->k);
	case BPF_STX:
		return arena_printf(arena, "stx M[%u]", code->k);
	case BPF_ALU:
		return arithmetic_text(code, arena);
	case BPF_JMP:
		return jump_text(code, arena);
	case BPF_RET:
		return BPF_RVAL(code->code) == BPF_A ? "ret a" : arena_printf(arena, "ret #0x%x", code->k);
	default:
		return BPF_MISCOP(code->code) == BPF_TXA ? "txa" : "tax";
	}
}

static void get_text(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		     struct value *ret)
{
	(void)checkpoint;
	*ret = value_text(bytes_of(text_of(row, arena)));
}

/* What lies at an offset of struct seccomp_data (include/uapi/linux/seccomp.h). */
static const char *data_text(uint32_t offset, struct arena *arena)
{
	enum { ARCH = 4, POINTER = 8, ARGUMENTS = 16, END = 64 };

	if (offset % 4 || offset >= END)
		return NULL;
	if (offset < POINTER)
		return offset == ARCH ? "arch" : "nr";
	if (offset < ARGUMENTS)
		return arena_printf(arena, "instruction_pointer%s", offset % 8 ? "+4" : "");
	return arena_printf(arena, "args[%u]%s", (offset - ARGUMENTS) / 8, offset % 8 ? "+4" : "");
}

static void get_meaning(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
			struct value *ret)
{
	const struct seccomp_code *code = row;

	(void)checkpoint;
	if (code->code == (BPF_LD | BPF_W | BPF_ABS))
		*ret = value_text(bytes_of(data_text(code->k, arena)));
	else if (code->code == (BPF_RET | BPF_K))
		*ret = value_text(bytes_of(seccomp_action(arena, code->k)));
}

/* All of its values are values, so none is null. */
static void get_k(const struct checkpoint *checkpoint, const void *row, struct arena *arena,
		  struct value *ret)
{
	(void)checkpoint;
	(void)arena;
	*ret = value_number(VALUE_HEX, ((const struct seccomp_code *)row)->k);
}

static const struct column columns[] = {
	{ .name = "filter_id", .help = "seccomp.id", COLUMN(seccomp_code, filter_id, U32) },
	{ .name = "line", .help = "which instruction, from 0", COLUMN(seccomp_code, line, U32) },
	{ .name = "text", .help = "in words; jumps say the lines for true and for false",
	  COMPUTED(TEXT, get_text) },
	{ .name = "meaning", .help = "which part of the call is loaded, or what is answered",
	  COMPUTED(TEXT, get_meaning) },
	{ .name = "code", .help = "the operation", .detail = true, COLUMN(seccomp_code, code, HEX32) },
	{ .name = "jt", .help = "instructions to jump over if true", .detail = true,
	  COLUMN(seccomp_code, jt, U32) },
	{ .name = "jf", .help = "instructions to jump over if false", .detail = true,
	  COLUMN(seccomp_code, jf, U32) },
	{ .name = "k", .help = "the operand", .detail = true, COMPUTED(HEX, get_k) },
};

const struct table table_seccomp_code = {
	.name = "seccomp_code",
	.help = "an instruction of a seccomp filter",
	.key = "filter_id line",
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_seccomp_code,
};
