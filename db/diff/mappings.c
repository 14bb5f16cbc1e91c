#include "db/diff/mappings.h"

#include <stdlib.h>

#include "decoders/base/size.h"
#include "decoders/model/vma.h"

/* --- extents ---------------------------------------------------------------------------------------- */

/* A mapping ends where the next one begins: the later one counts. */
static struct extent extent_of(struct checkpoint *checkpoint, const struct mapped_range *range)
{
	const struct vma *vma = span_vma(checkpoint, range->vma);
	struct extent extent = { .start = range->start, .end = range->end, .vma = range->vma,
				 .moved_to = NO_ROW };
	const struct file *file;

	if (!vma)
		return extent;
	file = checkpoint_file(checkpoint, vma->file);
	extent.kind = vma->kind ? vma->kind : "";
	extent.path = file ? file->path : NO_BYTES;
	extent.pgoff = vma->pgoff;
	extent.prot = vma->prot;
	extent.is_shared = vma_shmem(checkpoint, vma) != ABSENT_U64;
	return extent;
}

void memory_side_init(struct checkpoint *checkpoint, uint32_t process, struct arena *arena,
		      struct memory_side *ret)
{
	struct memory_side side = { .checkpoint = checkpoint, .process = process };

	if (process != NO_ROW) {
		address_space_init(checkpoint, process, arena, &side.space);
		side.extents = arena_alloc(arena, (side.space.n + 1) * sizeof(*side.extents));
	}
	for (size_t i = 0; i < side.space.n; i++)
		if (side.space.ranges[i].start < side.space.ranges[i].end)
			side.extents[side.n++] = extent_of(checkpoint, &side.space.ranges[i]);
	*ret = side;
}

/* --- which is which --------------------------------------------------------------------------------- */

static bool are_one(const struct extent *a, const struct extent *b)
{
	return !a->kind || !b->kind || (strcmp(a->kind, b->kind) == 0 && bytes_equal(a->path, b->path));
}

/* Calls for each pair that shares addresses; AT: the first extent before that may reach START. */
static size_t first_reaching(const struct memory_side *side, size_t at, uint64_t start)
{
	while (at < side->n && side->extents[at].end <= start)
		at++;
	return at;
}

static void pair_in_place(struct memory_side *before, struct memory_side *after)
{
	size_t at = 0;

	for (size_t k = 0; k < after->n; k++) {
		struct extent *right = &after->extents[k];

		at = first_reaching(before, at, right->start);
		for (size_t i = at; i < before->n && before->extents[i].start < right->end; i++)
			if (are_one(&before->extents[i], right))
				before->extents[i].is_paired = right->is_paired = true;
	}
}

static int by_identity(const void *a, const void *b)
{
	const struct extent *left = *(struct extent *const *)a, *right = *(struct extent *const *)b;
	int order = strcmp(left->kind, right->kind);

	if (!order)
		order = bytes_compare(left->path, right->path);
	if (!order)
		order = strcmp(left->prot, right->prot);
	return order ? order : (left->pgoff > right->pgoff) - (left->pgoff < right->pgoff);
}

/* Those without a counterpart that could be told again elsewhere, sorted. */
static struct extent **movable(struct memory_side *side, struct arena *arena, size_t *ret_n)
{
	struct extent **list = arena_alloc(arena, (side->n + 1) * sizeof(struct extent *));
	size_t n = 0;

	for (size_t i = 0; i < side->n; i++) {
		struct extent *extent = &side->extents[i];

		if (extent->kind && !extent->is_paired && strcmp(extent->kind, "anon") != 0)
			list[n++] = extent;
	}
	qsort(list, n, sizeof(struct extent *), by_identity);
	*ret_n = n;
	return list;
}

static size_t n_alike(struct extent **list, size_t n)
{
	size_t alike = 1;

	while (alike < n && by_identity(&list[0], &list[alike]) == 0)
		alike++;
	return alike;
}

static void pair_moved(struct memory_side *before, struct memory_side *after, struct arena *arena)
{
	size_t n_before, n_after, i = 0, k = 0;
	struct extent **left = movable(before, arena, &n_before);
	struct extent **right = movable(after, arena, &n_after);

	while (i < n_before && k < n_after) {
		int order = by_identity(&left[i], &right[k]);
		size_t n = order <= 0 ? n_alike(&left[i], n_before - i) : 0;
		size_t m = order >= 0 ? n_alike(&right[k], n_after - k) : 0;

		if (n == 1 && m == 1) {
			left[i]->moved_to = (uint32_t)(right[k] - after->extents);
			right[k]->moved_to = (uint32_t)(left[i] - before->extents);
		}
		i += n;
		k += m;
	}
}

/* --- the plan ------------------------------------------------------------------------------------------- */

struct planning {
	struct memory_side *before, *after;
	struct arena *arena;
	uint64_t *done; /* by extent before: where what is planned of it ends */
	struct plan plan;
};

static struct plan_region *begin_region(struct planning *planning, struct plan_region region)
{
	struct plan_region *ret = vec_push(planning->arena, &planning->plan.regions);

	region.first = planning->plan.pieces.n;
	*ret = region;
	return ret;
}

