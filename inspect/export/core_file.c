#include "inspect/export/core_file.h"

#include <elf.h>
#include <stdlib.h>

#include "decoders/base/size.h"
#include "decoders/base/window.h"
#include "inspect/export/core_notes.h"

enum { BLOCK = 256 << 10, ZERO_PART = 4096 };

struct core_file {
	struct address_space space;
	uint64_t lookups;     /* in it; not counted: in */
	struct address_space contents; /* the same, of those who read */
	struct core_limits limits;
	struct core_notes notes;
	struct out *out;
	uint32_t pid;
	uint64_t n_segments;  /* without the one of the notes */
	uint64_t data;        /* where the bytes of the segments begin */
	uint64_t at;          /* bytes of the file so far */
	uint8_t *block;
};

/* --- headers ---------------------------------------------------------------------------------------- */

/* More program headers than a half has room for are counted in the first section header. */
static bool is_extended(const struct core_file *file)
{
	return file->n_segments + 1 >= PN_XNUM;
}

static size_t file_header_size(const struct core_file *file)
{
	return file->notes.form.is_wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
}

static size_t program_header_size(const struct core_file *file)
{
	return file->notes.form.is_wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
}

static size_t section_header_size(const struct core_file *file)
{
	return file->notes.form.is_wide ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
}

/* Where the program headers end. */
static uint64_t headers_end(const struct core_file *file)
{
	return file_header_size(file) + (file->n_segments + 1) * program_header_size(file);
}

static uint64_t notes_start(const struct core_file *file)
{
	return headers_end(file) + (is_extended(file) ? section_header_size(file) : 0);
}

static void put_file_header(const struct core_file *file)
{
	const struct elf_form *form = &file->notes.form;
	const uint8_t ident[EI_NIDENT] = {
		ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, form->is_wide ? ELFCLASS64 : ELFCLASS32,
		form->big_endian ? ELFDATA2MSB : ELFDATA2LSB, EV_CURRENT, ELFOSABI_NONE,
	};
	bool extended = is_extended(file);

	out_write(file->out, ident, sizeof(ident));
	elf_put(file->out, form, 2, ET_CORE);
	elf_put(file->out, form, 2, file->notes.machine->elf);
	elf_put(file->out, form, 4, EV_CURRENT);
	elf_put_word(file->out, form, 0); /* e_entry */
	elf_put_word(file->out, form, file_header_size(file)); /* e_phoff */
	elf_put_word(file->out, form, extended ? headers_end(file) : 0); /* e_shoff */
	elf_put(file->out, form, 4, file->notes.machine->elf_flags);
	elf_put(file->out, form, 2, file_header_size(file));
	elf_put(file->out, form, 2, program_header_size(file));
	elf_put(file->out, form, 2, extended ? PN_XNUM : file->n_segments + 1);
	elf_put(file->out, form, 2, extended ? section_header_size(file) : 0);
	elf_put(file->out, form, 2, extended); /* e_shnum */
	elf_put(file->out, form, 2, 0); /* e_shstrndx */
}

static void put_section_header(const struct core_file *file)
{
	const struct elf_form *form = &file->notes.form;

	elf_put(file->out, form, 4, 0); /* sh_name */
	elf_put(file->out, form, 4, SHT_NULL);
	elf_put_word(file->out, form, 0); /* sh_flags */
	elf_put_word(file->out, form, 0); /* sh_addr */
	elf_put_word(file->out, form, 0); /* sh_offset */
	elf_put_word(file->out, form, 1); /* sh_size: sections */
	elf_put(file->out, form, 4, 0);	  /* sh_link */
	elf_put(file->out, form, 4, file->n_segments + 1); /* sh_info: program headers */
	elf_put_word(file->out, form, 0); /* sh_addralign */
	elf_put_word(file->out, form, 0); /* sh_entsize */
}

struct program_header {
	uint32_t type, flags;
	uint64_t offset, address, file_size, size, align;
};

static void put_program_header(const struct core_file *file, const struct program_header *header)
{
	const struct elf_form *form = &file->notes.form;

	elf_put(file->out, form, 4, header->type);
	if (form->is_wide)
		elf_put(file->out, form, 4, header->flags);
	elf_put_word(file->out, form, header->offset);
	elf_put_word(file->out, form, header->address);
	elf_put_word(file->out, form, 0); /* p_paddr */
	elf_put_word(file->out, form, header->file_size);
	elf_put_word(file->out, form, header->size);
	if (!form->is_wide)
		elf_put(file->out, form, 4, header->flags);
	elf_put_word(file->out, form, header->align);
}

