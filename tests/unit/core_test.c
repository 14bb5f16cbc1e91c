/*
 * core: what hostile and vast address spaces come to, what is told, and cores of machines that no real checkpoint
 * at hand is of. That real ones are true is interop/core_test's.
 */
#include "tests/support/handmade_core.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "decoders/base/size.h"
#include "tests/support/elf_core.h"
#include "tests/support/interrupt.h"

enum { PAGE = 4096 };

static const struct handmade_machine *const x86 = &handmade_machines[6];

static struct outcome make_core(const char *checkpoint, const char *file)
{
	struct outcome outcome = run("core", checkpoint, "-o", file, NULL);

	assert_sane(outcome, "core");
	return outcome;
}

/* Parsed and found sound; the status must be STATUS. */
static struct elf_core core_of(const char *checkpoint, int status)
{
	static unsigned n;
	const char *file = scratch_path("core-%u", n++);
	struct outcome outcome = make_core(checkpoint, file);
	struct elf_core core;

	if (outcome.status != status)
		fail_msg("status %d: %s", outcome.status, (const char *)outcome.err.data);
	core = core_parse(read_file(file));
	assert_core_is_sound(&core);
	return core;
}

static void assert_told(struct outcome outcome, const char *what)
{
	if (!strstr((const char *)outcome.err.data, what))
		fail_msg("\"%s\" is not told: %s", what, (const char *)outcome.err.data);
}

/* --- machines -------------------------------------------------------------------------------------------- */

static void each_machine_has_its_own_form(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(handmade_machines); i++) {
		const struct handmade_machine *machine = &handmade_machines[i];
		struct elf_core core = core_of(write_machine("machine", machine), 4);
		struct bytes status = core_note(&core, "CORE", NT_PRSTATUS, 7);
		struct bytes info = core_note(&core, "CORE", NT_PRPSINFO, 7);
		struct bytes fp = core_note(&core, machine->fp_note == NT_FPREGSET ? "CORE" : "LINUX",
					    machine->fp_note, 7);

		assert_int_equal(machine->elf, core.machine);
		assert_int_equal(machine->is_wide, core.is_wide);
		assert_false(core.big_endian);
		assert_int_equal(machine->status_size, status.len);
		assert_int_equal(machine->pc, number_in(&core, status, machine->pc_at, core_word(&core)));
		assert_int_equal(machine->sp, number_in(&core, status, machine->sp_at, core_word(&core)));
		assert_int_equal(machine->fp_size, fp.len);
		assert_int_equal(machine->fp_last, number_in(&core, fp, machine->fp_at, 4));
		assert_int_equal(machine->is_wide ? 136 : 124, info.len);
		assert_string_equal("task", (const char *)info.data + (machine->is_wide ? 40 : 28));
		/* No memory was dumped. */
		assert_int_equal(1, core.n_headers);
	}
}

static void registers_of_one_machine_make_a_core(void **state)
{
	struct handmade_machine none = *x86;
	struct outcome outcome;

	(void)state;
	none.march = 77;
	outcome = make_core(write_machine("unknown", &none), scratch_path("unknown.core"));
	assert_int_equal(3, outcome.status);
	assert_told(outcome, "no core image of its threads has registers");
	assert_int_equal(-1, access(scratch_path("unknown.core"), F_OK));
}

/* --- tasks ------------------------------------------------------------------------------------------------ */

static void a_zombie_has_no_core(void **state)
{
	struct outcome outcome;
	struct out task;

	(void)state;
	write_machine("zombie", x86);
	out_init(&task, -1);
	put_task(&task, 6, BYTES("task"));
	write_registers("zombie", x86, 7, &task);
	out_deinit(&task);
	outcome = run("core", scratch_path("zombie"), "-p", "7", "-o", scratch_path("zombie.core"), NULL);
	assert_int_equal(3, outcome.status);
	assert_told(outcome, "process 7 is a zombie");
	assert_int_equal(-1, access(scratch_path("zombie.core"), F_OK));
	outcome = run("core", scratch_path("zombie"), "-d", scratch_path("zombies"), NULL);
	assert_int_equal(0, outcome.status);
	assert_told(outcome, "process 7 is a zombie");
	assert_int_equal(3, run("core", scratch_path("zombie"), "-p", "7", "-d", scratch_path("one-zombie"),
				NULL).status);
}

