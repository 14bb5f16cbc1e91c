/* Mappings: /proc/PID/smaps, a block of lines each; or maps, its first lines alone. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "decoders/base/size.h"
#include "decoders/live/files.h"
#include "decoders/live/proc.h"
#include "decoders/model/load.h"
#include "decoders/model/vma.h"

struct mapping {
	uint64_t start, end, pgoff;
	char prot[4];
	uint64_t device, inode;
	struct bytes path; /* "" where there is none */
};

struct maps {
	struct live *live;
	struct map files;    /* hash of device, inode and path to row of file */
	struct map flags;    /* hash of VmFlags to row of .texts: few are different */
	VEC(struct bytes) texts;
	uint64_t page_size;
};

/* --- one line ------------------------------------------------------------------------------------------------ */

static bool take_char(struct bytes *text, uint8_t c)
{
	if (text->len == 0 || text->data[0] != c)
		return false;
	*text = bytes_from(*text, 1);
	return true;
}

/* "7f00-7f10 rw-p 00000000 08:01 42     /path"; a path may hold anything but a line feed. */
static bool parse_mapping(struct bytes line, struct mapping *ret)
{
	uint64_t high, low;

	if (!proc_take_number(&line, 16, &ret->start) || !take_char(&line, '-') ||
	    !proc_take_number(&line, 16, &ret->end) || !take_char(&line, ' ') || line.len < 5 ||
	    ret->end <= ret->start)
		return false;
	memcpy(ret->prot, line.data, 4);
	line = bytes_from(line, 4);
	if (!proc_take_number(&line, 16, &ret->pgoff) || !proc_take_number(&line, 16, &high) ||
	    !take_char(&line, ':') || !proc_take_number(&line, 16, &low) ||
	    !proc_take_number(&line, 10, &ret->inode))
		return false;
	ret->device = high << 32 | (low & UINT32_MAX);
	while (take_char(&line, ' '))
		;
	ret->path = line;
	return true;
}

/* --- kinds ----------------------------------------------------------------------------------------------------- */

/* Names that the kernel gives to what is no file of anybody's. */
static const struct {
	const char *name;
	bool is_prefix;
	uint32_t status;
} kinds[] = {
	{ "[heap]", false, VMA_HEAP | VMA_ANON_PRIVATE },
	{ "[stack]", false, VMA_STACK | VMA_ANON_PRIVATE },
	{ "[vdso]", false, VMA_VDSO | VMA_ANON_PRIVATE },
	{ "[vvar", true, VMA_VVAR | VMA_ANON_PRIVATE },
	{ "[vsyscall]", false, VMA_VSYSCALL },
	{ "[uprobes]", false, VMA_UPROBES },
	{ "[anon:", true, VMA_ANON_PRIVATE },
	{ "[anon_shmem:", true, VMA_ANON_SHARED },
	{ "/dev/zero (deleted)", false, VMA_ANON_SHARED },
	{ "/SYSV", true, VMA_ANON_SHARED | VMA_SYSVIPC },
	{ "/memfd:", true, VMA_MEMFD },
	{ "/[aio]", true, VMA_AIORING | VMA_ANON_SHARED },
	{ "socket:[", true, VMA_SOCKET },
};

static uint32_t status_of(const struct mapping *mapping)
{
	bool is_shared = mapping->prot[3] == 's';

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct bytes name = bytes_of(kinds[i].name);

		if (kinds[i].is_prefix ? bytes_start_with(mapping->path, name) : bytes_equal(mapping->path, name))
			return VMA_REGULAR | kinds[i].status;
	}
	if (mapping->path.len == 0)
		return VMA_REGULAR | (is_shared ? VMA_ANON_SHARED : VMA_ANON_PRIVATE);
	return VMA_REGULAR | (is_shared ? VMA_FILE_SHARED : VMA_FILE_PRIVATE);
}

/* What the two letters in VmFlags say that mmap(2) or CRIU has a bit for. */
static const struct {
	char letters[3];
	uint32_t flags, status;
} vm_flags[] = {
	{ "gd", MAP_GROWSDOWN, 0 },  { "lo", MAP_LOCKED, 0 },	     { "nr", MAP_NORESERVE, 0 },
	{ "ht", MAP_HUGETLB, 0 },    { "ss", 0, VMA_SHADOW_STACK }, { "dp", 0x08 /* MAP_DROPPABLE */, 0 },
};

static bool has_flag(struct bytes text, const char *letters)
{
	for (size_t i = 0; i + 1 < text.len; i += 3)
		if (text.data[i] == (uint8_t)letters[0] && text.data[i + 1] == (uint8_t)letters[1])
			return true;
	return false;
}

/* --- rows ------------------------------------------------------------------------------------------------------ */

static uint64_t mix(uint64_t hash, struct bytes bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		hash = (hash ^ bytes.data[i]) * 1099511628211u;
	return hash;
}

/* One text for all mappings that have the same. */
static struct bytes intern(struct maps *maps, struct bytes text)
{
	struct arena *arena = &maps->live->checkpoint->arena;
	uint64_t hash = map_key(text);
	uint32_t row = map_get(&maps->flags, hash);

	if (row != MAP_NONE && bytes_equal(maps->texts.items[row], text))
		return maps->texts.items[row];
	text = arena_copy(arena, text);
	map_put(arena, &maps->flags, hash, (uint32_t)maps->texts.n);
	*vec_push(arena, &maps->texts) = text;
	return text;
}

