/* Mappings: their order, their bounds, and whether every page that was dumped lies in one. */
#include "db/verify/internal.h"
#include "decoders/model/vma.h"

enum { VMA_EXT_PLUGIN = 1 << 27 };
#define VMA_UNSUPPORTED (1u << 31)

static const struct vma *vmas_of(const struct checkpoint *checkpoint, const struct process *process)
{
	return checkpoint->vmas.items + process->first_vma;
}

/* 0x1000-0x2000 of pid 7 */
static struct finding *found_vma(struct verifier *verifier, const struct vma *vma)
{
	struct finding *finding = found(verifier, vma->origin, vma->pid, "0x%llx-0x%llx of pid %u",
					(unsigned long long)vma->start, (unsigned long long)vma->end,
					vma->pid);

	with_address(verifier, finding, "start", vma->start);
	with_address(verifier, finding, "end", vma->end);
	return finding;
}

static void unsorted(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;

	for (size_t p = 0; p < checkpoint->processes.n; p++) {
		const struct process *process = &checkpoint->processes.items[p];
		const struct vma *vmas = vmas_of(checkpoint, process), *before = NULL;

		for (uint32_t i = 0; i < process->n_vmas; i++) {
			struct finding *finding;

			if (vma_is_overlay(vmas[i].status))
				continue;
			if (before && vmas[i].start < before->end) {
				finding = found_vma(verifier, &vmas[i]);
				says(verifier, finding, "it begins before 0x%llx, where the mapping listed before it ends",
				     (unsigned long long)before->end);
				with_address(verifier, finding, "end_before", before->end);
			}
			before = &vmas[i];
		}
	}
}

static void unaligned(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;
	uint64_t page = checkpoint->page_size ? checkpoint->page_size : 4096;

	for (size_t i = 0; i < checkpoint->vmas.n; i++) {
		const struct vma *vma = &checkpoint->vmas.items[i];
		struct finding *finding;

		if (vma->start < vma->end && vma->start % page == 0 && vma->end % page == 0)
			continue;
		finding = found_vma(verifier, vma);
		if (vma->start >= vma->end)
			says(verifier, finding, "it ends where it begins, or before");
		else
			says(verifier, finding, "it does not begin and end on pages of %llu bytes",
			     (unsigned long long)page);
	}
}

static void unsupported_bit(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;

	for (size_t i = 0; i < checkpoint->vmas.n; i++) {
		const struct vma *vma = &checkpoint->vmas.items[i];
		struct finding *finding;

		if (!(vma->status & VMA_UNSUPPORTED) || (vma->status & VMA_EXT_PLUGIN))
			continue;
		finding = found_vma(verifier, vma);
		says(verifier, finding, "CRIU marked it as one that it cannot restore, and no plugin has it");
		with_address(verifier, finding, "status", vma->status);
	}
}

/* What the kernel holds against the bounds that are given to it (prctl PR_SET_MM_MAP). */
static void bad_bounds(struct verifier *verifier)
{
	for (size_t i = 0; i < verifier->facts.mms.n; i++) {
		const struct mm_fact *mm = &verifier->facts.mms.items[i];
		const struct {
			const char *name;
			uint64_t start, end;
		} bounds[] = {
			{ "code", mm->start_code, mm->end_code }, { "data", mm->start_data, mm->end_data },
			{ "brk", mm->start_brk, mm->brk },	  { "arg", mm->arg_start, mm->arg_end },
			{ "env", mm->env_start, mm->env_end },
		};

		for (size_t k = 0; k < ARRAY_SIZE(bounds); k++) {
			struct finding *finding;

			if (bounds[k].start <= bounds[k].end)
				continue;
			finding = found(verifier, mm->origin, mm->pid, "mm-%u.img", mm->pid);
			says(verifier, finding, "the bounds of %s: 0x%llx is behind 0x%llx", bounds[k].name,
			     (unsigned long long)bounds[k].start, (unsigned long long)bounds[k].end);
		}
	}
}

/* --- pages inside mappings ------------------------------------------------------------------------------------ */

