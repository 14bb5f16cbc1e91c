#include "decoders/model/registers.h"

#include "cpu-arm.pb-c.h"
#include "cpu-other.pb-c.h"
#include "cpu-x86.pb-c.h"

static void x86(const CoreEntry *core, struct thread *thread)
{
	const ThreadInfoX86 *info = core->thread_info;
	const UserX86RegsEntry *regs = info ? info->gpregs : NULL;

	if (!regs)
		return;
	thread->ip = regs->ip;
	thread->sp = regs->sp;
	if ((int64_t)regs->orig_ax >= 0) /* -1: not in a system call */
		thread->syscall = regs->orig_ax;
	thread->clear_tid_address = info->clear_tid_addr;
	thread->tls = regs->fs_base;
	if (info->fpregs && info->fpregs->xsave)
		thread->xstate_features = info->fpregs->xsave->xstate_bv;
}

static void aarch64(const CoreEntry *core, struct thread *thread)
{
	const ThreadInfoAarch64 *info = core->ti_aarch64;

	if (!info || !info->gpregs)
		return;
	thread->ip = info->gpregs->pc;
	thread->sp = info->gpregs->sp;
	thread->clear_tid_address = info->clear_tid_addr;
	thread->tls = info->tls;
}

static void arm(const CoreEntry *core, struct thread *thread)
{
	const ThreadInfoArm *info = core->ti_arm;

	if (!info || !info->gpregs)
		return;
	thread->ip = info->gpregs->pc;
	thread->sp = info->gpregs->sp;
	thread->clear_tid_address = info->clear_tid_addr;
	thread->tls = info->tls;
}

static void ppc64(const CoreEntry *core, struct thread *thread)
{
	const ThreadInfoPpc64 *info = core->ti_ppc64;

	if (!info || !info->gpregs)
		return;
	thread->ip = info->gpregs->nip;
	if (info->gpregs->n_gpr > 13) {
		thread->sp = info->gpregs->gpr[1];
		thread->tls = info->gpregs->gpr[13];
	}
	thread->clear_tid_address = info->clear_tid_addr;
}

static void s390(const CoreEntry *core, struct thread *thread)
{
	const ThreadInfoS390 *info = core->ti_s390;

	if (!info || !info->gpregs)
		return;
	thread->ip = info->gpregs->psw_addr;
	if (info->gpregs->n_gprs > 15)
		thread->sp = info->gpregs->gprs[15];
	/* The upper half is the length of the instruction. */
	if (info->gpregs->system_call)
		thread->syscall = info->gpregs->system_call & 0xffff;
	/* The thread pointer is in two access registers, the high half first. */
	if (info->gpregs->n_acrs > 1)
		thread->tls = (uint64_t)info->gpregs->acrs[0] << 32 | info->gpregs->acrs[1];
	thread->clear_tid_address = info->clear_tid_addr;
}

static void mips(const CoreEntry *core, struct thread *thread)
{
	const ThreadInfoMips *info = core->ti_mips;

	if (!info || !info->gpregs)
		return;
	thread->ip = info->gpregs->cp0_epc;
	thread->sp = info->gpregs->r29;
	thread->clear_tid_address = info->clear_tid_addr;
	thread->tls = info->tls;
}

static void loongarch64(const CoreEntry *core, struct thread *thread)
{
	const ThreadInfoLoongarch64 *info = core->ti_loongarch64;

	if (!info || !info->gpregs)
		return;
	thread->ip = info->gpregs->pc;
	if (info->gpregs->n_regs > 3)
		thread->sp = info->gpregs->regs[3];
	thread->clear_tid_address = info->clear_tid_addr;
	thread->tls = info->tls;
}

static void riscv64(const CoreEntry *core, struct thread *thread)
{
	const ThreadInfoRiscv64 *info = core->ti_riscv64;

	if (!info || !info->gpregs)
		return;
	thread->ip = info->gpregs->pc;
	thread->sp = info->gpregs->sp;
	thread->clear_tid_address = info->clear_tid_addr;
	thread->tls = info->tls;
}

static const struct {
	const char *name;
	void (*read)(const CoreEntry *core, struct thread *thread);
} machines[] = {
	[CORE_ENTRY__MARCH__X86_64] = { "x86_64", x86 },
	[CORE_ENTRY__MARCH__ARM] = { "arm", arm },
	[CORE_ENTRY__MARCH__AARCH64] = { "aarch64", aarch64 },
	[CORE_ENTRY__MARCH__PPC64] = { "ppc64le", ppc64 },
	[CORE_ENTRY__MARCH__S390] = { "s390x", s390 },
	[CORE_ENTRY__MARCH__MIPS] = { "mips", mips },
	[CORE_ENTRY__MARCH__LOONGARCH64] = { "loongarch64", loongarch64 },
	[CORE_ENTRY__MARCH__RISCV64] = { "riscv64", riscv64 },
};

static bool is_known(CoreEntry__March march)
{
	return (unsigned)march < sizeof(machines) / sizeof(machines[0]) && machines[march].name;
}

const char *registers_arch(CoreEntry__March march)
{
	return is_known(march) ? machines[march].name : NULL;
}

void registers_read(const CoreEntry *core, struct thread *thread)
{
	if (is_known(core->mtype))
		machines[core->mtype].read(core, thread);
}