static void add_piece(struct planning *planning, struct plan_region *region, struct plan_piece piece)
{
	if (!piece.len)
		return;
	*vec_push(planning->arena, &planning->plan.pieces) = piece;
	region->n++;
}

/* Of an extent before what is not planned yet and lies below END. */
static void plan_gone(struct planning *planning, uint32_t i, uint64_t end)
{
	const struct extent *extent = &planning->before->extents[i];
	uint64_t start = planning->done[i];
	struct plan_region *region;

	if (start < end) {
		region = begin_region(planning, (struct plan_region){ .extent_before = i,
								      .extent_after = NO_ROW,
								      .before = start, .after = start,
								      .len = end - start,
								      .is_gone = true });
		add_piece(planning, region, (struct plan_piece){ i, NO_ROW, start, start, end - start });
	}
	planning->done[i] = end < extent->end ? end : extent->end;
}

/* The beginning of one is that of the other; of stacks the end. What is too long on either side is left. */
static void plan_moved(struct planning *planning, uint32_t k)
{
	const struct extent *after = &planning->after->extents[k];
	uint32_t i = after->moved_to;
	const struct extent *before = &planning->before->extents[i];
	uint64_t len_before = before->end - before->start, len = after->end - after->start;
	uint64_t both = len_before < len ? len_before : len;
	bool ends = strcmp(after->kind, "stack") == 0;
	uint64_t skip_before = ends ? len_before - both : 0, skip = ends ? len - both : 0;
	uint64_t start = before->start + skip_before;
	struct plan_region *region;

	plan_gone(planning, i, start);
	region = begin_region(planning, (struct plan_region){ .extent_before = i, .extent_after = k,
							      .before = start, .after = after->start,
							      .len = len, .moved = true });
	add_piece(planning, region, (struct plan_piece){ NO_ROW, k, start, after->start, skip });
	add_piece(planning, region, (struct plan_piece){ i, k, start, after->start + skip, both });
	add_piece(planning, region,
		  (struct plan_piece){ NO_ROW, k, start, after->start + skip + both, len - skip - both });
	planning->done[i] = start + both;
}

/* Pieces of a mapping after, where it was before. AT: the first extent before that reaches it. */
static void plan_in_place(struct planning *planning, uint32_t k, size_t at)
{
	const struct memory_side *before = planning->before;
	const struct extent *after = &planning->after->extents[k];
	struct plan_region region = { .extent_before = NO_ROW, .extent_after = k,
				      .before = after->start, .after = after->start,
				      .len = after->end - after->start };
	uint64_t done = after->start;

	/* What is gone of others is a region of its own and stands before this one. */
	for (size_t i = at; i < before->n && before->extents[i].start < after->end; i++)
		if (before->extents[i].moved_to == NO_ROW && are_one(&before->extents[i], after) &&
		    before->extents[i].start < after->start)
			plan_gone(planning, (uint32_t)i, after->start);
	region.first = planning->plan.pieces.n;
	for (size_t i = at; i < before->n && before->extents[i].start < after->end; i++) {
		const struct extent *left = &before->extents[i];
		uint64_t start = left->start > after->start ? left->start : after->start;
		uint64_t end = left->end < after->end ? left->end : after->end;

		if (left->moved_to != NO_ROW || !are_one(left, after))
			continue;
		if (region.extent_before == NO_ROW)
			region.extent_before = (uint32_t)i;
		add_piece(planning, &region, (struct plan_piece){ NO_ROW, k, done, done, start - done });
		add_piece(planning, &region, (struct plan_piece){ (uint32_t)i, k, start, start, end - start });
		planning->done[i] = done = end;
	}
	add_piece(planning, &region, (struct plan_piece){ NO_ROW, k, done, done, after->end - done });
	*vec_push(planning->arena, &planning->plan.regions) = region;
}

static int by_address(const void *a, const void *b)
{
	const struct plan_region *left = a, *right = b;

	if (left->after != right->after)
		return left->after < right->after ? -1 : 1;
	return (int)left->is_gone - (int)right->is_gone;
}

void plan_make(struct memory_side *before, struct memory_side *after, struct arena *arena,
	       struct plan *ret)
{
	struct planning planning = { .before = before, .after = after, .arena = arena };
	size_t at = 0;

	planning.done = arena_alloc(arena, (before->n + 1) * sizeof(*planning.done));
	for (size_t i = 0; i < before->n; i++)
		planning.done[i] = before->extents[i].start;
	pair_in_place(before, after);
	pair_moved(before, after, arena);
	for (uint32_t k = 0; k < after->n; k++) {
		at = first_reaching(before, at, after->extents[k].start);
		if (after->extents[k].moved_to != NO_ROW)
			plan_moved(&planning, k);
		else
			plan_in_place(&planning, k, at);
	}
	for (uint32_t i = 0; i < before->n; i++)
		plan_gone(&planning, i, before->extents[i].end);
	if (planning.plan.regions.n)
		qsort(planning.plan.regions.items, planning.plan.regions.n,
		      sizeof(*planning.plan.regions.items), by_address);
	*ret = planning.plan;
}
