/*
 * What gdb and readelf make of cores: registers of all threads, the auxiliary vector, the mapped files, memory at
 * addresses that the workloads know. gdb-multiarch for all machines, gdb for this one's; without either, or
 * without readelf, there is nothing to compare and that is said.
 */
#include "tests/interop/corpus.h"
#include "tests/support/handmade_core.h"

static size_t n_registers, n_markers, n_readelf;

/* --- the debugger ------------------------------------------------------------------------------------- */

static bool has_program(const char *name)
{
	char *command;
	int status;

	if (asprintf(&command, "command -v %s >/dev/null 2>&1", name) < 0)
		abort();
	status = system(command); // NOLINT(cert-env33-c): the words are ours
	free(command);
	return status == 0;
}

static const char *debugger(void)
{
	return has_program("gdb-multiarch") ? "gdb-multiarch" : has_program("gdb") ? "gdb" : NULL;
}

/* What a command prints, errors and all; *ret_status is its exit status. */
static const char *output_of(const char *command, int *ret_status)
{
	FILE *pipe = popen(command, "r"); // NOLINT(cert-env33-c): the words are ours
	static char *text;
	static size_t cap;
	size_t len = 0, n;

	assert_non_null(pipe);
	do {
		text = realloc(text, cap = len + (64 << 10) + 1);
		n = fread(text + len, 1, cap - len - 1, pipe);
		len += n;
	} while (n);
	text[len] = '\0';
	*ret_status = pclose(pipe);
	return text;
}

/* What gdb says of CORE when told COMMANDS, one a line; one that fails ends none of the others. */
static const char *ask(const char *core, const char *commands)
{
	char *lines = make_text("%s", commands), *rest = lines;
	const char *words = "";
	int status;

	for (char *line; (line = strsep(&rest, "\n")) != NULL && *line;)
		words = make_text("%s -ex '%s'", words, line);
	return output_of(make_text("%s -nx -batch -iex 'set auto-load off' -iex 'set debuginfod enabled off' "
				   "-iex 'set sysroot /nonexistent' %s -c '%s' 2>&1",
				   debugger(), words, core), &status);
}

/* Has gdb print VALUE on a line "NAME 0x...". */
static const char *question(const char *name, const char *value)
{
	return make_text("echo \\n%s\\040\noutput/x %s\necho \\n\n", name, value);
}

/* The answer to a question. */
static bool answer(const char *text, const char *name, uint64_t *ret)
{
	const char *line = make_text("\n%s 0x", name), *found = strstr(text, line);

	if (found)
		*ret = strtoull(found + strlen(line), NULL, 16);
	return found != NULL;
}

/* --- registers ------------------------------------------------------------------------------------------- */

/* gdb's name of a register, and where the reference decoder has it; "regs[3]" is an element. */
struct named {
	const char *machine; /* mtype */
	const char *gdb, *path;
};

