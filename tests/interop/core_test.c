/*
 * ELF cores of real checkpoints, read by a reader of our own (elf_core.h), against what the reference decoder
 * says of registers, mappings and auxiliary vectors, what /proc says of processes, and what the workloads say
 * they wrote.
 */
#include "tests/interop/corpus.h"
#include "tests/interop/incremental.h"
#include "tests/support/elf_core.h"

static size_t n_cores, n_registers, n_mappings, n_markers, n_incremental;

/* --- the cores of a case ------------------------------------------------------------------------------ */

static const char *parent_of(const struct case_files *files)
{
	const char *parent = first_match(files->directory, "pre.tar");

	return parent ? parent : first_match(files->directory, "ps");
}

/* Whether its memory is whole. */
static bool is_whole(const struct case_files *files)
{
	return !strstr(files->name, "broken-parent") && !strstr(files->name, "lazy-pages") &&
	       !strstr(files->name, "-trailing");
}

/* A directory with a core of each process; NULL where the case has no checkpoint. */
static const char *make_cores(const struct case_files *files, const char *checkpoint)
{
	static unsigned n;
	const char *directory = scratch_path("cores-%u", n++), *parent = parent_of(files);
	struct outcome outcome = parent ? run("core", checkpoint, "-q", "-d", directory, "--parent", parent,
					      NULL)
					: run("core", checkpoint, "-q", "-d", directory, NULL);

	look_at("%s", files->name);
	same_number("status of core", is_whole(files) ? 0 : 4, outcome.status);
	return directory;
}

static const char *made_for, *made;

/* Those of the current case, made once. */
static const char *cores_of(const struct case_files *files)
{
	if (is_refused(files) || !files->checkpoint)
		return NULL;
	if (!made_for || strcmp(made_for, files->name) != 0) {
		made = make_cores(files, files->checkpoint);
		made_for = files->name;
	}
	return made;
}

static bool open_core(const char *directory, int64_t pid, struct elf_core *ret)
{
	const char *path = make_text("%s/core.%" PRId64, directory, pid);

	if (!is_there(path))
		return false;
	*ret = core_parse(read_file(path));
	return true;
}

/* The message in an image as the reference decoder has it; NULL where there is none. */
static struct json_object *reference(const struct case_files *files, const char *name)
{
	const char *path = make_text("%s/%s.decode.json", reference_directory(files), name);

	return is_there(path) ? element(member(hold(json_file(path)), "entries"), 0) : NULL;
}

/* --- registers ------------------------------------------------------------------------------------------ */

/*
 * Where a debugger looks for a register: note, offset in it, bytes of each; N of them, or one. The offsets are
 * those of gdb's and glibc's headers for each machine (sys/ucontext.h, sys/user.h, sys/procfs.h).
 */
struct register_place {
	uint16_t machine;
	uint32_t note;
	size_t at, size;
	const char *path; /* in the core message: thread_info.gpregs.ax */
	size_t n;
};

enum { STATUS_HEAD = 112 }; /* of elf_prstatus, with 64-bit words: before the registers */
#define X86(i, name) { EM_X86_64, NT_PRSTATUS, STATUS_HEAD + 8 * (i), 8, "thread_info.gpregs." name, 0 }
#define X86_FP(at, size, name, n) { EM_X86_64, NT_FPREGSET, at, size, "thread_info.fpregs." name, n }
#define X86_XSAVE(at, size, name, n) \
	{ EM_X86_64, NT_X86_XSTATE, at, size, "thread_info.fpregs.xsave." name, n }