/* --- segments --------------------------------------------------------------------------------------------- */

static struct core_segments segments_of(const struct core_file *file)
{
	return core_segments_of(&file->space, file->notes.form.is_wide, &file->limits);
}

/*
 * The next place in the file that lies in its page as ADDRESS does. A segment without bytes has one too: of one that
 * begins at 0 gdb takes the headers of the core itself for those of a mapped program.
 */
static uint64_t place_for(const struct core_file *file, uint64_t offset, uint64_t address)
{
	uint64_t page = file->notes.page_size, within = address % page;

	return offset + (page + within - offset % page) % page;
}

/* Counts them; false where the file would be larger than any can be. */
static bool measure(struct core_file *file, struct core_segments *ret)
{
	uint64_t most = file->notes.form.is_wide ? INT64_MAX : UINT32_MAX, at = 0;
	struct core_segment segment;

	for (*ret = segments_of(file); core_segments_next(ret, &segment); file->n_segments++)
		if (!size_add(at, file->notes.page_size, &at) ||
		    (segment.has_bytes && !size_add(at, segment.end - segment.start, &at)))
			return false;
	file->data = notes_start(file) + file->notes.out.len;
	return size_add(at, file->data, &at) && at <= most;
}

/* Of memory whose mapping is not known only that it was read. */
static uint32_t flags_of(const struct vma *vma)
{
	if (!vma)
		return PF_R;
	return (vma->prot[0] == 'r' ? PF_R : 0) | (vma->prot[1] == 'w' ? PF_W : 0) |
	       (vma->prot[2] == 'x' ? PF_X : 0);
}

static void put_headers(const struct core_file *file)
{
	struct core_segments segments = segments_of(file);
	const struct program_header notes = {
		.type = PT_NOTE, .offset = notes_start(file), .file_size = file->notes.out.len, .align = 4,
	};
	uint64_t at = file->data;
	struct core_segment segment;

	put_file_header(file);
	put_program_header(file, &notes);
	while (core_segments_next(&segments, &segment)) {
		const struct vma *vma = span_vma(file->space.checkpoint, segment.vma);
		uint64_t len = segment.end - segment.start;
		struct program_header header = {
			.type = PT_LOAD, .flags = flags_of(vma),
			.offset = place_for(file, at, segment.start), .address = segment.start,
			.file_size = segment.has_bytes ? len : 0, .size = len,
			.align = file->notes.page_size,
		};

		put_program_header(file, &header);
		at = header.offset + header.file_size;
	}
	if (is_extended(file))
		put_section_header(file);
	out_bytes(file->out, out_held(&file->notes.out));
}

/* --- bytes ------------------------------------------------------------------------------------------------ */

static bool is_zero(const uint8_t *bytes, size_t len)
{
	return bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0;
}

/* Parts that are all zeroes, stored or not, are holes. */
static void put_block(struct out *out, const uint8_t *bytes, size_t len)
{
	size_t start = 0;

	for (size_t at = 0, part; at < len; at += part) {
		part = len - at < ZERO_PART ? len - at : ZERO_PART;
		if (!is_zero(bytes + at, part))
			continue;
		out_write(out, bytes + start, at - start);
		out_hole(out, part);
		start = at + part;
	}
	out_write(out, bytes + start, len - start);
}

static uint64_t hole_at(struct core_file *file, const struct span *span, uint64_t at)
{
	struct source *source = file->space.checkpoint->layers.items[span->layer].source;

	return source_hole(&source->last, source, span->pages, span->offset + at, span->len - at);
}

static void put_span(struct core_file *file, const struct span *span)
{
	for (uint64_t at = 0, len; at < span->len && !file->out->error; at += len) {
		struct error *error;

		len = hole_at(file, span, at);
		if (len) {
			out_hole(file->out, len);
			continue;
		}
		len = span->len - at < BLOCK ? span->len - at : BLOCK;
		error = span_read(&file->contents, span, at, file->block, (size_t)len);
		problems_add(&file->space.checkpoint->problems, error);
		if (error)
			out_hole(file->out, len);
		else
			put_block(file->out, file->block, (size_t)len);
	}
}

