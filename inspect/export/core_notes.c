#include "inspect/export/core_notes.h"

#include <elf.h>

#include "decoders/base/cursor.h"
#include "decoders/base/size.h"
#include "decoders/model/leaves/cores.h"
#include "decoders/model/vma.h"
#include "memory.pb-c.h"

enum {
	SIGINFO_SIZE = 128,
	N_SIGNALS = 64,
	NO_PAGE_SIZE = 4096, /* where the checkpoint does not tell */
	AT_END = 0,	     /* AT_NULL */
};

/* --- one note ------------------------------------------------------------------------------------ */

static void pad(struct out *out)
{
	out_repeat(out, '\0', -out->len % 4);
}

static void begin_note(struct core_notes *notes, const char *owner, uint32_t type, size_t size)
{
	size_t len = strlen(owner) + 1;

	elf_put(&notes->out, &notes->form, 4, len);
	elf_put(&notes->out, &notes->form, 4, size);
	elf_put(&notes->out, &notes->form, 4, type);
	out_write(&notes->out, owner, len);
	pad(&notes->out);
}

static void put_note(struct core_notes *notes, const char *owner, uint32_t type, const void *bytes,
		     size_t size)
{
	begin_note(notes, owner, type, size);
	out_write(&notes->out, bytes, size);
	pad(&notes->out);
}

/* --- signals -------------------------------------------------------------------------------------- */

static uint32_t signal_of(const struct core_notes *notes, const SiginfoEntry *from)
{
	struct bytes bytes = { from->siginfo.data, from->siginfo.len };
	struct cursor cursor = cursor_over(bytes, notes->form.big_endian);
	uint32_t number;

	return cursor_u32(&cursor, &number) && number <= N_SIGNALS ? number : 0;
}

static uint64_t signal_bit(uint32_t number)
{
	return number ? (uint64_t)1 << (number - 1) : 0;
}

static uint64_t pending(const struct core_notes *notes, const SignalQueueEntry *queue)
{
	uint64_t set = 0;

	for (size_t i = 0; queue && i < queue->n_signals; i++)
		set |= signal_bit(signal_of(notes, queue->signals[i]));
	return set;
}

static const SiginfoEntry *first_taken(const struct core_notes *notes, const SignalQueueEntry *queue,
				       uint64_t blocked)
{
	for (size_t i = 0; queue && i < queue->n_signals; i++)
		if (signal_bit(signal_of(notes, queue->signals[i])) & ~blocked)
			return queue->signals[i];
	return NULL;
}

/* Those sent to the process are any thread's to take: the leader's. */
static const SiginfoEntry *next_signal(const struct core_notes *notes, const CoreEntry *core,
				       uint64_t blocked)
{
	const SiginfoEntry *next = NULL;

	if (core->thread_core)
		next = first_taken(notes, core->thread_core->signals_p, blocked);
	if (!next && core->tc)
		next = first_taken(notes, core->tc->signals_s, blocked);
	return next;
}

/* CRIU has the form of its own word size; that of 32-bit tasks would have to be made up. */
static void put_siginfo(struct core_notes *notes, const SiginfoEntry *from)
{
	uint8_t bytes[SIGINFO_SIZE] = { 0 };
	size_t len = from->siginfo.len < sizeof(bytes) ? from->siginfo.len : sizeof(bytes);

	if (notes->machine->is_compat)
		return;
	memcpy(bytes, from->siginfo.data, len);
	put_note(notes, "CORE", NT_SIGINFO, bytes, sizeof(bytes));
}

/* --- threads ----------------------------------------------------------------------------------------- */

/* elf_prstatus without its registers: a siginfo's first words, signals, ids, times. */
static size_t fill_status(const struct core_notes *notes, const struct process *process,
			  const struct thread *thread, const CoreEntry *core, uint32_t signal,
			  uint8_t *bytes)
{
	bool big_endian = notes->form.big_endian;
	size_t word = elf_word(&notes->form), ids = 16 + 2 * word;
	const uint32_t numbers[] = { thread->tid, process->ppid, process->pgid, process->sid };
	uint64_t queued = core->thread_core ? pending(notes, core->thread_core->signals_p) : 0;

	if (core->tc)
		queued |= pending(notes, core->tc->signals_s);
	memset(bytes, 0, ids + sizeof(numbers) + 8 * word);
	elf_set(bytes, 4, signal, big_endian);
	elf_set(bytes + 12, 2, signal, big_endian);
	elf_set(bytes + 16, word, queued, big_endian);
	elf_set(bytes + 16 + word, word, thread->blocked_signals, big_endian);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		elf_set(bytes + ids + 4 * i, 4, numbers[i] == ABSENT_U32 ? 0 : numbers[i], big_endian);
	return ids + sizeof(numbers) + 8 * word;
}

