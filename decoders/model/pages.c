/* Page maps: which pages of each task the checkpoint holds, and how large a page is. */
#include <stdlib.h>

#include "decoders/base/size.h"
#include "decoders/model/layers.h"
#include "decoders/model/load.h"
#include "decoders/model/vma.h"

/* The pages file of a process, in the layer that its pagemap is from. */
static const struct member *pages_of(struct checkpoint *checkpoint, size_t process)
{
	const struct layer *layer =
		&checkpoint->layers.items[checkpoint->pagemap_layers[process]];

	return layer_image(layer, "pages-%u.img", checkpoint->pagemaps[process]->pages_id);
}

/* The page size that most pages files agree on; 4 KiB where the architecture has no other. */
static uint32_t find_page_size(struct checkpoint *checkpoint)
{
	static const uint32_t sizes[] = { 4096, 16384, 65536 };
	size_t votes[ARRAY_SIZE(sizes)] = { 0 }, best = 0;

	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		const struct member *pages = pages_of(checkpoint, i);
		uint32_t size = pages ? page_size_of(pages->size, checkpoint->pagemaps[i]->n_present)
				      : 0;

		for (size_t k = 0; k < ARRAY_SIZE(sizes); k++)
			votes[k] += sizes[k] == size;
	}
	for (size_t k = 1; k < ARRAY_SIZE(sizes); k++)
		if (votes[k] > votes[best])
			best = k;
	if (votes[best] == 0 && (!checkpoint->arch || (strcmp(checkpoint->arch, "x86_64") != 0 &&
						       strcmp(checkpoint->arch, "s390x") != 0)))
		return 0;
	return sizes[best];
}

static void check_length(struct checkpoint *checkpoint, size_t process)
{
	const struct pagemap *pagemap = checkpoint->pagemaps[process];
	const struct member *pages = pages_of(checkpoint, process);
	const struct layer *layer =
		&checkpoint->layers.items[checkpoint->pagemap_layers[process]];
	struct error *error;
	uint64_t expected;

	if (pagemap->n_present == 0 || !checkpoint->page_size || !pages ||
	    !size_mul(pagemap->n_present, checkpoint->page_size, &expected) ||
	    pages->size >= expected)
		return;
	error = error_at(error_new(ERROR_DAMAGED, "ends early: its pagemap wants %llu bytes",
				   (unsigned long long)expected),
			 NO_ENTRY, pages->size);
	error = error_in_source(error_in_image(error, pages->name), layer->source->path);
	problems_add(&checkpoint->problems, error);
}

static int by_start(const void *a, const void *b)
{
	const struct vma *left = *(const struct vma *const *)a;
	const struct vma *right = *(const struct vma *const *)b;

	return (left->start > right->start) - (left->start < right->start);
}

/* Mappings that lie over another one are reported and dropped; only guards may. */
static size_t drop_overlaps(struct checkpoint *checkpoint, struct vma **vmas, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		const struct vma *vma = vmas[i];

		if (kept == 0 || vma->start >= vmas[kept - 1]->end)
			vmas[kept++] = vmas[i];
		else if (vma->origin.member != NO_ROW)
			load_problem(checkpoint,
				     &checkpoint->source.members.items[vma->origin.member],
				     vma->origin.entry, vma->origin.offset,
				     error_new(ERROR_DAMAGED, "the mapping at 0x%llx lies over another",
					       (unsigned long long)vma->start));
	}
	return kept;
}

/* The mappings of a process in order of address, overlays left out. In the scratch arena. */
static struct vma **sorted_vmas(struct checkpoint *checkpoint, const struct process *process,
				size_t *ret_n)
{
	struct vma **sorted = arena_alloc(&checkpoint->scratch,
					  ((size_t)process->n_vmas + 1) * sizeof(struct vma *));
	size_t n = 0;

	for (uint32_t i = 0; i < process->n_vmas; i++) {
		struct vma *vma = &checkpoint->vmas.items[process->first_vma + i];

		if (!vma_is_overlay(vma->status) && vma->start < vma->end)
			sorted[n++] = vma;
	}
	if (n)
		qsort(sorted, n, sizeof(*sorted), by_start);
	*ret_n = drop_overlaps(checkpoint, sorted, n);
	return sorted;
}