/* The name in the core is what the kernel had, byte for byte; on a terminal it is escaped. */
static void hostile_names_are_bytes_in_the_core(void **state)
{
	static const char hostile[] = "\x1b[2J\n\xff%s\t\\";
	struct outcome outcome;
	struct elf_core core;
	struct bytes info;
	struct out task;

	(void)state;
	write_machine("names", x86);
	out_init(&task, -1);
	put_task(&task, 1, bytes_of(hostile));
	write_registers("names", x86, 7, &task);
	out_deinit(&task);
	core = core_of(scratch_path("names"), 4);
	info = core_note(&core, "CORE", NT_PRPSINFO, 7);
	assert_memory_equal(info.data + 40, hostile, sizeof(hostile));
	outcome = run("core", scratch_path("names"), "-d", scratch_path("named"), NULL);
	assert_int_equal(4, outcome.status);
	assert_quiet(outcome.out, "names");
	assert_quiet(outcome.err, "names");
	assert_int_equal(0, access(scratch_path("named/core.7"), F_OK));
}

static void a_thread_each(void **state)
{
	struct elf_core core;
	struct out image, payload;

	(void)state;
	write_machine("threads", x86);
	out_init(&image, -1);
	out_init(&payload, -1);
	put_magic(&image, MAGIC_PSTREE);
	for (uint64_t field = 1; field <= 4; field++)
		put_number(&payload, field, field == 2 ? 0 : 7);
	for (uint64_t tid = 7; tid <= 9; tid++)
		put_number(&payload, 5, tid);
	put_number(&payload, 5, 10); /* which has no image */
	put_entry(&image, &payload);
	write_image("threads", "pstree.img", &image);
	write_registers("threads", x86, 8, NULL);
	write_registers("threads", x86, 9, NULL);
	core = core_of(scratch_path("threads"), 4);
	for (uint32_t tid = 7; tid <= 9; tid++)
		assert_int_equal(336, core_note(&core, "CORE", NT_PRSTATUS, tid).len);
	assert_null(core_note(&core, "CORE", NT_PRSTATUS, 10).data);
	out_deinit(&image);
	out_deinit(&payload);
}

/* A siginfo in a queue of the thread, field 9 of its message; BLOCKED is field 6. */
static void write_pending(const char *name, uint32_t number, uint64_t blocked)
{
	uint8_t siginfo[128] = { (uint8_t)number };
	struct out core, thread, queue, inner;

	out_init(&core, -1);
	out_init(&thread, -1);
	out_init(&queue, -1);
	out_init(&inner, -1);
	siginfo[16] = 0x42;
	put_bytes(&inner, 1, (struct bytes){ siginfo, sizeof(siginfo) });
	put_message(&queue, 1, &inner);
	put_number(&thread, 1, 0);
	put_number(&thread, 2, 0);
	put_number(&thread, 6, blocked);
	put_message(&thread, 9, &queue);
	put_task(&core, 1, BYTES("task"));
	put_message(&core, 5, &thread);
	write_machine(name, x86);
	write_registers(name, x86, 7, &core);
	out_deinit(&core);
	out_deinit(&thread);
	out_deinit(&queue);
	out_deinit(&inner);
}