static void put_status(struct core_notes *notes, const struct process *process,
		       const struct thread *thread, const CoreEntry *core, uint32_t signal)
{
	const struct core_machine *machine = notes->machine;
	uint8_t bytes[2 * MOST_NOTE];
	size_t len = fill_status(notes, process, thread, core, signal, bytes);
	size_t word = elf_word(&notes->form);

	len += note_fill(&machine->registers, core, notes->form.big_endian, bytes + len);
	/* Whether there are floating-point registers: an int, and the struct ends on a word. */
	memset(bytes + len, 0, word);
	elf_set(bytes + len, 4, note_is_there(&machine->notes[0], core), notes->form.big_endian);
	put_note(notes, "CORE", NT_PRSTATUS, bytes, len + word);
}

static void put_registers(struct core_notes *notes, const CoreEntry *core)
{
	for (const struct note_form *form = notes->machine->notes; form->owner; form++) {
		uint8_t bytes[MOST_NOTE];

		if (note_is_there(form, core))
			put_note(notes, form->owner, form->type, bytes,
				 note_fill(form, core, notes->form.big_endian, bytes));
	}
}

/* --- the process ----------------------------------------------------------------------------------------- */

/* Arguments, a blank behind each. */
static void fill_arguments(const struct process *process, uint8_t *to, size_t size)
{
	struct bytes argv = bytes_first(process->argv.bytes, size - 1);

	for (size_t i = 0; i < argv.len; i++)
		to[i] = argv.data[i] ? argv.data[i] : ' ';
}

/* elf_prpsinfo. */
static void put_process(struct core_notes *notes, const struct process *process, int32_t nice,
			uint32_t task_flags)
{
	bool is_stopped = process->state && !strcmp(process->state, "stopped");
	bool big_endian = notes->form.big_endian;
	size_t word = elf_word(&notes->form), uid_size = word / 2, ids = 2 * word + 2 * uid_size;
	const uint32_t numbers[] = { process->pid, process->ppid, process->pgid, process->sid };
	uint8_t bytes[136] = { is_stopped ? 3 : 0, is_stopped ? 'T' : 'R', 0, (uint8_t)nice };
	struct bytes comm = bytes_first(process->comm, 15);

	elf_set(bytes + word, word, task_flags, big_endian);
	elf_set(bytes + 2 * word, uid_size, process->credentials.uid, big_endian);
	elf_set(bytes + 2 * word + uid_size, uid_size, process->credentials.gid, big_endian);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		elf_set(bytes + ids + 4 * i, 4, numbers[i], big_endian);
	if (comm.len)
		memcpy(bytes + ids + 16, comm.data, comm.len);
	fill_arguments(process, bytes + ids + 32, 80);
	put_note(notes, "CORE", NT_PRPSINFO, bytes, ids + 112);
}

static void put_auxv(struct core_notes *notes, const uint64_t *words, size_t n)
{
	size_t used = 0, word = elf_word(&notes->form);

	while (used + 1 < n && words[used] != AT_END)
		used += 2;
	begin_note(notes, "CORE", NT_AUXV, (used + 2) * word);
	for (size_t i = 0; i < used; i++)
		elf_put_word(&notes->out, &notes->form, words[i]);
	out_repeat(&notes->out, '\0', 2 * word);
	pad(&notes->out);
}

static void load_auxv(struct core_notes *notes, struct checkpoint *checkpoint, uint32_t pid)
{
	struct image_reader reader;
	struct image_entry entry;

	if (!load_open_named(checkpoint, "MM", &reader, "mm-%u.img", pid))
		return;
	if (image_next(&reader, &entry)) {
		const MmEntry *mm = (const MmEntry *)entry.message;

		put_auxv(notes, mm->mm_saved_auxv, mm->n_mm_saved_auxv);
	}
	load_close(checkpoint, &reader);
}

/* --- mapped files ------------------------------------------------------------------------------------------ */

/* The name as the kernel has it; a NUL would end it early. */
struct mapped {
	const struct vma *vma;
	uint64_t end;
	struct bytes path;
	bool deleted;
};

static bool mapped_at(const struct address_space *space, size_t i, struct mapped *ret)
{
	const struct vma *vma = span_vma(space->checkpoint, space->ranges[i].vma);
	const struct file *file = vma ? checkpoint_file(space->checkpoint, vma->file) : NULL;
	struct mapped mapped = { .vma = vma, .end = space->ranges[i].end };

	if (!file || !file->path.len || mapped.end <= vma->start)
		return false;
	mapped.path = bytes_first(file->path, bytes_find(file->path, '\0'));
	mapped.deleted = file->deleted;
	*ret = mapped;
	return true;
}

static const struct bytes deleted_mark = { (const uint8_t *)" (deleted)", 10 };

static size_t size_in_note(const struct core_notes *notes, const struct mapped *mapped)
{
	return 3 * elf_word(&notes->form) + mapped->path.len +
	       (mapped->deleted ? deleted_mark.len : 0) + 1;
}