static const struct register_place places[] = {
	X86(0, "r15"), X86(1, "r14"), X86(2, "r13"), X86(3, "r12"), X86(4, "bp"), X86(5, "bx"),
	X86(6, "r11"), X86(7, "r10"), X86(8, "r9"), X86(9, "r8"), X86(10, "ax"), X86(11, "cx"),
	X86(12, "dx"), X86(13, "si"), X86(14, "di"), X86(15, "orig_ax"), X86(16, "ip"), X86(17, "cs"),
	X86(18, "flags"), X86(19, "sp"), X86(20, "ss"), X86(21, "fs_base"), X86(22, "gs_base"),
	X86(23, "ds"), X86(24, "es"), X86(25, "fs"), X86(26, "gs"),
	X86_FP(0, 2, "cwd", 0), X86_FP(2, 2, "swd", 0), X86_FP(4, 2, "twd", 0), X86_FP(24, 4, "mxcsr", 0),
	X86_FP(28, 4, "mxcsr_mask", 0), X86_FP(32, 4, "st_space", 32), X86_FP(160, 4, "xmm_space", 64),
	X86_XSAVE(512, 8, "xstate_bv", 0), X86_XSAVE(576, 4, "ymmh_space", 64),
	X86_XSAVE(1088, 8, "opmask_reg", 8), X86_XSAVE(1152, 8, "zmm_upper", 64),
	X86_XSAVE(1664, 8, "hi16_zmm", 128), X86_XSAVE(2688, 4, "pkru", 2),

	{ EM_AARCH64, NT_PRSTATUS, STATUS_HEAD, 8, "ti_aarch64.gpregs.regs", 31 },
	{ EM_AARCH64, NT_PRSTATUS, STATUS_HEAD + 8 * 31, 8, "ti_aarch64.gpregs.sp", 0 },
	{ EM_AARCH64, NT_PRSTATUS, STATUS_HEAD + 8 * 32, 8, "ti_aarch64.gpregs.pc", 0 },
	{ EM_AARCH64, NT_PRSTATUS, STATUS_HEAD + 8 * 33, 8, "ti_aarch64.gpregs.pstate", 0 },
	{ EM_AARCH64, NT_FPREGSET, 0, 8, "ti_aarch64.fpsimd.vregs", 64 },
	{ EM_AARCH64, NT_FPREGSET, 512, 4, "ti_aarch64.fpsimd.fpsr", 0 },
	{ EM_AARCH64, NT_FPREGSET, 516, 4, "ti_aarch64.fpsimd.fpcr", 0 },
	{ EM_AARCH64, NT_ARM_TLS, 0, 8, "ti_aarch64.tls", 0 },

	{ EM_PPC64, NT_PRSTATUS, STATUS_HEAD, 8, "ti_ppc64.gpregs.gpr", 32 },
	{ EM_PPC64, NT_PRSTATUS, STATUS_HEAD + 8 * 32, 8, "ti_ppc64.gpregs.nip", 0 },
	{ EM_PPC64, NT_PRSTATUS, STATUS_HEAD + 8 * 33, 8, "ti_ppc64.gpregs.msr", 0 },
	{ EM_PPC64, NT_PRSTATUS, STATUS_HEAD + 8 * 34, 8, "ti_ppc64.gpregs.orig_gpr3", 0 },
	{ EM_PPC64, NT_PRSTATUS, STATUS_HEAD + 8 * 35, 8, "ti_ppc64.gpregs.ctr", 0 },
	{ EM_PPC64, NT_PRSTATUS, STATUS_HEAD + 8 * 36, 8, "ti_ppc64.gpregs.link", 0 },
	{ EM_PPC64, NT_PRSTATUS, STATUS_HEAD + 8 * 37, 8, "ti_ppc64.gpregs.xer", 0 },
	{ EM_PPC64, NT_PRSTATUS, STATUS_HEAD + 8 * 38, 8, "ti_ppc64.gpregs.ccr", 0 },
	{ EM_PPC64, NT_FPREGSET, 0, 8, "ti_ppc64.fpstate.fpregs", 33 },
	{ EM_PPC64, NT_PPC_VMX, 0, 8, "ti_ppc64.vrstate.vrregs", 66 },
	{ EM_PPC64, NT_PPC_VMX, 528, 4, "ti_ppc64.vrstate.vrsave", 0 },
	{ EM_PPC64, NT_PPC_VSX, 0, 8, "ti_ppc64.vsxstate.vsxregs", 32 },

	{ EM_S390, NT_PRSTATUS, STATUS_HEAD, 8, "ti_s390.gpregs.psw_mask", 0 },
	{ EM_S390, NT_PRSTATUS, STATUS_HEAD + 8, 8, "ti_s390.gpregs.psw_addr", 0 },
	{ EM_S390, NT_PRSTATUS, STATUS_HEAD + 16, 8, "ti_s390.gpregs.gprs", 16 },
	{ EM_S390, NT_PRSTATUS, STATUS_HEAD + 144, 4, "ti_s390.gpregs.acrs", 16 },
	{ EM_S390, NT_PRSTATUS, STATUS_HEAD + 208, 8, "ti_s390.gpregs.orig_gpr2", 0 },
	{ EM_S390, NT_S390_SYSTEM_CALL, 0, 4, "ti_s390.gpregs.system_call", 0 },
	{ EM_S390, NT_FPREGSET, 0, 4, "ti_s390.fpregs.fpc", 0 },
	{ EM_S390, NT_FPREGSET, 8, 8, "ti_s390.fpregs.fprs", 16 },
	{ EM_S390, NT_S390_VXRS_LOW, 0, 8, "ti_s390.vxrs_low.regs", 16 },
	{ EM_S390, NT_S390_VXRS_HIGH, 0, 8, "ti_s390.vxrs_high.regs", 32 },
};