static void the_next_signal_is_the_current_one(void **state)
{
	struct elf_core core;
	struct bytes status, info;

	(void)state;
	write_pending("pending", SIGSEGV, 0);
	core = core_of(scratch_path("pending"), 4);
	status = core_note(&core, "CORE", NT_PRSTATUS, 7);
	info = core_note(&core, "CORE", NT_SIGINFO, 7);
	assert_int_equal(SIGSEGV, number_in(&core, status, 12, 2));
	assert_int_equal((uint64_t)1 << (SIGSEGV - 1), number_in(&core, status, 16, 8));
	assert_int_equal(128, info.len);
	assert_int_equal(0x42, info.data[16]);

	write_pending("blocked", SIGUSR1, (uint64_t)1 << (SIGUSR1 - 1));
	core = core_of(scratch_path("blocked"), 4);
	status = core_note(&core, "CORE", NT_PRSTATUS, 7);
	assert_int_equal(0, number_in(&core, status, 12, 2));
	assert_int_equal((uint64_t)1 << (SIGUSR1 - 1), number_in(&core, status, 16, 8));
	assert_int_equal((uint64_t)1 << (SIGUSR1 - 1), number_in(&core, status, 24, 8));
	assert_null(core_note(&core, "CORE", NT_SIGINFO, 7).data);
}

/* --- memory ------------------------------------------------------------------------------------------------- */

static struct out mm;

static void begin_memory(const char *name)
{
	write_machine(name, x86);
	out_init(&mm, -1);
	put_mm(&mm, 0, 0);
}

/* One run of N pages, at ADDRESS; they hold 1, 2, ... in each of their bytes. FLAGS: of the run. */
static const char *end_memory(const char *name, uint64_t address, size_t n, unsigned flags)
{
	uint8_t *pages = malloc(n * PAGE + 1);
	struct out image, payload;

	assert_non_null(pages);
	for (size_t i = 0; i < n; i++)
		memset(pages + i * PAGE, (int)(i + 1), PAGE);
	out_init(&image, -1);
	out_init(&payload, -1);
	write_mm(name, 7, &mm);
	put_magic(&image, MAGIC_PAGEMAP);
	put_number(&payload, 1, 1);
	put_entry(&image, &payload);
	put_number(&payload, 1, address);
	put_number(&payload, 2, 0);
	put_number(&payload, 4, flags);
	put_number(&payload, 5, n);
	put_entry(&image, &payload);
	write_image(name, "pagemap-7.img", &image);
	write_file(scratch_path("%s/pages-1.img", name), pages, n * PAGE);
	free(pages);
	out_deinit(&image);
	out_deinit(&payload);
	out_deinit(&mm);
	return scratch_path("%s", name);
}

static void assert_byte(const struct elf_core *core, uint64_t address, uint8_t value)
{
	struct bytes found = core_memory(core, address, 1);

	assert_non_null(found.data);
	assert_int_equal(value, found.data[0]);
}

static void zeroes_are_holes(void **state)
{
	struct elf_core core;
	struct stat st;

	(void)state;
	begin_memory("holes");
	put_vma(&mm, 0x10000, 0x10000 + ((uint64_t)64 << 20));
	put_vma(&mm, 0x10000000, 0x20000000); /* never touched: there is nothing of it */
	core = core_of(end_memory("holes", 0x20000, 2, 4), 0);
	assert_int_equal(3, core.n_headers);
	assert_byte(&core, 0x1ffff, 0);
	assert_byte(&core, 0x20000, 1);
	assert_byte(&core, 0x21fff, 2);
	assert_byte(&core, 0x22000, 0);
	assert_byte(&core, 0x10000 + (64 << 20) - 1, 0);
	assert_int_equal(0, core_segment_at(&core, 2).file_size);
	assert_true(core.file.len < (64 << 20) + 16 * PAGE);
	assert_int_equal(0, run("core", scratch_path("holes"), "-q", "-o", scratch_path("holes.core"), NULL)
				    .status);
	assert_int_equal(0, stat(scratch_path("holes.core"), &st));
	assert_int_equal(core.file.len, st.st_size);
	assert_int_equal(S_IFREG | 0600, st.st_mode);
	assert_true(st.st_blocks < 128); /* of 512 bytes */
}

/* The core of the checkpoint "streams", by way of a shell: BEFORE, then the program, TO, then FILE. */
static struct bytes shell(const char *before, const char *to, const char *file)
{
	char *command;

	if (asprintf(&command, "%s'%s' core -q '%s' %s'%s'", before, getenv("COLDCASE"),
		     scratch_path("streams"), to, file) < 0)
		abort();
	assert_int_equal(0, system(command)); // NOLINT(cert-env33-c): the words are ours
	free(command);
	return read_file(file);
}

