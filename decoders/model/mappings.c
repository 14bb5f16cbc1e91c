/* Address spaces: mm images, their mappings, and the files behind them. */
#include <sys/mman.h>

#include "decoders/base/size.h"
#include "decoders/model/load.h"
#include "decoders/model/vma.h"
#include "fdinfo.pb-c.h"
#include "memory.pb-c.h"

/* The first bit that is set decides: a memfd mapping is shared memory too, a heap anonymous. */
static const struct {
	uint32_t bit;
	const char *kind;
} kinds[] = {
	{ VMA_GUARD, "guard" },	      { VMA_MEMFD, "memfd" },	  { VMA_SYSVIPC, "sysv" },
	{ VMA_VSYSCALL, "vsyscall" }, { VMA_VDSO, "vdso" },	  { VMA_VVAR, "vvar" },
	{ VMA_AIORING, "aio" },	      { VMA_SOCKET, "packet" },	  { VMA_SHADOW_STACK, "shstk" },
	{ VMA_UPROBES, "uprobes" },   { VMA_HEAP, "heap" },	  { VMA_STACK, "stack" },
	{ VMA_FILE_PRIVATE, "file" }, { VMA_FILE_SHARED, "file" }, { VMA_ANON_SHARED, "shmem" },
	{ VMA_ANON_PRIVATE, "anon" },
};

const char *vma_kind(uint32_t status)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (status & kinds[i].bit)
			return kinds[i].kind;
	return "anon";
}

static uint32_t file_row(const struct checkpoint *checkpoint, uint32_t status, uint64_t shmid)
{
	uint32_t type = status & VMA_MEMFD    ? FD_TYPES__MEMFD
			: status & VMA_SOCKET ? FD_TYPES__PACKETSK
					      : FD_TYPES__REG;
	uint32_t row;

	if (!vma_has_file(status) || shmid > UINT32_MAX)
		return NO_ROW;
	row = map_get(&checkpoint->file_by_key, map_pair(type, (uint32_t)shmid));
	return row != NO_ROW ? row : map_get(&checkpoint->file_by_id, shmid);
}

/* Shared memory that CRIU keeps as a memfd is told by the name of its file. */
static const char *kind_of(const struct checkpoint *checkpoint, uint32_t status, uint32_t row)
{
	const struct file *file = checkpoint_file(checkpoint, row);

	if (file && (status & VMA_MEMFD) && bytes_equal(file->path, BYTES("/dev/zero")))
		return "shmem";
	if (file && (status & VMA_MEMFD) && bytes_start_with(file->path, BYTES("/SYSV")))
		return "sysv";
	return vma_kind(status);
}

static void take_vma(struct checkpoint *checkpoint, struct process *process, const VmaEntry *from,
		     struct origin origin)
{
	struct vma *vma = vec_push(&checkpoint->arena, &checkpoint->vmas);
	uint32_t file = file_row(checkpoint, from->status, from->shmid);

	*vma = (struct vma){
		.origin = origin,
		.pid = process->pid,
		.start = from->start, .end = from->end,
		.prot = { from->prot & PROT_READ ? 'r' : '-', from->prot & PROT_WRITE ? 'w' : '-',
			  from->prot & PROT_EXEC ? 'x' : '-', from->flags & MAP_SHARED ? 's' : 'p' },
		.flags = from->flags, .status = from->status,
		.kind = kind_of(checkpoint, from->status, file),
		.file = file,
		.shmid = from->shmid,
		.pgoff = from->pgoff,
		.madvise = from->madv,
	};
	process->n_vmas++;
}

/* Today's CRIU does not mark the stack: it is where the kernel put the first frame. */
static void find_stack(struct checkpoint *checkpoint, const struct process *process)
{
	for (uint32_t i = 0; i < process->n_vmas; i++) {
		struct vma *vma = &checkpoint->vmas.items[process->first_vma + i];

		if (vma->start <= process->start_stack && process->start_stack < vma->end &&
		    (vma->status & VMA_ANON_PRIVATE))
			vma->kind = "stack";
	}
}

static void take_mm(struct checkpoint *checkpoint, struct process *process, const MmEntry *mm,
		    struct origin origin)
{
	process->has_mm = true;
	process->exe_file_id = mm->exe_file_id;
	process->arg_start = mm->mm_arg_start;
	process->arg_end = mm->mm_arg_end;
	process->env_start = mm->mm_env_start;
	process->env_end = mm->mm_env_end;
	process->start_stack = mm->mm_start_stack;
	for (size_t i = 0; i < mm->n_vmas; i++)
		take_vma(checkpoint, process, mm->vmas[i], origin);
}

/* Old dumps have them in an image of their own. */
static void load_vmas(struct checkpoint *checkpoint, struct process *process)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "VMAS", &reader, "vmas-%u.img", process->pid))
		return;
	while (image_next(&reader, &entry))
		take_vma(checkpoint, process, (const VmaEntry *)entry.message,
			 load_origin(&reader, &entry));
	load_close(checkpoint, &reader);
}

void load_mappings(struct checkpoint *checkpoint)
{
	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		struct process *process = &checkpoint->processes.items[i];
		struct image_reader reader;
		struct image_entry entry;

		process->first_vma = (uint32_t)checkpoint->vmas.n;
		if (!load_open_named(checkpoint, "MM", &reader, "mm-%u.img", process->pid))
			continue;
		if (image_next(&reader, &entry))
			take_mm(checkpoint, process, (const MmEntry *)entry.message,
				load_origin(&reader, &entry));
		load_close(checkpoint, &reader);
		if (process->n_vmas == 0)
			load_vmas(checkpoint, process);
		find_stack(checkpoint, process);
	}
}