/* Of each machine: bytes of NT_PRSTATUS, and the byte order. */
static const struct {
	const char *name;
	uint16_t machine;
	size_t status_size;
	bool big_endian;
} known_machines[] = {
	{ "X86_64", EM_X86_64, 336, false },
	{ "AARCH64", EM_AARCH64, 392, false },
	{ "PPC64", EM_PPC64, 504, false },
	{ "S390", EM_S390, 336, true },
};

static struct json_object *at_path(struct json_object *object, const char *path)
{
	char *words = make_text("%s", path), *rest = words;

	for (char *word; object && (word = strsep(&rest, ".")) != NULL;)
		object = member(object, word);
	return object;
}

static const char *owner_of(uint32_t note)
{
	return note == NT_PRSTATUS || note == NT_FPREGSET ? "CORE" : "LINUX";
}

static void compare_place(const struct elf_core *core, uint32_t tid, const struct register_place *where,
			  struct json_object *value)
{
	struct bytes note = core_note(core, owner_of(where->note), where->note, tid);
	uint64_t mask = where->size == 8 ? UINT64_MAX : ((uint64_t)1 << 8 * where->size) - 1;

	if (!note.data) {
		differs("%s: there is no note 0x%x", where->path, where->note);
		return;
	}
	for (size_t i = 0; i < (where->n ? length(value) : 1); i++) {
		struct json_object *one = where->n ? element(value, i) : value;

		same_mask(where->path, json_object_get_uint64(one) & mask,
			  number_in(core, note, where->at + i * where->size, where->size));
		n_registers++;
	}
}

static void compare_thread(const struct elf_core *core, uint32_t tid, struct json_object *wanted)
{
	struct bytes status = core_note(core, "CORE", NT_PRSTATUS, tid);
	const char *machine = text_of(wanted, "mtype");

	for (size_t i = 0; i < ARRAY_SIZE(known_machines); i++) {
		if (strcmp(known_machines[i].name, machine) != 0)
			continue;
		same_number("machine", known_machines[i].machine, core->machine);
		same_number("size of NT_PRSTATUS", (int64_t)known_machines[i].status_size,
			    (int64_t)status.len);
		same_number("byte order", known_machines[i].big_endian, core->big_endian);
		same_number("class", true, core->is_wide);
	}
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		struct json_object *value = at_path(wanted, places[i].path);

		if (places[i].machine == core->machine && value)
			compare_place(core, tid, &places[i], value);
	}
	same_mask("blocked signals", json_object_get_uint64(at_path(wanted, "thread_core.blk_sigset")),
		  member(member(wanted, "thread_core"), "blk_sigset")
			  ? number_in(core, status, 16 + core_word(core), core_word(core))
			  : 0);
}

/* Every thread of every process that is no zombie, as the reference decoder's pstree has them. */
static void registers_are_true(const struct case_files *files)
{
	const char *directory = cores_of(files), *path;
	struct json_object *process, *thread;

	if (!directory)
		return;
	path = make_text("%s/pstree.img.decode.json", reference_directory(files));
	if (!is_there(path))
		return;
	EACH(process, member(hold(json_file(path)), "entries"))
	{
		struct json_object *leader = reference(files, make_text("core-%" PRId64 ".img",
									number_of(process, "pid")));
		struct elf_core core;

		look_at("%s pid %" PRId64, files->name, number_of(process, "pid"));
		if (!at_path(leader, "thread_core")) /* of zombies */
			continue;
		if (!open_core(directory, number_of(process, "pid"), &core)) {
			differs("there is no core");
			continue;
		}
		assert_core_is_sound(&core);
		n_cores++;
		EACH(thread, member(process, "threads"))
		{
			int64_t tid = json_object_get_int64(thread);

			look_at("%s tid %" PRId64, files->name, tid);
			compare_thread(&core, (uint32_t)tid,
				       reference(files, make_text("core-%" PRId64 ".img", tid)));
		}
	}
}

