#include "tui/screens/oddities.h"

#include "db/tables/reference.h"
#include "decoders/base/size.h"

static const struct file *exe_of(const struct checkpoint *checkpoint, const struct process *process)
{
	return referenced_file(checkpoint, process->exe_file_id);
}

static bool has_deleted_exe(const struct checkpoint *checkpoint, const struct process *process)
{
	const struct file *exe = exe_of(checkpoint, process);

	return exe && exe->deleted;
}

static bool has_memfd_exe(const struct checkpoint *checkpoint, const struct process *process)
{
	const struct file *exe = exe_of(checkpoint, process);

	return exe && !strcmp(exe->type, "memfd");
}

/* Whether any mapping is of the kind that IS says. */
static bool any_vma(const struct checkpoint *checkpoint, const struct process *process,
		    bool (*is)(const struct vma *vma))
{
	for (uint32_t i = 0; i < process->n_vmas; i++)
		if (is(&checkpoint->vmas.items[process->first_vma + i]))
			return true;
	return false;
}

static bool is_anonymous_code(const struct vma *vma)
{
	static const char *const kinds[] = { "anon", "heap", "stack", "shmem", "memfd" };

	for (size_t i = 0; vma->prot[2] == 'x' && i < ARRAY_SIZE(kinds); i++)
		if (vma->kind && !strcmp(vma->kind, kinds[i]))
			return true;
	return false;
}

static bool is_writable_code(const struct vma *vma)
{
	return vma->prot[1] == 'w' && vma->prot[2] == 'x';
}

static bool has_anonymous_code(const struct checkpoint *checkpoint, const struct process *process)
{
	return any_vma(checkpoint, process, is_anonymous_code);
}

static bool has_writable_code(const struct checkpoint *checkpoint, const struct process *process)
{
	return any_vma(checkpoint, process, is_writable_code);
}

/* One page is CRIU's own doing: it puts a system call there, and what was there back. */
static bool has_changed_code(const struct checkpoint *checkpoint, const struct process *process)
{
	uint64_t pages = 0;

	for (uint32_t i = 0; i < process->n_vmas; i++) {
		const struct vma *vma = &checkpoint->vmas.items[process->first_vma + i];

		if (vma->dirty_text && vma->prot[2] == 'x')
			pages += vma->pages_present;
	}
	return pages > 1;
}

static bool has_preload(const struct checkpoint *checkpoint, const struct process *process)
{
	struct bytes rest = process->environ.bytes, item;

	(void)checkpoint;
	while (strings_next(&rest, &item))
		if (bytes_start_with(item, BYTES("LD_PRELOAD=")))
			return true;
	return false;
}

static bool has_capabilities(const struct checkpoint *checkpoint, const struct process *process)
{
	(void)checkpoint;
	return process->has_credentials && process->credentials.euid != 0 &&
	       process->credentials.cap_effective;
}

static bool is_stopped(const struct checkpoint *checkpoint, const struct process *process)
{
	(void)checkpoint;
	return process->state && !strcmp(process->state, "stopped");
}

static bool is_zombie(const struct checkpoint *checkpoint, const struct process *process)
{
	(void)checkpoint;
	return process->state && !strcmp(process->state, "zombie");
}

const struct oddity oddities[] = {
	{ 'd', "its executable is deleted", has_deleted_exe },
	{ 'm', "its executable is a memfd", has_memfd_exe },
	{ 'x', "memory that no file is behind can be executed", has_anonymous_code },
	{ 'w', "memory that can be written and executed", has_writable_code },
	{ 't', "pages of its code were changed, other than by CRIU itself", has_changed_code },
	{ 'p', "LD_PRELOAD is set", has_preload },
	{ 'c', "no root, and has capabilities", has_capabilities },
	{ 'T', "stopped", is_stopped },
	{ 'Z', "a zombie", is_zombie },
};
const size_t n_oddities = ARRAY_SIZE(oddities);
