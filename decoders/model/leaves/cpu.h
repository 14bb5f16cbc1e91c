/* What the CPUs of the dumping machine can do, where CRIU was asked to note it. */
#pragma once

#include "decoders/model/leaf.h"

struct cpu {
	struct origin origin;
	const char *arch;     /* x86, ppc64, s390 */
	uint32_t number;      /* from 0, by arch */
	const char *vendor;   /* of x86: intel, amd, unknown; else NULL */
	struct bytes model_name;
	uint32_t family, model, stepping; /* of x86; ABSENT_U32 */
	const char *endian;   /* of ppc64: big, little; else NULL */
	struct bytes capabilities; /* words, hexadecimal: of x86 those of the kernel's cpuinfo, else hwcap */
	uint64_t xfeatures;   /* of x86: components of the extended state; ABSENT_U64 */
	uint32_t xsave_size, xsave_size_max; /* bytes; ABSENT_U32 */
};

extern const struct leaf leaf_cpu;