static void put_ranges(struct core_notes *notes, const struct address_space *space, size_t n)
{
	struct mapped mapped;

	for (size_t i = 0; n; i++) {
		if (!mapped_at(space, i, &mapped))
			continue;
		elf_put_word(&notes->out, &notes->form, mapped.vma->start);
		elf_put_word(&notes->out, &notes->form, mapped.end);
		elf_put_word(&notes->out, &notes->form, mapped.vma->pgoff / notes->page_size);
		n--;
	}
}

static void put_paths(struct core_notes *notes, const struct address_space *space, size_t n)
{
	struct mapped mapped;

	for (size_t i = 0; n; i++) {
		if (!mapped_at(space, i, &mapped))
			continue;
		out_bytes(&notes->out, mapped.path);
		if (mapped.deleted)
			out_bytes(&notes->out, deleted_mark);
		out_char(&notes->out, '\0');
		n--;
	}
}

static void put_files(struct core_notes *notes, const struct address_space *space)
{
	size_t size = 2 * elf_word(&notes->form), n = 0;
	struct mapped mapped;

	for (size_t i = 0; i < space->n; i++) {
		if (!mapped_at(space, i, &mapped))
			continue;
		if (size + size_in_note(notes, &mapped) > MOST_FILE_NOTE || notes->n_files_left_out) {
			notes->n_files_left_out++;
			continue;
		}
		size += size_in_note(notes, &mapped);
		n++;
	}
	if (n == 0)
		return;
	begin_note(notes, "CORE", NT_FILE, size);
	elf_put_word(&notes->out, &notes->form, n);
	elf_put_word(&notes->out, &notes->form, notes->page_size);
	put_ranges(notes, space, n);
	put_paths(notes, space, n);
	pad(&notes->out);
}

/* --- all of them --------------------------------------------------------------------------------------------- */

/* The first thread's machine is the process's. */
static bool takes_machine(struct core_notes *notes, const struct core *core)
{
	const struct core_machine *machine = core_machine_of(core->entry);

	if (!machine || !note_is_there(&machine->registers, core->entry) ||
	    (notes->machine && machine != notes->machine))
		return false;
	if (!notes->machine) {
		notes->machine = machine;
		notes->form = (struct elf_form){ machine->is_wide, core->reader.header.big_endian };
	}
	return true;
}

/* Behind the status of the first thread comes what is the process's. */
static void put_of_process(struct core_notes *notes, const struct address_space *space,
			   const struct thread *thread, const CoreEntry *core)
{
	struct checkpoint *checkpoint = space->checkpoint;
	const struct process *process = &checkpoint->processes.items[space->process];

	put_process(notes, process, thread->nice, core->tc ? core->tc->flags : 0);
	load_auxv(notes, checkpoint, process->pid);
	put_files(notes, space);
}

static void put_thread(struct core_notes *notes, const struct address_space *space,
		       const struct thread *thread, const CoreEntry *core)
{
	const struct process *process = &space->checkpoint->processes.items[space->process];
	const SiginfoEntry *next = next_signal(notes, core, thread->blocked_signals);
	uint32_t signal = next ? signal_of(notes, next) : 0;

	if (!signal && core->tc && process->state && !strcmp(process->state, "stopped"))
		signal = core->tc->stop_signo;
	put_status(notes, process, thread, core, signal);
	if (next)
		put_siginfo(notes, next);
	if (notes->n_threads++ == 0)
		put_of_process(notes, space, thread, core);
	put_registers(notes, core);
}

static void take_thread(struct core_notes *notes, const struct address_space *space,
			const struct thread *thread)
{
	struct core core;

	if (notes->out.len > MOST_THREAD_NOTES || !core_open(space->checkpoint, thread->tid, &core)) {
		notes->n_lost++;
		return;
	}
	if (takes_machine(notes, &core))
		put_thread(notes, space, thread, core.entry);
	else
		notes->n_lost++;
	core_close(space->checkpoint, &core);
}

struct error *core_notes_make(const struct address_space *space, struct core_notes *ret)
{
	struct checkpoint *checkpoint = space->checkpoint;
	const struct process *process = &checkpoint->processes.items[space->process];
	struct core_notes notes = {
		.page_size = checkpoint->page_size ? checkpoint->page_size : NO_PAGE_SIZE,
	};

	out_init(&notes.out, -1);
	/* They are one behind the other, the leader first. */
	for (size_t i = map_get(&checkpoint->thread_by_tid, process->pid);
	     i < checkpoint->threads.n && checkpoint->threads.items[i].pid == process->pid; i++)
		take_thread(&notes, space, &checkpoint->threads.items[i]);
	if (notes.n_threads == 0) {
		out_deinit(&notes.out);
		return error_new(ERROR_UNREADABLE, "process %u: no core image of its threads has registers",
				 process->pid);
	}
	*ret = notes;
	return NULL;
}

void core_notes_free(struct core_notes *notes)
{
	out_deinit(&notes->out);
}
