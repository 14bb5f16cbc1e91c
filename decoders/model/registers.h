/*
 * Registers that matter, whatever the architecture: where a thread was, its stack, the system
 * call it was in. CRIU keeps a message of its own for every architecture inside core_entry.
 */
#pragma once

#include "decoders/model/rows.h"
#include "task.pb-c.h"

/* x86_64, aarch64, arm, ppc64le, s390x, riscv64, mips, loongarch64; NULL for others. */
const char *registers_arch(CoreEntry__March march);

/* Fills ip, sp, syscall, clear_tid_address, tls and xstate_features as far as they are known. */
void registers_read(const CoreEntry *core, struct thread *thread);