static void a_pipe_gets_the_same_bytes(void **state)
{
	struct bytes file, piped, appended, behind;

	(void)state;
	begin_memory("streams");
	put_vma(&mm, 0x10000, 0x10000 + (1 << 20));
	end_memory("streams", 0x20000, 2, 4);
	file = shell("", ">", scratch_path("s1"));
	piped = shell("", "| cat >", scratch_path("s2"));
	appended = shell("", ">>", scratch_path("s3"));
	behind = shell("(echo; ", ") >", scratch_path("s4"));
	assert_true(file.len > 1 << 20);
	assert_true(bytes_equal(file, piped));
	assert_true(bytes_equal(file, appended));
	assert_true(bytes_equal(file, bytes_from(behind, 1)));
}

/* Of those that begin in another one the later one counts, and that is told. */
static void mappings_that_overlap_are_told(void **state)
{
	struct elf_core core;

	(void)state;
	begin_memory("overlap");
	put_vma(&mm, 0x10000, 0x30000);
	put_vma(&mm, 0x20000, 0x40000);
	put_vma(&mm, 0x20000, 0x40000);
	put_vma(&mm, 0x50000, 0x40000);
	core = core_of(end_memory("overlap", 0x1f000, 2, 4), 4);
	assert_byte(&core, 0x1f000, 1);
	assert_byte(&core, 0x20000, 2);
	assert_told(make_core(scratch_path("overlap"), scratch_path("overlap.core")),
		    "2 mappings overlap the next one");
}

static void lost_pages_are_left_out_and_told(void **state)
{
	static const struct {
		unsigned flags;
		const char *told;
	} lost[] = { { 1, "8192 bytes of memory are not in its core: they are in no checkpoint" },
		     { 2, "8192 bytes of memory are not in its core: they were left to a page server" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lost); i++) {
		struct elf_segment segment;
		struct elf_core core;

		begin_memory("lost");
		put_vma(&mm, 0x10000, 0x30000);
		core = core_of(end_memory("lost", 0x20000, 2, lost[i].flags), 4);
		assert_byte(&core, 0x1ffff, 0);
		assert_false(core_find(&core, 0x20000, &segment));
		assert_false(core_find(&core, 0x21fff, &segment));
		assert_byte(&core, 0x22000, 0);
		assert_told(make_core(scratch_path("lost"), scratch_path("lost.core")), lost[i].told);
	}
}

/* As far as addresses go: it is no reason to write that much, or to wrap around. */
static void vast_mappings_cost_nothing(void **state)
{
	struct elf_core core;

	(void)state;
	begin_memory("vast");
	put_vma(&mm, 0, 0x10000);
	put_vma(&mm, 0x20000, (uint64_t)1 << 62);
	put_vma(&mm, (uint64_t)1 << 62, UINT64_MAX);
	put_vma(&mm, UINT64_MAX - 4095, 4096);
	core = core_of(end_memory("vast", (uint64_t)1 << 46, 1, 4), 0);
	assert_byte(&core, (uint64_t)1 << 46, 1);
	assert_true(core.file.len < 64 * PAGE);
}

/* More program headers than the file header can count. */
static void many_mappings_are_counted_elsewhere(void **state)
{
	enum { MANY = 70000 };
	double before;
	struct elf_core core;

	(void)state;
	begin_memory("many");
	for (uint64_t i = 0; i < MANY; i++)
		put_vma(&mm, 0x10000 + 2 * i * PAGE, 0x10000 + (2 * i + 1) * PAGE);
	end_memory("many", 0x10000 + (uint64_t)2 * (MANY - 1) * PAGE, 1, 4);
	before = seconds();
	core = core_of(scratch_path("many"), 0);
	assert_true(seconds() - before < 10);
	assert_int_equal(MANY + 1, core.n_headers);
	assert_byte(&core, 0x10000 + (uint64_t)2 * (MANY - 1) * PAGE, 1);
}