/* --- the process ------------------------------------------------------------------------------------------ */

static void compare_auxv(const struct elf_core *core, struct json_object *wanted)
{
	struct bytes auxv = core_note(core, "CORE", NT_AUXV, 0);
	size_t word = core_word(core);

	/* What CRIU keeps goes on with zeroes behind the end. */
	for (size_t i = 0; i * word < auxv.len; i++)
		same_mask("auxv", json_object_get_uint64(element(wanted, i)),
			  number_in(core, auxv, i * word, word));
	holds(auxv.len >= 2 * word && number_in(core, auxv, auxv.len - 2 * word, word) == 0,
	      "NT_AUXV ends with AT_NULL");
}

/* Where a file mapping says that it begins in the note; NULL where it does not. */
static const char *file_in_note(const struct elf_core *core, uint64_t start, uint64_t end, uint64_t offset)
{
	struct bytes note = core_note(core, "CORE", NT_FILE, 0);
	size_t word = core_word(core), n = note.data ? (size_t)number_in(core, note, 0, word) : 0;
	uint64_t page = n ? number_in(core, note, word, word) : 1;
	const char *name = n ? (const char *)note.data + (2 + 3 * n) * word : NULL;

	for (size_t i = 0; i < n; i++, name += strlen(name) + 1)
		if (number_in(core, note, (2 + 3 * i) * word, word) == start &&
		    number_in(core, note, (3 + 3 * i) * word, word) == end &&
		    number_in(core, note, (4 + 3 * i) * word, word) * page == offset)
			return name;
	return NULL;
}

/* Every mapping has its place in the core, with its protection; file mappings are in NT_FILE. */
static void compare_mapping(const struct elf_core *core, struct json_object *vma)
{
	enum { REGULAR_FILE = 1 << 6 | 1 << 7, GUARD = 1 << 16 };
	uint64_t start = json_object_get_uint64(member(vma, "start")), prot;
	uint64_t end = json_object_get_uint64(member(vma, "end"));
	uint64_t status = json_object_get_uint64(member(vma, "status"));
	struct elf_segment segment;

	if (status & GUARD)
		return;
	n_mappings++;
	prot = json_object_get_uint64(member(vma, "prot"));
	if (core_find(core, start, &segment)) {
		same_mask("protection", (prot & 1 ? PF_R : 0) | (prot & 2 ? PF_W : 0) | (prot & 4 ? PF_X : 0),
			  segment.flags);
		holds(segment.address == start && segment.address + segment.size <= end,
		      "it begins where the mapping does and ends in it");
	}
	if (status & REGULAR_FILE)
		holds(file_in_note(core, start, end, json_object_get_uint64(member(vma, "pgoff"))) != NULL,
		      "the mapping is in NT_FILE");
}

static void compare_process(const struct case_files *files, const struct elf_core *core, int64_t pid,
			    struct json_object *proc)
{
	struct json_object *mm = reference(files, make_text("mm-%" PRId64 ".img", pid)), *vma;
	struct bytes info = core_note(core, "CORE", NT_PRPSINFO, 0);

	look_at("%s pid %" PRId64, files->name, pid);
	same_number("size of NT_PRPSINFO", 136, (int64_t)info.len);
	same_number("pid in it", pid, (int64_t)number_in(core, info, 24, 4));
	if (proc) {
		char name[17] = "";

		memcpy(name, info.data + 40, 16);
		same_text("comm", text_of(proc, "comm"), name);
		same_number("nice", number_of(proc, "nice"), (int8_t)info.data[3]);
		same_number("stopped", !strcmp(text_of(proc, "state"), "T"), info.data[1] == 'T');
	}
	if (!mm)
		return;
	compare_auxv(core, member(mm, "mm_saved_auxv"));
	EACH(vma, member(mm, "vmas"))
	{
		look_at("%s pid %" PRId64 " 0x%" PRIx64, files->name, pid,
			json_object_get_uint64(member(vma, "start")));
		compare_mapping(core, vma);
	}
}