static void count_pages(const struct page_run *run, uint64_t n, uint64_t *present, uint64_t *parent,
			uint64_t *lazy)
{
	if (run->flags & PAGE_PRESENT)
		*present += n;
	else if (run->flags & PAGE_IN_PARENT)
		*parent += n;
	else if (run->flags & PAGE_LAZY)
		*lazy += n;
}

/* Adds a run to the mappings it lies in; *first is the first that can hold a later run. */
static void count_run(struct vma **vmas, size_t n, size_t *first, const struct page_run *run,
		      uint32_t page_size)
{
	uint64_t end = run->address + run->n_pages * page_size;

	while (*first < n && vmas[*first]->end <= run->address)
		++*first;
	for (size_t i = *first; i < n && vmas[i]->start < end; i++) {
		uint64_t from = run->address > vmas[i]->start ? run->address : vmas[i]->start;
		uint64_t to = end < vmas[i]->end ? end : vmas[i]->end;

		if (from < to)
			count_pages(run, (to - from) / page_size, &vmas[i]->pages_present,
				    &vmas[i]->pages_parent, &vmas[i]->pages_lazy);
	}
}

static void count(struct checkpoint *checkpoint, struct process *process,
		  const struct pagemap *pagemap)
{
	uint32_t page_size = checkpoint->page_size ? checkpoint->page_size : 4096;
	size_t n, first = 0;
	struct vma **vmas = sorted_vmas(checkpoint, process, &n);

	for (size_t i = 0; i < pagemap->n_runs; i++) {
		const struct page_run *run = &pagemap->runs[i];

		count_pages(run, run->n_pages, &process->pages_present, &process->pages_parent,
			    &process->pages_lazy);
		count_run(vmas, n, &first, run, page_size);
	}
	for (size_t i = 0; i < n; i++)
		vmas[i]->dirty_text = vmas[i]->pages_present && vmas[i]->prot[1] == '-' &&
				      (vmas[i]->status & VMA_FILE_PRIVATE);
	process->bytes_present = checkpoint->page_size
					 ? process->pages_present * checkpoint->page_size
					 : ABSENT_U64;
	arena_reset(&checkpoint->scratch);
}

/* The first layer that has a pagemap of the process: a page server's is not the checkpoint's own. */
static void find_pagemap(struct checkpoint *checkpoint, uint32_t process)
{
	uint32_t layer = 0;

	checkpoint->pagemaps[process] = layer_pagemap(checkpoint, 0, process);
	while (checkpoint->pagemaps[process]->n_runs == 0 && ++layer < checkpoint->layers.n) {
		checkpoint->pagemaps[process] = layer_pagemap(checkpoint, layer, process);
		checkpoint->pagemap_layers[process] = layer;
	}
}

void load_pages(struct checkpoint *checkpoint)
{
	size_t n = checkpoint->processes.n;

	layers_find(checkpoint);
	checkpoint->pagemaps = arena_zalloc(&checkpoint->arena,
					    (n + 1) * sizeof(*checkpoint->pagemaps));
	checkpoint->pagemap_layers = arena_zalloc(&checkpoint->arena,
						  (n + 1) * sizeof(*checkpoint->pagemap_layers));
	for (uint32_t i = 0; i < n; i++)
		find_pagemap(checkpoint, i);
	checkpoint->page_size = find_page_size(checkpoint);
	for (size_t i = 0; i < n; i++) {
		check_length(checkpoint, i);
		count(checkpoint, &checkpoint->processes.items[i], checkpoint->pagemaps[i]);
	}
}