/* The file that is mapped: asked about through map_files, where that may be. */
static uint32_t file_of(struct maps *maps, uint32_t pid, const struct mapping *mapping, struct origin origin)
{
	struct live *live = maps->live;
	struct checkpoint *checkpoint = live->checkpoint;
	uint64_t hash = mix(mapping->device * 31 + mapping->inode, mapping->path);
	uint32_t row = map_get(&maps->files, hash);
	char stat_path[96];

	if (row != MAP_NONE)
		return row;
	snprintf(stat_path, sizeof(stat_path), "%u/map_files/%llx-%llx", pid, (unsigned long long)mapping->start,
		 (unsigned long long)mapping->end);
	row = file_add(live, &(struct found){
		.link = arena_copy(&checkpoint->arena, mapping->path), .stat_path = stat_path,
		.pid = pid, .fd = ABSENT_U32, .origin = origin,
		.flags = ABSENT_U32, .pos = ABSENT_U64, .mnt_id = -1,
	});
	map_put(&checkpoint->arena, &maps->files, hash, row);
	return row;
}

static void add_vma(struct maps *maps, struct process *process, const struct mapping *mapping, struct origin origin)
{
	struct checkpoint *checkpoint = maps->live->checkpoint;
	uint32_t status = status_of(mapping);
	uint32_t file = vma_has_file(status) ? file_of(maps, process->pid, mapping, origin) : NO_ROW;
	struct vma *vma = vec_push(&checkpoint->arena, &checkpoint->vmas);
	bool is_shared = mapping->prot[3] == 's';

	*vma = (struct vma){
		.origin = origin,
		.pid = process->pid,
		.start = mapping->start, .end = mapping->end,
		.prot = { mapping->prot[0], mapping->prot[1], mapping->prot[2], is_shared ? 's' : 'p' },
		.flags = is_shared ? MAP_SHARED : MAP_PRIVATE,
		.status = status,
		.kind = vma_kind(status),
		.file = file,
		.shmid = mapping->inode,
		.pgoff = mapping->pgoff,
	};
	if (!vma_has_file(status))
		vma->flags |= MAP_ANONYMOUS;
	process->n_vmas++;
}

static void take_flags(struct maps *maps, struct bytes text, struct vma *vma)
{
	for (size_t i = 0; i < ARRAY_SIZE(vm_flags); i++)
		if (has_flag(text, vm_flags[i].letters)) {
			vma->flags |= vm_flags[i].flags;
			vma->status |= vm_flags[i].status;
		}
	if (vma->status & VMA_SHADOW_STACK)
		vma->kind = vma_kind(vma->status);
	vma->vm_flags = intern(maps, text);
}

/* What a dump would hold of it: pages of its own; of shared memory all that are there. */
static void take_detail(struct maps *maps, struct bytes line, struct vma *vma)
{
	bool is_shared_memory = vma->status & (VMA_ANON_SHARED | VMA_MEMFD);
	struct bytes text;
	uint64_t kib;

	if (proc_field(line, "VmFlags:", &text))
		take_flags(maps, text, vma);
	else if (proc_field(line, is_shared_memory ? "Rss:" : "Anonymous:", &text) || proc_field(line, "Swap:", &text))
		if (proc_take_number(&text, 10, &kib))
			vma->pages_present += kib * 1024 / maps->page_size;
}

/* Lines of a mapping that could not be taken are passed over until the next mapping begins. */
static void read_maps(struct maps *maps, struct process *process, struct proc_file *file)
{
	struct checkpoint *checkpoint = maps->live->checkpoint;
	uint32_t n = 0;
	struct bytes line;

	while (proc_line(file, &line)) {
		struct mapping mapping;

		if (line.len && ((line.data[0] >= '0' && line.data[0] <= '9') ||
				 (line.data[0] >= 'a' && line.data[0] <= 'f'))) {
			if (!parse_mapping(line, &mapping))
				continue;
			if (checkpoint->vmas.n == MAX_LIVE_VMAS) {
				unseen_limit(maps->live, UNSEEN_MAPPINGS, "mappings", MAX_LIVE_VMAS);
				return;
			}
			add_vma(maps, process, &mapping, proc_origin(file->member, n++));
		} else if (n) {
			take_detail(maps, line, &checkpoint->vmas.items[checkpoint->vmas.n - 1]);
		}
	}
}

void live_load_mappings(struct checkpoint *checkpoint)
{
	struct live *live = live_of(checkpoint);
	struct maps maps = { .live = live, .page_size = (uint64_t)sysconf(_SC_PAGESIZE) };
	struct proc_file file;

	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		struct process *process = &checkpoint->processes.items[i];

		process->first_vma = (uint32_t)checkpoint->vmas.n;
		if (!strcmp(process->state, "zombie") ||
		    (!proc_open(live, UNSEEN_MAPPINGS, process->pid, "smaps", &file) &&
		     !proc_open(live, UNSEEN_MAPPINGS, process->pid, "maps", &file)))
			continue;
		process->has_mm = true;
		read_maps(&maps, process, &file);
		proc_close(&file);
	}
}

void live_load_pages(struct checkpoint *checkpoint)
{
	uint64_t page_size = (uint64_t)sysconf(_SC_PAGESIZE);

	load_pagemaps(checkpoint);
	checkpoint->page_size = (uint32_t)page_size;
	for (size_t i = 0; i < checkpoint->processes.n; i++) {
		struct process *process = &checkpoint->processes.items[i];

		for (uint32_t k = 0; k < process->n_vmas; k++) {
			struct vma *vma = &checkpoint->vmas.items[process->first_vma + k];
			uint64_t pages = (vma->end - vma->start) / page_size;

			vma->pages_absent = pages - (vma->pages_present < pages ? vma->pages_present : pages);
			process->pages_present += vma->pages_present;
		}
		process->pages_zero = ABSENT_U64;
		if (!size_mul(process->pages_present, page_size, &process->bytes_present))
			process->bytes_present = ABSENT_U64;
	}
}
