/* Page maps: which pages of each task the checkpoint holds, and how large a page is. */
#include "decoders/base/size.h"
#include "decoders/model/layers.h"
#include "decoders/model/load.h"
#include "decoders/model/segments.h"
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
		uint32_t size = pages ? page_size_of(pages->size, checkpoint->pagemaps[i]->total.present)
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

	if (pagemap->total.present == 0 || !checkpoint->page_size || !pages)
		return;
	if (!size_mul(pagemap->total.present, (uint64_t)checkpoint->page_size, &expected))
		expected = UINT64_MAX;
	if (pages->size >= expected)
		return;
	error = error_at(error_new(ERROR_DAMAGED, "ends early: its pagemap wants %llu bytes",
				   (unsigned long long)expected),
			 NO_ENTRY, pages->size);
	error = error_damage(error_in_image(error, pages->name), DAMAGE_JOINED);
	error = error_in_source(error, layer->source->path);
	problems_add(&checkpoint->problems, error);
}

/* --- pages of mappings ---------------------------------------------------------------------------- */

uint64_t vma_shmem(const struct checkpoint *checkpoint, const struct vma *vma)
{
	const struct file *file = checkpoint_file(checkpoint, vma->file);

	if (vma->status & VMA_MEMFD)
		return file ? file->shmid : ABSENT_U64;
	return vma->status & (VMA_ANON_SHARED | VMA_SYSVIPC) ? vma->shmid : ABSENT_U64;
}

/* The pagemap of shared memory in the first layer that has one; without runs where there is none. */
static const struct pagemap *shmem_pagemap(struct checkpoint *checkpoint, uint64_t shmid)
{
	const struct pagemap *pagemap = layer_shmem_pagemap(checkpoint, 0, shmid);

	for (uint32_t i = 1; i < checkpoint->layers.n && !pagemap->is_there; i++)
		pagemap = layer_shmem_pagemap(checkpoint, i, shmid);
	return pagemap;
}

/* Bytes that follow the segment's entry in ipcns-shm itself: all of them, zeroes too. */
static struct page_counts count_segment(const struct segment *segment, const struct vma *vma,
					uint64_t end, uint32_t page_size)
{
	uint64_t held = segment->len < end ? segment->len : end;

	if (held <= vma->pgoff)
		return (struct page_counts){ 0 };
	return (struct page_counts){ .present = (held - vma->pgoff) / page_size };
}

static struct page_counts count_vma(struct checkpoint *checkpoint, const struct pagemap *pagemap,
				    const struct vma *vma, uint32_t page_size)
{
	uint64_t shmid = vma_shmem(checkpoint, vma), end;
	const struct pagemap *shared;
	const struct segment *segment;

	if (vma_is_overlay(vma->status) || vma->end <= vma->start)
		return (struct page_counts){ 0 };
	if (shmid == ABSENT_U64)
		return pagemap_count(pagemap, vma->start, vma->end, page_size);
	if (!size_add(vma->pgoff, vma->end - vma->start, &end))
		return (struct page_counts){ 0 };
	shared = shmem_pagemap(checkpoint, shmid);
	if (!shared->is_there && (vma->status & VMA_SYSVIPC) &&
	    (segment = segment_find(checkpoint, shmid)))
		return count_segment(segment, vma, end, page_size);
	return pagemap_count(shared, vma->pgoff, end, page_size);
}

static void take_counts(const struct checkpoint *checkpoint, struct vma *vma, struct page_counts counts)
{
	uint64_t there = counts.present + counts.parent + counts.lazy, pages;

	vma->pages_present = counts.present;
	vma->pages_parent = counts.parent;
	vma->pages_lazy = counts.lazy;
	vma->pages_absent = ABSENT_U64;
	if (checkpoint->page_size && vma->end >= vma->start) {
		pages = (vma->end - vma->start) / checkpoint->page_size;
		vma->pages_absent = pages > there ? pages - there : 0;
	}
	/* Pages that are as in the file are in no page map, whoever holds them. */
	vma->dirty_text = there && vma->prot[1] == '-' && (vma->status & VMA_FILE_PRIVATE);
}

/* What was never written reads as zeroes; what is guarded cannot be read. */
static void count_zeroes(const struct checkpoint *checkpoint, struct process *process)
{
	uint64_t zero = 0, guarded = 0;

	for (uint32_t i = 0; i < process->n_vmas; i++) {
		const struct vma *vma = &checkpoint->vmas.items[process->first_vma + i];

		if (vma->pages_absent == ABSENT_U64)
			continue;
		if (vma_is_overlay(vma->status))
			guarded += vma->pages_absent;
		else if ((vma->status & VMA_ANON_PRIVATE) && !(vma->status & VMA_OF_KERNEL))
			zero += vma->pages_absent;
	}
	process->pages_zero = checkpoint->page_size && !checkpoint->is_predump
				      ? zero - (guarded < zero ? guarded : zero)
				      : ABSENT_U64;
}

static void count(struct checkpoint *checkpoint, struct process *process,
		  const struct pagemap *pagemap)
{
	uint32_t page_size = checkpoint->page_size ? checkpoint->page_size : 4096;

	process->pages_present = pagemap->total.present;
	process->pages_parent = pagemap->total.parent;
	process->pages_lazy = pagemap->total.lazy;
	if (!checkpoint->page_size ||
	    !size_mul(process->pages_present, page_size, &process->bytes_present))
		process->bytes_present = ABSENT_U64;
	for (uint32_t i = 0; i < process->n_vmas; i++) {
		struct vma *vma = &checkpoint->vmas.items[process->first_vma + i];

		take_counts(checkpoint, vma, count_vma(checkpoint, pagemap, vma, page_size));
	}
	count_zeroes(checkpoint, process);
}

/* --- pages of processes ---------------------------------------------------------------------------- */

/* The first layer that has a pagemap of the process: a page server's is not the checkpoint's own. */
static void find_pagemap(struct checkpoint *checkpoint, uint32_t process)
{
	uint32_t layer = 0;

	checkpoint->pagemaps[process] = layer_pagemap(checkpoint, 0, process);
	while (!checkpoint->pagemaps[process]->is_there && ++layer < checkpoint->layers.n) {
		checkpoint->pagemaps[process] = layer_pagemap(checkpoint, layer, process);
		checkpoint->pagemap_layers[process] = layer;
	}
}

void load_pagemaps(struct checkpoint *checkpoint)
{
	size_t n = checkpoint->processes.n;

	layers_find(checkpoint);
	checkpoint->pagemaps = arena_zalloc(&checkpoint->arena,
					    (n + 1) * sizeof(*checkpoint->pagemaps));
	checkpoint->pagemap_layers = arena_zalloc(&checkpoint->arena,
						  (n + 1) * sizeof(*checkpoint->pagemap_layers));
	for (uint32_t i = 0; i < n; i++)
		find_pagemap(checkpoint, i);
}

void load_pages(struct checkpoint *checkpoint)
{
	load_pagemaps(checkpoint);
	checkpoint->page_size = find_page_size(checkpoint);
	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		check_length(checkpoint, i);
		count(checkpoint, &checkpoint->processes.items[i], checkpoint->pagemaps[i]);
	}
}
