#include "inspect/export/core_machine.h"

#include <elf.h>
#include <string.h>

#include "decoders/base/size.h"
#include "inspect/export/elf_number.h"

/* Newer than the C library's elf.h. */
enum { OUR_NT_X86_SHSTK = 0x204 };

/* A number of SIZE bytes; MOST of an array, one behind the other. */
#define ONE(at, size, type, field) \
	{ at, size, sizeof(((type *)0)->field), offsetof(type, field), 0, 0 }
#define ARRAY(at, size, most, type, field)                                           \
	{ at, size, sizeof(*((type *)0)->field), offsetof(type, field), \
	  offsetof(type, n_##field), most }

#define FIELDS(table) (table), ARRAY_SIZE(table)
#define IN(type, field) offsetof(type, field)

/* --- x86 ----------------------------------------------------------------------------------------- */

#define REG(n, field) ONE(8 * (n), 8, UserX86RegsEntry, field)
#define REG32(n, field) ONE(4 * (n), 4, UserX86RegsEntry, field)

static const struct note_field x86_64_registers[] = {
	REG(0, r15), REG(1, r14), REG(2, r13), REG(3, r12), REG(4, bp), REG(5, bx), REG(6, r11),
	REG(7, r10), REG(8, r9), REG(9, r8), REG(10, ax), REG(11, cx), REG(12, dx), REG(13, si),
	REG(14, di), REG(15, orig_ax), REG(16, ip), REG(17, cs), REG(18, flags), REG(19, sp),
	REG(20, ss), REG(21, fs_base), REG(22, gs_base), REG(23, ds), REG(24, es), REG(25, fs),
	REG(26, gs),
};

static const struct note_field i386_registers[] = {
	REG32(0, bx), REG32(1, cx), REG32(2, dx), REG32(3, si), REG32(4, di), REG32(5, bp),
	REG32(6, ax), REG32(7, ds), REG32(8, es), REG32(9, fs), REG32(10, gs),
	REG32(11, orig_ax), REG32(12, ip), REG32(13, cs), REG32(14, flags), REG32(15, sp),
	REG32(16, ss),
};

#undef REG
#undef REG32

#define FX(at, size, field) ONE(at, size, UserX86FpregsEntry, field)

/* The area of FXSAVE, 512 bytes. */
static const struct note_field fxsave[] = {
	FX(0, 2, cwd), FX(2, 2, swd), FX(4, 2, twd), FX(6, 2, fop), FX(8, 8, rip), FX(16, 8, rdp),
	FX(24, 4, mxcsr), FX(28, 4, mxcsr_mask),
	ARRAY(32, 4, 32, UserX86FpregsEntry, st_space), ARRAY(160, 4, 64, UserX86FpregsEntry, xmm_space),
};
#undef FX

/*
 * What XSAVE puts behind it: a header, and parts of the CPU's own. Where these lie differs between CPUs,
 * and CRIU keeps the parts alone; this is Intel's order, which debuggers assume for areas of these sizes.
 */
enum {
	XSAVE_FEATURES = 464, /* in the area of FXSAVE: which parts the CPU has */
	XSAVE_HEADER_END = 576,
};

static const struct note_field xsave[] = {
	ONE(512, 8, UserX86XsaveEntry, xstate_bv),
	ARRAY(576, 4, 64, UserX86XsaveEntry, ymmh_space),
	ARRAY(960, 8, 8, UserX86XsaveEntry, bndreg_state),
	ARRAY(1024, 8, 8, UserX86XsaveEntry, bndcsr_state),
	ARRAY(1088, 8, 8, UserX86XsaveEntry, opmask_reg),
	ARRAY(1152, 8, 64, UserX86XsaveEntry, zmm_upper),
	ARRAY(1664, 8, 128, UserX86XsaveEntry, hi16_zmm),
	ARRAY(2688, 4, 2, UserX86XsaveEntry, pkru),
};

/* Of each part that the CPU has CRIU writes the field, in use or not. */
static uint16_t complete_xsave(const CoreEntry *core, uint8_t *bytes)
{
	const UserX86XsaveEntry *area = core->thread_info->fpregs->xsave;
	const struct {
		bool is_there;
		uint16_t features, end;
	} parts[] = {
		{ true, 0x3, XSAVE_HEADER_END }, /* x87, SSE */
		{ area->n_ymmh_space > 0, 0x4, 832 },
		{ area->n_bndreg_state || area->n_bndcsr_state, 0x18, 1088 },
		{ area->n_opmask_reg || area->n_zmm_upper || area->n_hi16_zmm, 0xe0, 2688 },
		{ area->n_pkru > 0, 0x200, 2696 },
	};
	uint64_t features = 0;
	uint16_t end = 0;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (parts[i].is_there) {
			features |= parts[i].features;
			end = parts[i].end;
		}
	elf_set(bytes + XSAVE_FEATURES, 8, features, false);
	return end;
}

static const struct note_field shadow_stack[] = { ONE(0, 8, UserX86CetEntry, ssp) };

#define X86_FPREGS IN(CoreEntry, thread_info), IN(ThreadInfoX86, fpregs)
#define X86_XSAVE X86_FPREGS, IN(UserX86FpregsEntry, xsave)

#define XSTATE_NOTE                                                                               \
	{ "LINUX", NT_X86_XSTATE, 2696,                                                           \
	  { { { X86_FPREGS }, FIELDS(fxsave) }, { { X86_XSAVE }, FIELDS(xsave) } }, complete_xsave }

static const struct note_form x86_64_notes[] = {
	{ "CORE", NT_FPREGSET, 512, { { { X86_FPREGS }, FIELDS(fxsave) } }, NULL },
	XSTATE_NOTE,
	{ "LINUX", OUR_NT_X86_SHSTK, 8,
	  { { { X86_XSAVE, IN(UserX86XsaveEntry, cet) }, FIELDS(shadow_stack) } }, NULL },
	{ NULL, 0, 0, { { { 0 }, NULL, 0 } }, NULL },
};

static const struct note_form i386_notes[] = {
	{ "LINUX", NT_PRXFPREG, 512, { { { X86_FPREGS }, FIELDS(fxsave) } }, NULL },
	XSTATE_NOTE,
	{ NULL, 0, 0, { { { 0 }, NULL, 0 } }, NULL },
};

/* --- arm ----------------------------------------------------------------------------------------- */

#define REG(n, field) ONE(4 * (n), 4, UserArmRegsEntry, field)

static const struct note_field arm_registers[] = {
	REG(0, r0), REG(1, r1), REG(2, r2), REG(3, r3), REG(4, r4), REG(5, r5), REG(6, r6),
	REG(7, r7), REG(8, r8), REG(9, r9), REG(10, r10), REG(11, fp), REG(12, ip), REG(13, sp),
	REG(14, lr), REG(15, pc), REG(16, cpsr), REG(17, orig_r0),
};

#undef REG

static const struct note_field arm_vfp[] = {
	ARRAY(0, 8, 32, UserArmVfpstateEntry, vfp_regs), ONE(256, 4, UserArmVfpstateEntry, fpscr),
};
static const struct note_field arm_tls[] = { ONE(0, 4, ThreadInfoArm, tls) };

static const struct note_form arm_notes[] = {
	{ "LINUX", NT_ARM_VFP, 260,
	  { { { IN(CoreEntry, ti_arm), IN(ThreadInfoArm, fpstate) }, FIELDS(arm_vfp) } }, NULL },
	{ "LINUX", NT_ARM_TLS, 4, { { { IN(CoreEntry, ti_arm) }, FIELDS(arm_tls) } }, NULL },
	{ NULL, 0, 0, { { { 0 }, NULL, 0 } }, NULL },
};

static const struct note_field aarch64_registers[] = {
	ARRAY(0, 8, 31, UserAarch64RegsEntry, regs), ONE(248, 8, UserAarch64RegsEntry, sp),
	ONE(256, 8, UserAarch64RegsEntry, pc), ONE(264, 8, UserAarch64RegsEntry, pstate),
};
static const struct note_field aarch64_fp[] = {
	ARRAY(0, 8, 64, UserAarch64FpsimdContextEntry, vregs),
	ONE(512, 4, UserAarch64FpsimdContextEntry, fpsr),
	ONE(516, 4, UserAarch64FpsimdContextEntry, fpcr),
};
static const struct note_field aarch64_tls[] = { ONE(0, 8, ThreadInfoAarch64, tls) };

/* The keys that sign pointers are no part of it: who debugs needs none, and who has them can sign. */
static const struct note_form aarch64_notes[] = {
	{ "CORE", NT_FPREGSET, 528,
	  { { { IN(CoreEntry, ti_aarch64), IN(ThreadInfoAarch64, fpsimd) }, FIELDS(aarch64_fp) } }, NULL },
	{ "LINUX", NT_ARM_TLS, 8, { { { IN(CoreEntry, ti_aarch64) }, FIELDS(aarch64_tls) } }, NULL },
	{ NULL, 0, 0, { { { 0 }, NULL, 0 } }, NULL },
};

/* --- ppc64 --------------------------------------------------------------------------------------- */

/* As in the kernel's pt_regs; what is between is not for users. */
static const struct note_field ppc64_registers[] = {
	ARRAY(0, 8, 32, UserPpc64RegsEntry, gpr), ONE(256, 8, UserPpc64RegsEntry, nip),
	ONE(264, 8, UserPpc64RegsEntry, msr), ONE(272, 8, UserPpc64RegsEntry, orig_gpr3),
	ONE(280, 8, UserPpc64RegsEntry, ctr), ONE(288, 8, UserPpc64RegsEntry, link),
	ONE(296, 8, UserPpc64RegsEntry, xer), ONE(304, 8, UserPpc64RegsEntry, ccr),
	ONE(320, 8, UserPpc64RegsEntry, trap),
};
static const struct note_field ppc64_fp[] = { ARRAY(0, 8, 33, UserPpc64FpstateEntry, fpregs) };
static const struct note_field ppc64_vmx[] = {
	ARRAY(0, 8, 66, UserPpc64VrstateEntry, vrregs), ONE(528, 4, UserPpc64VrstateEntry, vrsave),
};
static const struct note_field ppc64_vsx[] = { ARRAY(0, 8, 32, UserPpc64VsxstateEntry, vsxregs) };
/* Beside the registers that are in force, though they belong to the transaction. */
static const struct note_field ppc64_tm_special[] = {
	ONE(0, 8, UserPpc64RegsEntry, tfhar), ONE(8, 8, UserPpc64RegsEntry, texasr),
	ONE(16, 8, UserPpc64RegsEntry, tfiar),
};

#define PPC64(field) IN(CoreEntry, ti_ppc64), IN(ThreadInfoPpc64, field)
#define PPC64_TM(field) PPC64(tmstate), IN(UserPpc64TmRegsEntry, field)

static const struct note_form ppc64_notes[] = {
	{ "CORE", NT_FPREGSET, 264, { { { PPC64(fpstate) }, FIELDS(ppc64_fp) } }, NULL },
	{ "LINUX", NT_PPC_VMX, 544, { { { PPC64(vrstate) }, FIELDS(ppc64_vmx) } }, NULL },
	{ "LINUX", NT_PPC_VSX, 256, { { { PPC64(vsxstate) }, FIELDS(ppc64_vsx) } }, NULL },
	{ "LINUX", NT_PPC_TM_CGPR, 384, { { { PPC64_TM(gpregs) }, FIELDS(ppc64_registers) } }, NULL },
	{ "LINUX", NT_PPC_TM_CFPR, 264, { { { PPC64_TM(fpstate) }, FIELDS(ppc64_fp) } }, NULL },
	{ "LINUX", NT_PPC_TM_CVMX, 544, { { { PPC64_TM(vrstate) }, FIELDS(ppc64_vmx) } }, NULL },
	{ "LINUX", NT_PPC_TM_CVSX, 256, { { { PPC64_TM(vsxstate) }, FIELDS(ppc64_vsx) } }, NULL },
	{ "LINUX", NT_PPC_TM_SPR, 24,
	  { { { PPC64(gpregs) }, FIELDS(ppc64_tm_special) }, { { PPC64(tmstate) }, NULL, 0 } }, NULL },
	{ NULL, 0, 0, { { { 0 }, NULL, 0 } }, NULL },
};

/* --- s390 ---------------------------------------------------------------------------------------- */

static const struct note_field s390_registers[] = {
	ONE(0, 8, UserS390RegsEntry, psw_mask), ONE(8, 8, UserS390RegsEntry, psw_addr),
	ARRAY(16, 8, 16, UserS390RegsEntry, gprs), ARRAY(144, 4, 16, UserS390RegsEntry, acrs),
	ONE(208, 8, UserS390RegsEntry, orig_gpr2),
};
static const struct note_field s390_system_call[] = { ONE(0, 4, UserS390RegsEntry, system_call) };
static const struct note_field s390_fp[] = {
	ONE(0, 4, UserS390FpregsEntry, fpc), ARRAY(8, 8, 16, UserS390FpregsEntry, fprs),
};
static const struct note_field s390_low[] = { ARRAY(0, 8, 16, UserS390VxrsLowEntry, regs) };
static const struct note_field s390_high[] = { ARRAY(0, 8, 32, UserS390VxrsHighEntry, regs) };
static const struct note_field s390_guarded[] = { ARRAY(0, 8, 4, UserS390GsCbEntry, regs) };
static const struct note_field s390_instrumentation[] = { ARRAY(0, 8, 8, UserS390RiEntry, regs) };

#define S390(field) IN(CoreEntry, ti_s390), IN(ThreadInfoS390, field)

static const struct note_form s390_notes[] = {
	{ "CORE", NT_FPREGSET, 136, { { { S390(fpregs) }, FIELDS(s390_fp) } }, NULL },
	{ "LINUX", NT_S390_SYSTEM_CALL, 4, { { { S390(gpregs) }, FIELDS(s390_system_call) } }, NULL },
	{ "LINUX", NT_S390_VXRS_LOW, 128, { { { S390(vxrs_low) }, FIELDS(s390_low) } }, NULL },
	{ "LINUX", NT_S390_VXRS_HIGH, 256, { { { S390(vxrs_high) }, FIELDS(s390_high) } }, NULL },
	{ "LINUX", NT_S390_GS_CB, 32, { { { S390(gs_cb) }, FIELDS(s390_guarded) } }, NULL },
	{ "LINUX", NT_S390_GS_BC, 32, { { { S390(gs_bc) }, FIELDS(s390_guarded) } }, NULL },
	{ "LINUX", NT_S390_RI_CB, 64, { { { S390(ri_cb) }, FIELDS(s390_instrumentation) } }, NULL },
	{ NULL, 0, 0, { { { 0 }, NULL, 0 } }, NULL },
};

/* --- mips, loongarch64, riscv64 ------------------------------------------------------------------ */

#define REG(n, field) ONE(8 * (n), 8, UserMipsRegsEntry, field)
#define FP(n) ONE(8 * (n), 8, UserMipsFpregsEntry, r##n)

static const struct note_field mips_registers[] = {
	REG(0, r0), REG(1, r1), REG(2, r2), REG(3, r3), REG(4, r4), REG(5, r5), REG(6, r6),
	REG(7, r7), REG(8, r8), REG(9, r9), REG(10, r10), REG(11, r11), REG(12, r12),
	REG(13, r13), REG(14, r14), REG(15, r15), REG(16, r16), REG(17, r17), REG(18, r18),
	REG(19, r19), REG(20, r20), REG(21, r21), REG(22, r22), REG(23, r23), REG(24, r24),
	REG(25, r25), REG(26, r26), REG(27, r27), REG(28, r28), REG(29, r29), REG(30, r30),
	REG(31, r31), REG(32, lo), REG(33, hi), REG(34, cp0_epc), REG(35, cp0_badvaddr),
	REG(36, cp0_status), REG(37, cp0_cause),
};

static const struct note_field mips_fp[] = {
	FP(0), FP(1), FP(2), FP(3), FP(4), FP(5), FP(6), FP(7), FP(8), FP(9), FP(10), FP(11),
	FP(12), FP(13), FP(14), FP(15), FP(16), FP(17), FP(18), FP(19), FP(20), FP(21), FP(22),
	FP(23), FP(24), FP(25), FP(26), FP(27), FP(28), FP(29), FP(30), FP(31),
	ONE(256, 4, UserMipsFpregsEntry, fpu_fcr31), ONE(260, 4, UserMipsFpregsEntry, fpu_id),
};

#undef REG
#undef FP

static const struct note_form mips_notes[] = {
	{ "CORE", NT_FPREGSET, 264,
	  { { { IN(CoreEntry, ti_mips), IN(ThreadInfoMips, fpregs) }, FIELDS(mips_fp) } }, NULL },
	{ NULL, 0, 0, { { { 0 }, NULL, 0 } }, NULL },
};

/* Between the two the kernel has the first argument as it was before a system call. */
static const struct note_field loongarch64_registers[] = {
	ARRAY(0, 8, 32, UserLoongarch64GpregsEntry, regs), ONE(264, 8, UserLoongarch64GpregsEntry, pc),
};
static const struct note_field loongarch64_fp[] = {
	ARRAY(0, 8, 32, UserLoongarch64FpregsEntry, regs), ONE(256, 8, UserLoongarch64FpregsEntry, fcc),
	ONE(264, 4, UserLoongarch64FpregsEntry, fcsr),
};

static const struct note_form loongarch64_notes[] = {
	{ "CORE", NT_FPREGSET, 272,
	  { { { IN(CoreEntry, ti_loongarch64), IN(ThreadInfoLoongarch64, fpregs) },
	      FIELDS(loongarch64_fp) } }, NULL },
	{ NULL, 0, 0, { { { 0 }, NULL, 0 } }, NULL },
};

#define REG(n, field) ONE(8 * (n), 8, UserRiscv64RegsEntry, field)

static const struct note_field riscv64_registers[] = {
	REG(0, pc), REG(1, ra), REG(2, sp), REG(3, gp), REG(4, tp), REG(5, t0), REG(6, t1),
	REG(7, t2), REG(8, s0), REG(9, s1), REG(10, a0), REG(11, a1), REG(12, a2), REG(13, a3),
	REG(14, a4), REG(15, a5), REG(16, a6), REG(17, a7), REG(18, s2), REG(19, s3),
	REG(20, s4), REG(21, s5), REG(22, s6), REG(23, s7), REG(24, s8), REG(25, s9),
	REG(26, s10), REG(27, s11), REG(28, t3), REG(29, t4), REG(30, t5), REG(31, t6),
};

#undef REG

static const struct note_field riscv64_fp[] = {
	ARRAY(0, 8, 32, UserRiscv64DExtEntry, f), ONE(256, 4, UserRiscv64DExtEntry, fcsr),
};

static const struct note_form riscv64_notes[] = {
	{ "CORE", NT_FPREGSET, 264,
	  { { { IN(CoreEntry, ti_riscv64), IN(ThreadInfoRiscv64, fpsimd) }, FIELDS(riscv64_fp) } }, NULL },
	{ NULL, 0, 0, { { { 0 }, NULL, 0 } }, NULL },
};

/* --- all of them --------------------------------------------------------------------------------- */

#define REGISTERS(size, ti, type, table) \
	{ NULL, 0, size, { { { IN(CoreEntry, ti), IN(type, gpregs) }, FIELDS(table) } }, NULL }

static const struct core_machine machines[] = {
	{ CORE_ENTRY__MARCH__X86_64, false, EM_X86_64, 0, true,
	  REGISTERS(216, thread_info, ThreadInfoX86, x86_64_registers), x86_64_notes },
	{ CORE_ENTRY__MARCH__X86_64, true, EM_386, 0, false,
	  REGISTERS(68, thread_info, ThreadInfoX86, i386_registers), i386_notes },
	{ CORE_ENTRY__MARCH__ARM, false, EM_ARM, 0, false,
	  REGISTERS(72, ti_arm, ThreadInfoArm, arm_registers), arm_notes },
	{ CORE_ENTRY__MARCH__AARCH64, false, EM_AARCH64, 0, true,
	  REGISTERS(272, ti_aarch64, ThreadInfoAarch64, aarch64_registers), aarch64_notes },
	{ CORE_ENTRY__MARCH__PPC64, false, EM_PPC64, 2 /* ELFv2 */, true,
	  REGISTERS(384, ti_ppc64, ThreadInfoPpc64, ppc64_registers), ppc64_notes },
	{ CORE_ENTRY__MARCH__S390, false, EM_S390, 0, true,
	  REGISTERS(216, ti_s390, ThreadInfoS390, s390_registers), s390_notes },
	{ CORE_ENTRY__MARCH__MIPS, false, EM_MIPS, EF_MIPS_ARCH_64, true,
	  REGISTERS(360, ti_mips, ThreadInfoMips, mips_registers), mips_notes },
	{ CORE_ENTRY__MARCH__LOONGARCH64, false, EM_LOONGARCH, 0, true,
	  REGISTERS(360, ti_loongarch64, ThreadInfoLoongarch64, loongarch64_registers),
	  loongarch64_notes },
	{ CORE_ENTRY__MARCH__RISCV64, false, EM_RISCV, 0, true,
	  REGISTERS(256, ti_riscv64, ThreadInfoRiscv64, riscv64_registers), riscv64_notes },
};

static bool is_compat(const CoreEntry *core)
{
	const ThreadInfoX86 *info = core->thread_info;

	return core->mtype == CORE_ENTRY__MARCH__X86_64 && info && info->gpregs &&
	       info->gpregs->mode == USER_X86_REGS_MODE__COMPAT;
}

const struct core_machine *core_machine_of(const CoreEntry *core)
{
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
		if (machines[i].march == core->mtype && machines[i].is_compat == is_compat(core))
			return &machines[i];
	return NULL;
}

/* --- filling ------------------------------------------------------------------------------------- */

/* NULL where a pointer on the way is. */
static const uint8_t *message_of(const struct note_part *part, const CoreEntry *core)
{
	const uint8_t *message = (const uint8_t *)core;

	for (size_t i = 0; i < ARRAY_SIZE(part->path) && part->path[i] && message; i++)
		memcpy(&message, message + part->path[i], sizeof(message));
	return message;
}

bool note_is_there(const struct note_form *form, const CoreEntry *core)
{
	for (size_t i = 0; i < ARRAY_SIZE(form->parts); i++)
		if (!message_of(&form->parts[i], core))
			return false;
	return true;
}

static uint64_t number_at(const uint8_t *from, size_t size)
{
	uint64_t wide;
	uint32_t narrow;

	if (size == sizeof(narrow)) {
		memcpy(&narrow, from, sizeof(narrow));
		return narrow;
	}
	memcpy(&wide, from, sizeof(wide));
	return wide;
}

static void fill_field(const struct note_field *field, const uint8_t *message, bool big_endian,
		       uint8_t *bytes)
{
	const uint8_t *from = message + field->from;
	size_t n = 1;

	if (field->most) {
		memcpy(&n, message + field->n_from, sizeof(n));
		memcpy(&from, message + field->from, sizeof(from));
		n = n < field->most ? n : field->most;
	}
	for (size_t i = 0; i < n; i++)
		elf_set(bytes + field->at + i * field->size, field->size,
			number_at(from + i * field->from_size, field->from_size), big_endian);
}

uint16_t note_fill(const struct note_form *form, const CoreEntry *core, bool big_endian, uint8_t *bytes)
{
	memset(bytes, 0, form->size);
	for (size_t i = 0; i < ARRAY_SIZE(form->parts); i++) {
		const struct note_part *part = &form->parts[i];
		const uint8_t *message = message_of(part, core);

		for (size_t k = 0; message && k < part->n_fields; k++)
			fill_field(&part->fields[k], message, big_endian, bytes);
	}
	return form->complete ? form->complete(core, bytes) : form->size;
}