static const struct named named[] = {
	{ "X86_64", "rax", "thread_info.gpregs.ax" }, { "X86_64", "rbx", "thread_info.gpregs.bx" },
	{ "X86_64", "rcx", "thread_info.gpregs.cx" }, { "X86_64", "rdx", "thread_info.gpregs.dx" },
	{ "X86_64", "rsi", "thread_info.gpregs.si" }, { "X86_64", "rdi", "thread_info.gpregs.di" },
	{ "X86_64", "rbp", "thread_info.gpregs.bp" }, { "X86_64", "rsp", "thread_info.gpregs.sp" },
	{ "X86_64", "r8", "thread_info.gpregs.r8" }, { "X86_64", "r9", "thread_info.gpregs.r9" },
	{ "X86_64", "r10", "thread_info.gpregs.r10" }, { "X86_64", "r11", "thread_info.gpregs.r11" },
	{ "X86_64", "r12", "thread_info.gpregs.r12" }, { "X86_64", "r13", "thread_info.gpregs.r13" },
	{ "X86_64", "r14", "thread_info.gpregs.r14" }, { "X86_64", "r15", "thread_info.gpregs.r15" },
	{ "X86_64", "rip", "thread_info.gpregs.ip" }, { "X86_64", "eflags", "thread_info.gpregs.flags" },
	{ "X86_64", "cs", "thread_info.gpregs.cs" }, { "X86_64", "ss", "thread_info.gpregs.ss" },
	{ "X86_64", "fs_base", "thread_info.gpregs.fs_base" },
	{ "X86_64", "orig_rax", "thread_info.gpregs.orig_ax" },
	{ "X86_64", "mxcsr", "thread_info.fpregs.mxcsr" }, { "X86_64", "fctrl", "thread_info.fpregs.cwd" },
	{ "X86_64", "xmm1.v4_int32[0]", "thread_info.fpregs.xmm_space[4]" },
	{ "X86_64", "xmm4.v4_int32[3]", "thread_info.fpregs.xmm_space[19]" },
	{ "X86_64", "ymm2.v8_int32[5]", "thread_info.fpregs.xsave.ymmh_space[9]" },
	{ "X86_64", "pkru", "thread_info.fpregs.xsave.pkru[0]" },

	{ "AARCH64", "x0", "ti_aarch64.gpregs.regs[0]" }, { "AARCH64", "x1", "ti_aarch64.gpregs.regs[1]" },
	{ "AARCH64", "x8", "ti_aarch64.gpregs.regs[8]" }, { "AARCH64", "x19", "ti_aarch64.gpregs.regs[19]" },
	{ "AARCH64", "x29", "ti_aarch64.gpregs.regs[29]" }, { "AARCH64", "x30", "ti_aarch64.gpregs.regs[30]" },
	{ "AARCH64", "sp", "ti_aarch64.gpregs.sp" }, { "AARCH64", "pc", "ti_aarch64.gpregs.pc" },
	{ "AARCH64", "cpsr", "ti_aarch64.gpregs.pstate" }, { "AARCH64", "fpsr", "ti_aarch64.fpsimd.fpsr" },
	{ "AARCH64", "v0.d.u[0]", "ti_aarch64.fpsimd.vregs[0]" },
	{ "AARCH64", "v1.d.u[1]", "ti_aarch64.fpsimd.vregs[3]" },
	{ "AARCH64", "tpidr", "ti_aarch64.tls" },

	{ "PPC64", "r0", "ti_ppc64.gpregs.gpr[0]" }, { "PPC64", "r1", "ti_ppc64.gpregs.gpr[1]" },
	{ "PPC64", "r13", "ti_ppc64.gpregs.gpr[13]" }, { "PPC64", "r31", "ti_ppc64.gpregs.gpr[31]" },
	{ "PPC64", "pc", "ti_ppc64.gpregs.nip" }, { "PPC64", "lr", "ti_ppc64.gpregs.link" },
	{ "PPC64", "ctr", "ti_ppc64.gpregs.ctr" }, { "PPC64", "cr", "ti_ppc64.gpregs.ccr" },
	{ "PPC64", "vrsave", "ti_ppc64.vrstate.vrsave" },
	{ "PPC64", "vs0.v4_int32[0]", "ti_ppc64.vsxstate.vsxregs[0]" },
	{ "PPC64", "vr0.v4_int32[0]", "ti_ppc64.vrstate.vrregs[0]" },
	{ "PPC64", "vr1.v4_int32[2]", "ti_ppc64.vrstate.vrregs[3]" },

	{ "S390", "r0", "ti_s390.gpregs.gprs[0]" }, { "S390", "r1", "ti_s390.gpregs.gprs[1]" },
	{ "S390", "r15", "ti_s390.gpregs.gprs[15]" }, { "S390", "pswm", "ti_s390.gpregs.psw_mask" },
	{ "S390", "pswa", "ti_s390.gpregs.psw_addr" }, { "S390", "acr0", "ti_s390.gpregs.acrs[0]" },
	{ "S390", "acr1", "ti_s390.gpregs.acrs[1]" }, { "S390", "orig_r2", "ti_s390.gpregs.orig_gpr2" },
	{ "S390", "v16.v2_int64[0]", "ti_s390.vxrs_high.regs[0]" },
	{ "S390", "v17.v2_int64[0]", "ti_s390.vxrs_high.regs[2]" },
};

