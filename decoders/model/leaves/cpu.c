/* CPUs: cpuinfo.img, which "criu cpuinfo dump" and --cpu-cap write. */
#include "decoders/base/out.h"
#include "decoders/model/leaves/cpu.h"
#include "inventory.pb-c.h"

static struct cpu *add(struct checkpoint *checkpoint, struct leaf_rows *rows, const char *arch,
		       size_t number, struct origin origin)
{
	struct cpu *cpu = leaf_add(checkpoint, rows);

	*cpu = (struct cpu){
		.origin = origin, .arch = arch, .number = (uint32_t)number,
		.family = ABSENT_U32, .model = ABSENT_U32, .stepping = ABSENT_U32,
		.xfeatures = ABSENT_U64, .xsave_size = ABSENT_U32, .xsave_size_max = ABSENT_U32,
	};
	return cpu;
}

static struct bytes finish(struct checkpoint *checkpoint, struct out *out)
{
	struct bytes text = arena_copy(&checkpoint->arena, out_held(out));

	out_deinit(out);
	return text;
}

static struct bytes words(struct checkpoint *checkpoint, const uint32_t *items, size_t n)
{
	struct out out;

	out_init(&out, -1);
	for (size_t i = 0; i < n; i++)
		out_printf(&out, "%s0x%08x", i ? " " : "", items[i]);
	return finish(checkpoint, &out);
}

static struct bytes long_words(struct checkpoint *checkpoint, const uint64_t *items, size_t n)
{
	struct out out;

	out_init(&out, -1);
	for (size_t i = 0; i < n; i++)
		out_printf(&out, "%s0x%llx", i ? " " : "", (unsigned long long)items[i]);
	return finish(checkpoint, &out);
}

static const char *vendor_name(CpuinfoX86Entry__Vendor vendor)
{
	switch (vendor) {
	case CPUINFO_X86_ENTRY__VENDOR__INTEL:
		return "intel";
	case CPUINFO_X86_ENTRY__VENDOR__AMD:
		return "amd";
	default:
		return "unknown";
	}
}

static void take_x86(struct checkpoint *checkpoint, const CpuinfoX86Entry *from, struct cpu *cpu)
{
	cpu->vendor = vendor_name(from->vendor_id);
	cpu->model_name = load_text(checkpoint, from->has_model_id, from->model_id);
	cpu->family = from->cpu_family;
	cpu->model = from->model;
	cpu->stepping = from->stepping;
	cpu->capabilities = words(checkpoint, from->capability, from->n_capability);
	if (from->has_xfeatures_mask)
		cpu->xfeatures = from->xfeatures_mask;
	if (from->has_xsave_size)
		cpu->xsave_size = from->xsave_size;
	if (from->has_xsave_size_max)
		cpu->xsave_size_max = from->xsave_size_max;
}

static void take_ppc64(struct checkpoint *checkpoint, const CpuinfoPpc64Entry *from, struct cpu *cpu)
{
	bool is_little = from->endian == CPUINFO_PPC64_ENTRY__ENDIANNESS__LITTLEENDIAN;

	cpu->endian = is_little ? "little" : "big";
	cpu->capabilities = long_words(checkpoint, from->hwcap, from->n_hwcap);
}

static void load(struct checkpoint *checkpoint, struct leaf_rows *rows)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "CPUINFO", &reader, "cpuinfo.img"))
		return;
	while (image_next(&reader, &entry)) {
		const CpuinfoEntry *from = (const CpuinfoEntry *)entry.message;
		struct origin origin = load_origin(&reader, &entry);

		for (size_t i = 0; i < from->n_x86_entry; i++)
			take_x86(checkpoint, from->x86_entry[i],
				 add(checkpoint, rows, "x86", i, origin));
		for (size_t i = 0; i < from->n_ppc64_entry; i++)
			take_ppc64(checkpoint, from->ppc64_entry[i],
				   add(checkpoint, rows, "ppc64", i, origin));
		for (size_t i = 0; i < from->n_s390_entry; i++)
			add(checkpoint, rows, "s390", i, origin)->capabilities =
				long_words(checkpoint, from->s390_entry[i]->hwcap,
					   from->s390_entry[i]->n_hwcap);
	}
	load_close(checkpoint, &reader);
}

const struct leaf leaf_cpu = {
	.name = "cpu",
	.row_size = sizeof(struct cpu),
	.needs = PART_INVENTORY,
	.load = load,
};