static void processes_are_true(const struct case_files *files)
{
	const char *directory = cores_of(files);
	struct json_object *row, *rows;

	if (!directory)
		return;
	rows = list_table("process", files);
	EACH(row, rows)
	{
		int64_t pid = cell_number(row, "pid");
		struct elf_core core;

		/* Pids of /proc are the host's. */
		if (open_core(directory, pid, &core))
			compare_process(files, &core, pid,
					cell(row, "pid_ns") ? find_row(member(files->proc, "tasks"), "pid",
								       pid, NULL, 0)
							    : NULL);
	}
}

/* --- memory ------------------------------------------------------------------------------------------------- */

static void assert_bytes_at(const char *directory, int64_t pid, uint64_t address, const void *bytes, size_t len)
{
	struct elf_core core;
	struct bytes found;

	look_at("%s pid %" PRId64 " 0x%" PRIx64, opened.name, pid, address);
	n_markers++;
	if (!open_core(directory, pid, &core)) {
		differs("there is no core");
		return;
	}
	found = core_memory(&core, address, len);
	holds(found.data && !memcmp(found.data, bytes, len), "the bytes are there");
}

static void markers_are_there(const char *directory, const char *key)
{
	struct json_object *item;

	EACH(item, member(opened.truth, key))
		if (text_of(item, "text") && !member(item, "encoding"))
			assert_bytes_at(directory, number_of(item, "pid"),
					strtoull(text_of(item, "addr"), NULL, 16), text_of(item, "text"),
					strlen(text_of(item, "text")));
}

static void memory_is_true(const struct case_files *files)
{
	const char *directory = cores_of(files);
	struct json_object *item, *pid;

	if (!directory || !is_whole(files))
		return;
	markers_are_there(directory, "mem");
	markers_are_there(directory, "secret");
	EACH(item, member(files->truth, "shared_anon"))
	{
		uint64_t address = strtoull(text_of(item, "addr"), NULL, 16);

		EACH(pid, member(item, "pids"))
		{
			if (!member(item, "pages"))
				continue;
			json_object_object_foreach(member(item, "pages"), page, text)
				assert_bytes_at(directory, json_object_get_int64(pid),
						address + strtoull(page, NULL, 10) * 4096,
						json_object_get_string(text),
						strlen(json_object_get_string(text)));
		}
	}
}

/* --- incremental memory --------------------------------------------------------------------------------------- */

static void compare_incremental(const struct case_files *files, const char *checkpoint, int64_t last)
{
	int64_t pid = number_of(element(member(files->truth, "layout"), 0), "pid");
	struct elf_core core;

	if (!open_core(make_cores(files, checkpoint), pid, &core)) {
		differs("there is no core");
		return;
	}
	replay_until(member(files->truth, "step"), last);
	for (size_t i = 0; i < n_pages; i++) {
		struct bytes found = core_memory(&core, pages[i].address, 4096);

		look_at("%s step %" PRId64 " 0x%" PRIx64, files->name, last, pages[i].address);
		if (!pages[i].is_there && !found.data) /* unmapped, or never touched */
			continue;
		holds(found.data != NULL, "the page is there");
		n_incremental++;
		for (uint64_t w = 0; found.data && w < 512; w++)
			if (number_in(&core, found, 8 * w, 8) != word_of(&pages[i], w)) {
				differs("word %" PRIu64, w);
				break;
			}
	}
}

static void incremental_memory_is_true(const struct case_files *files)
{
	each_incremental_dump(files, compare_incremental);
}

static void enough(void)
{
	enough_was_compared("cores", n_cores, 60);
	enough_was_compared("registers", n_registers, 10000);
	enough_was_compared("mappings", n_mappings, 1000);
	enough_was_compared("markers in cores", n_markers, 20);
	printf("compared: %zu pages of incremental dumps\n", n_incremental);
}

int main(void)
{
	static const struct subject subjects[] = {
		{ "registers", registers_are_true, enough },
		{ "processes", processes_are_true, NULL },
		{ "memory", memory_is_true, NULL },
		{ "incremental memory", incremental_memory_is_true, NULL },
	};

	return run_over_cases("core", subjects, ARRAY_SIZE(subjects));
}