static struct json_object *at_path(struct json_object *object, const char *path)
{
	char *words = make_text("%s", path), *rest = words;

	for (char *word; object && (word = strsep(&rest, ".")) != NULL;) {
		char *index = strchr(word, '[');

		if (index)
			*index++ = '\0';
		object = member(object, word);
		if (object && index)
			object = element(object, strtoul(index, NULL, 10));
	}
	return object;
}

static struct json_object *reference(const struct case_files *files, const char *name)
{
	const char *path = make_text("%s/%s.decode.json", reference_directory(files), name);

	return is_there(path) ? element(member(hold(json_file(path)), "entries"), 0) : NULL;
}

static const char *questions(struct json_object *thread, size_t number)
{
	const char *text = make_text("thread %zu\n", number);

	for (size_t i = 0; i < ARRAY_SIZE(named); i++)
		if (!strcmp(named[i].machine, text_of(thread, "mtype")) && at_path(thread, named[i].path))
			text = make_text("%s%s", text, question(make_text("%zu.%s", number, named[i].gdb),
								make_text("$%s", named[i].gdb)));
	return text;
}

static void compare_answers(const char *text, struct json_object *thread, size_t number)
{
	for (size_t i = 0; i < ARRAY_SIZE(named); i++) {
		struct json_object *value = at_path(thread, named[i].path);
		const char *name = make_text("%zu.%s", number, named[i].gdb);
		uint64_t found, mask = strstr(named[i].gdb, "int32") ? UINT32_MAX : UINT64_MAX;

		if (strcmp(named[i].machine, text_of(thread, "mtype")) != 0 || !value)
			continue;
		n_registers++;
		if (!answer(text, name, &found))
			differs("gdb does not print %s", name);
		else
			same_mask(name, json_object_get_uint64(value) & mask, found & mask);
	}
}

/* gdb has the threads in the order of the core, and that is the order of pstree. */
static void compare_process(const struct case_files *files, const char *core, struct json_object *process)
{
	const char *commands = "info threads\n", *text;
	struct json_object *tid, *thread;

	EACH(tid, member(process, "threads"))
	{
		thread = reference(files, make_text("core-%" PRId64 ".img", json_object_get_int64(tid)));
		commands = make_text("%s%s", commands, questions(thread, tid_at + 1));
	}
	text = make_text("%s", ask(core, make_text("%sinfo auxv\ninfo proc mappings\n", commands)));
	EACH(tid, member(process, "threads"))
	{
		look_at("%s tid %" PRId64, files->name, json_object_get_int64(tid));
		thread = reference(files, make_text("core-%" PRId64 ".img", json_object_get_int64(tid)));
		holds(strstr(text, make_text("LWP %" PRId64, json_object_get_int64(tid))) != NULL,
		      "gdb knows the thread");
		compare_answers(text, thread, tid_at + 1);
	}
	holds(strstr(text, "AT_PHDR") != NULL && strstr(text, "AT_NULL") != NULL, "info auxv");
	holds(strstr(text, "Mapped address spaces:") != NULL, "info proc mappings");
}

/* --- readelf --------------------------------------------------------------------------------------------------- */

static void readelf_takes_it(const char *core)
{
	const char *text;
	int status;

	if (!has_program("readelf"))
		return;
	text = output_of(make_text("LC_ALL=C readelf -h -l -n '%s' 2>&1", core), &status);
	same_number("status of readelf", 0, status);
	holds(!strstr(text, "readelf: ") && !strstr(text, "orrupt"), "readelf complains of nothing");
	holds(strstr(text, "NT_PRSTATUS") && strstr(text, "NT_AUXV") && strstr(text, "NT_FILE"),
	      "readelf knows the notes");
	n_readelf++;
}

/* --- cases -------------------------------------------------------------------------------------------------------- */

/* A start of gdb takes its time: without CORPUS the first task of a case, and those that have threads. */
static bool is_asked_for(struct json_object *process, bool is_first)
{
	return getenv("CORPUS") || is_first || length(member(process, "threads")) > 1;
}

