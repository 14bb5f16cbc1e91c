#include "inspect/export/core_segments.h"

#include "decoders/base/size.h"
#include "decoders/model/vma.h"

enum treatment {
	WITH_BYTES,
	HEADER_ALONE,
	LEFT_OUT,
};

static bool begins(const struct member *member, struct bytes prefix)
{
	return bytes_start_with(bytes_basename(member->name), prefix);
}

static void add(uint64_t *sum, uint64_t n)
{
	if (!size_add(*sum, n, sum))
		*sum = UINT64_MAX;
}

struct core_limits core_limits_of(const struct checkpoint *checkpoint, uint64_t max_size)
{
	struct core_limits limits = { .lookups = SOME_LOOKUPS };

	for (size_t i = 0; i < checkpoint->layers.n; i++) {
		const struct source *source = checkpoint->layers.items[i].source;

		for (size_t k = 0; k < source->members.n; k++) {
			const struct member *member = &source->members.items[k];

			if (begins(member, BYTES("pages-")) || begins(member, BYTES("ipcns-shm-")))
				add(&limits.bytes, member->size);
			else if (begins(member, BYTES("pagemap-")) || begins(member, BYTES("mm-")) ||
				 begins(member, BYTES("vmas-")))
				add(&limits.lookups, member->size);
		}
	}
	if (max_size)
		limits.bytes = max_size;
	else if (!size_mul(limits.bytes, (uint64_t)MOST_COPIES, &limits.bytes))
		limits.bytes = UINT64_MAX;
	return limits;
}

struct core_segments core_segments_of(const struct address_space *space, bool is_wide,
				      const struct core_limits *limits)
{
	*space->lookups = 0;
	return (struct core_segments){ .space = space, .is_wide = is_wide, .limits = *limits };
}

/* As for the kernel: of an anonymous mapping that has no page yet there is nothing to write. */
static bool is_untouched(const struct vma *vma)
{
	return (vma->status & VMA_ANON_PRIVATE) &&
	       vma->pages_present + vma->pages_parent + vma->pages_lazy == 0;
}

static enum treatment lacks(uint64_t *sum, uint64_t len)
{
	*sum += len;
	return LEFT_OUT;
}

static enum treatment treat(struct core_segments *segments, const struct span *span)
{
	struct core_lack *lack = &segments->lack;

	if (!segments->is_wide && span_end(span) > (uint64_t)1 << 32)
		return lacks(&lack->behind, span->len);
	switch (span->state) {
	case SPAN_PRESENT:
		if (span->len > segments->limits.bytes - segments->bytes)
			return lacks(&lack->copies, span->len);
		segments->bytes += span->len;
		return WITH_BYTES;
	case SPAN_ZERO:
		return span->len >= VAST_HOLE ||
				       is_untouched(span_vma(segments->space->checkpoint, span->vma))
			       ? HEADER_ALONE
			       : WITH_BYTES;
	case SPAN_FILE:
	case SPAN_KERNEL:
		return HEADER_ALONE;
	case SPAN_LAZY:
		return lacks(&lack->lazy, span->len);
	case SPAN_MISSING:
		return lacks(&lack->missing, span->len);
	default:
		return LEFT_OUT;
	}
}

/* The mapping that comes next, from its start; false behind the last one. */
static bool enter_mapping(struct core_segments *segments, uint64_t *ret_end)
{
	const struct address_space *space = segments->space;

	for (; segments->i < space->n; segments->i++, segments->at = 0) {
		const struct mapped_range *range = &space->ranges[segments->i];
		const struct vma *vma = span_vma(space->checkpoint, range->vma);

		*ret_end = range->end;
		segments->at = segments->at > range->start ? segments->at : range->start;
		if (segments->at < range->end)
			return true;
		segments->lack.overlaps += vma && range->end < vma->end;
	}
	return false;
}

static bool are_enough(const struct core_segments *segments)
{
	return *segments->space->lookups >= segments->limits.lookups;
}

/* Spans that are treated alike, in one mapping. */
static enum treatment take_run(struct core_segments *segments, uint64_t end, struct core_segment *ret)
{
	enum treatment first = LEFT_OUT;

	*ret = (struct core_segment){ .start = segments->at,
				      .vma = segments->space->ranges[segments->i].vma };
	while (segments->at < end) {
		struct core_segments before = *segments;
		struct span span = address_space_span(segments->space, segments->at,
						      end - segments->at);
		enum treatment treatment = treat(segments, &span);

		if (segments->at == ret->start) {
			first = treatment;
		} else if (treatment != first) {
			*segments = before;
			break;
		}
		segments->at = span_end(&span);
		if (are_enough(segments))
			break;
	}
	ret->end = segments->at;
	ret->has_bytes = first == WITH_BYTES;
	return first;
}

bool core_segments_next(struct core_segments *segments, struct core_segment *ret)
{
	uint64_t end;

	while (enter_mapping(segments, &end)) {
		if (are_enough(segments)) {
			segments->lack.too_many_lookups = true;
			return false;
		}
		if (take_run(segments, end, ret) != LEFT_OUT)
			return true;
	}
	return false;
}