/* Mappings in their order, passed once. */
struct cover {
	const struct vma *vmas;
	uint32_t n, i;
};

/* The first address from ADDRESS up to END that is in no mapping; END where all are. */
static uint64_t uncovered(struct cover *cover, uint64_t address, uint64_t end)
{
	uint32_t i;

	while (cover->i < cover->n && (vma_is_overlay(cover->vmas[cover->i].status) ||
				       cover->vmas[cover->i].end <= address))
		cover->i++;
	for (i = cover->i; i < cover->n && address < end; i++) {
		const struct vma *vma = &cover->vmas[i];

		if (vma_is_overlay(vma->status) || vma->end <= address)
			continue;
		if (vma->start > address)
			break;
		address = vma->end;
	}
	return address < end ? address : end;
}

static bool is_sorted(const struct vma *vmas, uint32_t n)
{
	uint64_t end = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (vma_is_overlay(vmas[i].status))
			continue;
		if (vmas[i].start < end || vmas[i].end < vmas[i].start)
			return false;
		end = vmas[i].end;
	}
	return true;
}

static void check_map(struct verifier *verifier, const struct map_fact *map)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;
	const struct process *process = &checkpoint->processes.items[map->process];
	struct cover cover = { .vmas = vmas_of(checkpoint, process), .n = process->n_vmas };

	if (!is_sorted(cover.vmas, cover.n))
		return; /* which is told */
	for (size_t i = 0; i < map->pagemap->n_runs; i++) {
		const struct page_run *run = &map->pagemap->runs[i];
		uint64_t bytes, end, at;
		struct finding *finding;

		if (!size_mul(run->n_pages, (uint64_t)map->page_size, &bytes) ||
		    !size_add(run->address, bytes, &end))
			end = UINT64_MAX;
		at = uncovered(&cover, run->address, end);
		if (at == end)
			continue;
		finding = found_run(verifier, map, run->entry, "0x%llx of pid %u", (unsigned long long)at,
				    process->pid);
		says(verifier, finding, "pages were dumped there, and mm-%u.img has no mapping", process->pid);
		with_address(verifier, finding, "run", run->address);
		with_number(verifier, finding, "pages", run->n_pages);
	}
}

/* Of ancestors too: what they have elsewhere was unmapped since, and is not asked for. */
static void page_outside(struct verifier *verifier)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;

	for (size_t i = 0; i < verifier->facts.maps.n; i++) {
		const struct map_fact *map = &verifier->facts.maps.items[i];

		if (map->process != NO_ROW && map->page_size && checkpoint->processes.items[map->process].n_vmas &&
		    map->layer == checkpoint->pagemap_layers[map->process])
			check_map(verifier, map);
	}
}

static const struct verify_check checks[] = {
	{ "vma-unsorted", SEVERITY_BLOCKER, "mappings overlap, or are not in order",
	  "CRIU ends with \"VMA-s are not sorted in the image file\", or one mapping takes the place of another",
	  take_again, FINDS_CONTRADICTION, unsorted },
	{ "vma-unaligned", SEVERITY_BLOCKER, "a mapping that does not consist of pages",
	  "mmap fails when it is restored", take_again, FINDS_CONTRADICTION, unaligned },
	{ "vma-unsupported-bit", SEVERITY_BLOCKER, "a mapping that CRIU cannot restore",
	  "there is nothing to map", "a plugin has to dump it; or unmap it before the checkpoint", FINDS_NOTICE,
	  unsupported_bit },
	{ "mm-bounds", SEVERITY_BLOCKER, "the bounds of an address space contradict themselves",
	  "the kernel refuses them (PR_SET_MM_MAP)", take_again, FINDS_CONTRADICTION, bad_bounds },
	{ "pagemap-outside-vma", SEVERITY_BLOCKER, "pages outside of every mapping",
	  "CRIU ends with \"Page entry address outside of VMA\"", take_again, FINDS_CONTRADICTION, page_outside },
};

const struct check_group vma_checks = { checks, ARRAY_SIZE(checks), true };
