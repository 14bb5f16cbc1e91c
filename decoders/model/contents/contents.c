#include "decoders/model/contents/contents.h"

#include <stdlib.h>

#include "decoders/base/size.h"
#include "decoders/model/vma.h"

enum { WINDOW = 256 << 10 };

const struct content_kind content_kinds[] = {
	{ "ghost", "files that were deleted and still in use", contents_of_ghosts },
	{ "memfd", "memory files", contents_of_memfds },
	{ "shmem", "shared anonymous memory", contents_of_shmem },
	{ "sysv", "System V segments", contents_of_sysv },
	{ "message", "System V messages that wait, each by itself", contents_of_messages },
	{ "pipe", "what waits in pipes", contents_of_pipes },
	{ "fifo", "what waits in named pipes", contents_of_fifos },
	{ "packet", "packets that wait in unix and netlink sockets, each by itself", contents_of_packets },
	{ "tcp", "queues of TCP connections: in, out, and the part of out that was never sent", contents_of_tcp },
	{ "rootfs", "files of the root file system's difference, volumes, tmpfs, /dev/shm", contents_of_rootfs },
};
const size_t n_content_kinds = ARRAY_SIZE(content_kinds);

/* --- owners ----------------------------------------------------------------------------------------- */

static void add(struct checkpoint *checkpoint, struct owners *owners, struct content_owner owner)
{
	*(struct content_owner *)vec_push_raw(&checkpoint->arena, (void **)&owners->items, &owners->n,
					      &owners->cap, sizeof(owner)) = owner;
}

static int compare_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_owners(const void *a, const void *b)
{
	const struct content_owner *left = a, *right = b;
	int order = compare_u64(left->key, right->key);

	if (!order)
		order = (left->fd == ABSENT_U32) - (right->fd == ABSENT_U32);
	if (!order)
		order = compare_u64(map_pair(left->pid, left->fd), map_pair(right->pid, right->fd));
	return order ? order : compare_u64(left->address, right->address);
}

static void sort(struct owners *owners)
{
	if (owners->n)
		qsort(owners->items, owners->n, sizeof(*owners->items), compare_owners);
}

static uint64_t key_of(const struct checkpoint *checkpoint, uint32_t row, file_key *key)
{
	const struct file *file = checkpoint_file(checkpoint, row);

	return file ? key(file) : ABSENT_U64;
}

void owners_by_file(struct checkpoint *checkpoint, file_key *key, struct owners *ret)
{
	struct owners owners = { 0 };

	checkpoint_need(checkpoint, PART_FDS | PART_MAPPINGS);
	for (size_t i = 0; i < checkpoint->fds.n; i++) {
		const struct fd *fd = &checkpoint->fds.items[i];
		uint64_t of = key_of(checkpoint, fd->file, key);

		if (of != ABSENT_U64)
			add(checkpoint, &owners, (struct content_owner){ of, fd->pid, fd->fd, ABSENT_U64, fd->file });
	}
	for (size_t i = 0; i < checkpoint->vmas.n; i++) {
		const struct vma *vma = &checkpoint->vmas.items[i];
		uint64_t of = key_of(checkpoint, vma->file, key);

		if (of != ABSENT_U64)
			add(checkpoint, &owners,
			    (struct content_owner){ of, vma->pid, ABSENT_U32, vma->start, vma->file });
	}
	sort(&owners);
	*ret = owners;
}

void owners_by_shmid(struct checkpoint *checkpoint, struct owners *ret)
{
	struct owners owners = { 0 };

	checkpoint_need(checkpoint, PART_MAPPINGS);
	for (size_t i = 0; i < checkpoint->vmas.n; i++) {
		const struct vma *vma = &checkpoint->vmas.items[i];

		if (vma->status & (VMA_ANON_SHARED | VMA_SYSVIPC) && !(vma->status & VMA_MEMFD))
			add(checkpoint, &owners,
			    (struct content_owner){ vma->shmid, vma->pid, ABSENT_U32, vma->start, NO_ROW });
	}
	sort(&owners);
	*ret = owners;
}

/* The first of them that has KEY or a larger one. */
static size_t first_owner(const struct owners *owners, uint64_t key)
{
	size_t low = 0, high = owners->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (owners->items[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void owners_of(const struct checkpoint *checkpoint, const struct owners *owners, uint64_t key,
	       struct content *content)
{
	size_t first = first_owner(owners, key), end = first;
	const struct file *file;

	while (end < owners->n && owners->items[end].key == key)
		end++;
	content->owners = owners->items + first;
	content->n_owners = end - first;
	file = end > first ? checkpoint_file(checkpoint, owners->items[first].file) : NULL;
	if (file && !content->path.data)
		content->path = file->path;
}

/* --- copying ------------------------------------------------------------------------------------------ */

uint64_t contents_copy(struct checkpoint *checkpoint, const struct content_sink *sink, uint64_t start,
		       struct source *source, const struct member *member, uint64_t offset, uint64_t len,
		       bool *stopped)
{
	static uint8_t window[WINDOW];
	uint64_t readable = member_readable(source, member);
	uint64_t there = readable > offset ? readable - offset : 0, done;

	if (source->is_streamed || there > len)
		there = len; /* of a streamed one ranges are kept */
	for (done = 0; done < there && !*stopped;) {
		size_t part = there - done < WINDOW ? (size_t)(there - done) : WINDOW;
		uint64_t hole = source_hole(&source->last, source, member, offset + done, there - done);
		struct content_place place = { source->path, member->name, offset + done };
		struct error *error;

		if (hole) {
			done += hole;
			continue;
		}
		error = source_read(source, member, offset + done, window, part);
		if (error) {
			problems_add(&checkpoint->problems, error);
			break;
		}
		*stopped = !sink->take(sink->context, start + done, (struct bytes){ window, part }, &place);
		done += part;
	}
	return *stopped ? 0 : len - done;
}

void contents_give(const struct content_sink *sink, const struct content *content,
		   const struct image_reader *reader, struct bytes data)
{
	struct content with_place = *content;

	with_place.from = (struct content_place){ reader->source, reader->name,
						  (uint64_t)(data.data - reader->image.data) };
	if (!sink->begin(sink->context, &with_place))
		return;
	if (data.len)
		sink->take(sink->context, 0, data, &with_place.from);
	sink->end(sink->context, 0, NULL);
}