/* A page of shared memory, mapped over and over. */
static const char *map_often(const char *name, uint64_t n)
{
	struct out vma, image, payload;

	begin_memory(name);
	out_init(&vma, -1);
	out_init(&image, -1);
	out_init(&payload, -1);
	for (uint64_t i = 0; i < n; i++) {
		const uint64_t fields[] = { (i + 1) * 2 * PAGE, ((i + 1) * 2 + 1) * PAGE, 0, 55, 3, 0x21, 0x101, 1 };

		for (size_t k = 0; k < ARRAY_SIZE(fields); k++)
			put_number(&vma, k + 1, fields[k]);
		put_message(&mm, 14, &vma);
	}
	end_memory(name, 0, 1, 4);
	write_pagemap(name, 7, 1, 0, 1);
	put_magic(&image, MAGIC_PAGEMAP);
	put_number(&payload, 1, 1);
	put_entry(&image, &payload);
	put_number(&payload, 1, 0);
	put_number(&payload, 2, 0);
	put_number(&payload, 4, 4);
	put_number(&payload, 5, 1);
	put_entry(&image, &payload);
	write_image(name, "pagemap-shmem-55.img", &image);
	out_deinit(&vma);
	out_deinit(&image);
	out_deinit(&payload);
	return scratch_path("%s", name);
}

static void evidence_cannot_multiply_itself(void **state)
{
	const char *checkpoint = map_often("often", 100), *file = scratch_path("often.core");
	struct outcome outcome = make_core(checkpoint, file);
	struct elf_core core = core_parse(read_file(file));

	(void)state;
	assert_int_equal(4, outcome.status);
	assert_told(outcome, "147456 bytes of memory are not in its core"); /* 36 of 100 pages */
	assert_core_is_sound(&core);
	assert_byte(&core, 64 * 2 * PAGE, 1);
	assert_null(core_memory(&core, 65 * 2 * PAGE, 1).data);
	assert_int_equal(0, run("core", checkpoint, "-o", file, "--max-size", "1M", NULL).status);
	core = core_parse(read_file(file));
	assert_byte(&core, 100 * 2 * PAGE, 1);
}

/* Whatever is missing of an image, what comes of the rest is a core, and the loss is told. */
static void cut_images_make_sound_cores(void **state)
{
	static const char *const names[] = { "core-7.img", "mm-7.img", "pagemap-7.img", "pages-1.img",
					     "pstree.img" };
	enum { CUTS = 11 }; /* none of them between two entries: that leaves a whole image */

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		for (size_t cut = 0; cut < CUTS; cut++) {
			const char *file = scratch_path("cut-%zu-%zu.core", i, cut);
			struct bytes whole;
			struct elf_core core;

			begin_memory("cut");
			put_vma(&mm, 0x10000, 0x30000);
			end_memory("cut", 0x20000, 2, 4);
			whole = read_file(scratch_path("cut/%s", names[i]));
			write_file(scratch_path("cut/%s", names[i]), whole.data, whole.len * cut / CUTS);
			if (make_core(scratch_path("cut"), file).status < 3)
				fail_msg("%s cut to %zu of %d: nothing is told", names[i], cut, CUTS);
			if (access(file, F_OK) < 0)
				continue;
			core = core_parse(read_file(file));
			assert_core_is_sound(&core);
			assert_int_equal(336, core_note(&core, "CORE", NT_PRSTATUS, 7).len);
		}
}

static void unaligned_mappings_keep_their_places(void **state)
{
	struct elf_core core;

	(void)state;
	begin_memory("odd");
	put_vma(&mm, 0x10001, 0x10003);
	put_vma(&mm, 0x1fff3, 0x22001);
	core = core_of(end_memory("odd", 0x20000, 2, 4), 0);
	assert_byte(&core, 0x20000, 1);
	assert_byte(&core, 0x21fff, 2);
	assert_byte(&core, 0x22000, 0);
}

/* --- words ----------------------------------------------------------------------------------------------------- */