static void put_segment(struct core_file *file, const struct core_segment *segment)
{
	uint64_t place = place_for(file, file->at, segment->start);

	out_hole(file->out, place - file->at);
	file->at = place;
	if (!segment->has_bytes)
		return;
	file->at += segment->end - segment->start;
	for (uint64_t at = segment->start; at < segment->end && !file->out->error;) {
		struct span span = address_space_span(&file->contents, at, segment->end - at);

		if (span.state == SPAN_PRESENT)
			put_span(file, &span);
		else
			out_hole(file->out, span.len);
		at = span_end(&span);
	}
}

static void put_memory(struct core_file *file)
{
	struct core_segments segments = segments_of(file);
	struct core_segment segment;

	file->block = window_new(BLOCK);
	file->at = file->data;
	while (core_segments_next(&segments, &segment) && !file->out->error)
		put_segment(file, &segment);
	free(file->block);
}

/* --- what is not in it ---------------------------------------------------------------------------------------- */

static void tell(const struct core_file *file, struct error *error)
{
	struct checkpoint *checkpoint = file->space.checkpoint;

	problems_add(&checkpoint->problems, error_in_source(error, checkpoint->source.path));
}

static void tell_number(const struct core_file *file, enum error_kind kind, uint64_t n, const char *what)
{
	if (n)
		tell(file, error_new(kind, "process %u: %llu %s", file->pid, (unsigned long long)n, what));
}

static void tell_lack(const struct core_file *file, const struct core_lack *lack)
{
	if (!file->space.checkpoint->processes.items[file->space.process].has_mm)
		tell(file, error_new(ERROR_DAMAGED, "process %u: its address space is not in the checkpoint: "
						    "its core has registers alone", file->pid));
	if (lack->too_many_lookups)
		tell(file, error_new(ERROR_LIMIT, "process %u: its memory is in too many pieces: what is "
						  "behind %llu of them is not in its core", file->pid,
				     (unsigned long long)file->limits.lookups));
	tell_number(file, ERROR_DAMAGED, lack->missing,
		    "bytes of memory are not in its core: they are in no checkpoint that is here");
	tell_number(file, ERROR_DAMAGED, lack->lazy,
		    "bytes of memory are not in its core: they were left to a page server");
	tell_number(file, ERROR_DAMAGED, lack->behind,
		    "bytes of memory are not in its core: they lie behind the end of 32-bit addresses");
	tell_number(file, ERROR_DAMAGED, lack->overlaps, "mappings overlap the next one, which counts");
	tell_number(file, ERROR_DAMAGED, file->notes.n_lost,
		    "threads are not in its core: their registers are lost");
	tell_number(file, ERROR_LIMIT, lack->copies,
		    "bytes of memory are not in its core: they are more than is written (--max-size)");
	tell_number(file, ERROR_LIMIT, file->notes.n_files_left_out,
		    "mappings are not in its list of files (NT_FILE), which is full");
}

/* --- the file ------------------------------------------------------------------------------------------------- */

static struct error *write_file(struct core_file *file, struct core_limits *limits,
				struct core_summary *ret)
{
	struct core_segments segments;

	if (!measure(file, &segments))
		return error_new(ERROR_LIMIT, "process %u: its address space has no room in a core file",
				 file->pid);
	limits->bytes -= segments.bytes;
	limits->lookups -= file->lookups < limits->lookups ? file->lookups : limits->lookups;
	put_headers(file);
	put_memory(file);
	tell_lack(file, &segments.lack);
	*ret = (struct core_summary){
		.n_threads = file->notes.n_threads, .n_segments = file->n_segments,
		.bytes = segments.bytes, .machine = file->notes.machine->elf,
	};
	return NULL;
}

struct error *core_file_write(struct checkpoint *checkpoint, uint32_t process,
			      struct core_limits *limits, struct out *out, struct core_summary *ret)
{
	const struct process *row = &checkpoint->processes.items[process];
	struct core_file file = { .out = out, .pid = row->pid, .limits = *limits };
	struct error *error;
	struct arena arena;

	if (row->state && !strcmp(row->state, "zombie"))
		return error_new(ERROR_UNREADABLE, "process %u is a zombie: it has neither memory nor "
						   "registers", row->pid);
	arena_init(&arena);
	address_space_init(checkpoint, process, &arena, &file.space);
	file.contents = file.space;
	file.space.lookups = &file.lookups;
	error = core_notes_make(&file.space, &file.notes);
	if (!error) {
		error = write_file(&file, limits, ret);
		core_notes_free(&file.notes);
	}
	arena_deinit(&arena);
	return error;
}