/* Of those that are one machine's many, some are enough. */
static bool is_asked(const struct case_files *files)
{
	static const char *const some[] = { "tree-", "plain-", "fds-", "app-", "incr-chain" };

	for (size_t i = 0; i < ARRAY_SIZE(some); i++)
		if (!strncmp(files->name, some[i], strlen(some[i])))
			return true;
	return false;
}

static void markers_are_read(const char *directory)
{
	struct json_object *item;

	EACH(item, member(opened.truth, "mem"))
	{
		const char *core = make_text("%s/core.%" PRId64, directory, number_of(item, "pid"));
		const char *text = text_of(item, "text");

		if (!text || !is_there(core))
			continue;
		look_at("%s pid %" PRId64, opened.name, number_of(item, "pid"));
		n_markers++;
		holds(strstr(ask(core, make_text("x/s %s\n", text_of(item, "addr"))), text) != NULL,
		      "gdb reads the marker");
	}
}

static void gdb_agrees(const struct case_files *files)
{
	static unsigned n;
	const char *directory = scratch_path("gdb-%u", n++), *path;
	struct json_object *process;

	if (!debugger() || is_refused(files) || !files->checkpoint || !is_asked(files))
		return;
	same_number("status of core", 0, run("core", files->checkpoint, "-q", "-d", directory, NULL).status);
	path = make_text("%s/pstree.img.decode.json", reference_directory(files));
	if (!is_there(path))
		return;
	EACH(process, member(hold(json_file(path)), "entries"))
	{
		const char *core = make_text("%s/core.%" PRId64, directory, number_of(process, "pid"));
		struct json_object *leader = reference(files, make_text("core-%" PRId64 ".img",
									number_of(process, "pid")));

		look_at("%s pid %" PRId64, files->name, number_of(process, "pid"));
		if (!is_there(core) || !is_asked_for(process, process_at == 0) ||
		    (strcmp(debugger(), "gdb-multiarch") != 0 && strcmp(text_of(leader, "mtype"), "X86_64") != 0))
			continue;
		compare_process(files, core, process);
		readelf_takes_it(core);
	}
	markers_are_read(directory);
}

/* --- machines that no case is of ---------------------------------------------------------------------------------- */

static void gdb_knows_other_machines(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(handmade_machines); i++) {
		const struct handmade_machine *machine = &handmade_machines[i];
		const char *core = scratch_path("machine-%zu", i), *text;
		uint64_t pc, sp;

		look_at("%s", machine->name);
		run("core", write_machine("machine", machine), "-q", "-o", core, NULL);
		text = ask(core, make_text("show architecture\n%s%s", question("pc", "$pc"),
					   question("sp", "$sp")));
		if (strstr(text, "(currently \"i386\")") && machine->elf != EM_386) {
			printf("SKIPPED: gdb of %s: it does not know that machine\n", machine->name);
			continue;
		}
		holds(strstr(text, make_text("(currently \"%s", machine->name)) != NULL, "the architecture");
		if (!answer(text, "pc", &pc) || !answer(text, "sp", &sp)) {
			differs("gdb has no registers: %s", text);
			continue;
		}
		same_mask("pc", machine->pc, pc);
		same_mask("sp", machine->sp, sp);
	}
}

static void was_asked(void)
{
	if (!debugger()) {
		printf("SKIPPED: gdb: neither gdb-multiarch nor gdb is installed\n");
		skip();
	}
	if (strcmp(debugger(), "gdb-multiarch") == 0)
		gdb_knows_other_machines();
	else
		printf("SKIPPED: gdb of other machines: gdb-multiarch is not installed\n");
	if (!has_program("readelf"))
		printf("SKIPPED: readelf: it is not installed\n");
	enough_was_compared("registers in gdb", n_registers, 300);
	enough_was_compared("markers in gdb", n_markers, 2);
	printf("compared: %zu cores in readelf\n", n_readelf);
}

int main(void)
{
	static const struct subject subjects[] = { { "gdb", gdb_agrees, was_asked } };

	return run_over_cases("gdb", subjects, ARRAY_SIZE(subjects));
}