static void one_process_to_a_file_or_each_to_a_directory(void **state)
{
	const char *checkpoint = write_machine("words", x86);
	struct out image;

	(void)state;
	out_init(&image, -1);
	put_magic(&image, MAGIC_PSTREE);
	put_pstree(&image, 7, 0);
	put_pstree(&image, 8, 7);
	write_image("words", "pstree.img", &image);
	write_registers("words", x86, 8, NULL);
	out_deinit(&image);
	assert_int_equal(2, run("core", checkpoint, "-o", scratch_path("words.core"), NULL).status);
	assert_int_equal(2, run("core", checkpoint, "-o", scratch_path("words.core"), "-p", "9", NULL).status);
	assert_int_equal(2, run("core", checkpoint, "-o", scratch_path("words.core"), "-d",
				scratch_path("words.d"), NULL).status);
	assert_int_equal(-1, access(scratch_path("words.core"), F_OK));
	assert_int_equal(4, run("core", checkpoint, "-o", scratch_path("words.core"), "-p", "8", NULL).status);
	assert_int_equal(0, access(scratch_path("words.core"), F_OK));
	assert_int_equal(4, run("core", checkpoint, "-d", scratch_path("words.d"), NULL).status);
	assert_int_equal(0, access(scratch_path("words.d/core.7"), F_OK));
	assert_int_equal(0, access(scratch_path("words.d/core.8"), F_OK));
	assert_int_equal(2, run("core", checkpoint, "-d", scratch_path("words.d"), NULL).status);
}

/* Two hundred megabytes take a while to write: what is there of them then is no core. */
static void an_interrupted_core_is_removed(void **state)
{
	enum { SIZE = 200 << 20 };
	static const uint64_t base = 0x10000000;
	const char *checkpoint = write_machine("long", x86), *directory = scratch_path("long.d");
	uint8_t *pages = malloc(SIZE);
	bool ended = false;

	(void)state;
	assert_non_null(pages);
	memset(pages, 'x', SIZE);
	write_file(scratch_path("long/pages-1.img"), pages, SIZE);
	free(pages);
	out_init(&mm, -1);
	put_mm(&mm, base, base);
	put_vma(&mm, base, base + SIZE);
	write_mm("long", 7, &mm);
	out_deinit(&mm);
	write_pagemap("long", 7, 1, base, SIZE / PAGE);
	for (int tries = 0; tries < 20 && !ended; tries++) {
		unlink(scratch_path("long.d/core.7"));
		ended = interrupt(scratch_path("long.d/core.7"), "core", checkpoint, "-d", directory);
	}
	assert_true(ended);
	assert_int_equal(-1, access(scratch_path("long.d/core.7"), F_OK));
}

static void a_full_disk_is_told_and_nothing_else(void **state)
{
	struct outcome outcome = run("core", write_machine("full", x86), "-o", "/dev/full", NULL);

	(void)state;
	assert_int_equal(outcome.status, 5);
	assert_told(outcome, "No space left on device");
	assert_null(strstr((const char *)outcome.err.data, "gdb"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_machine_has_its_own_form),
		cmocka_unit_test(registers_of_one_machine_make_a_core),
		cmocka_unit_test(a_zombie_has_no_core),
		cmocka_unit_test(hostile_names_are_bytes_in_the_core),
		cmocka_unit_test(a_thread_each),
		cmocka_unit_test(the_next_signal_is_the_current_one),
		cmocka_unit_test(zeroes_are_holes),
		cmocka_unit_test(a_pipe_gets_the_same_bytes),
		cmocka_unit_test(mappings_that_overlap_are_told),
		cmocka_unit_test(lost_pages_are_left_out_and_told),
		cmocka_unit_test(vast_mappings_cost_nothing),
		cmocka_unit_test(many_mappings_are_counted_elsewhere),
		cmocka_unit_test(evidence_cannot_multiply_itself),
		cmocka_unit_test(cut_images_make_sound_cores),
		cmocka_unit_test(unaligned_mappings_keep_their_places),
		cmocka_unit_test(one_process_to_a_file_or_each_to_a_directory),
		cmocka_unit_test(an_interrupted_core_is_removed),
		cmocka_unit_test(a_full_disk_is_told_and_nothing_else),
	};

	return run_all(tests);
}
