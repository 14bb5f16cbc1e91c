#include "db/tables/table.h"

#include "decoders/base/size.h"
#include "decoders/model/leaves/page_run.h"

#define GETTER(name)                                                                             \
	static void get_##name(const struct checkpoint *checkpoint __attribute__((unused)),      \
			       const void *cell, struct arena *arena __attribute__((unused)),    \
			       struct value *ret)                                                \
	{                                                                                        \
		const struct page_run_row *row = cell;
GETTER(kind)
	*ret = value_text(row->owner->is_shmem ? BYTES("shmem") : BYTES("task"));
}

GETTER(pid)
	if (!row->owner->is_shmem)
		*ret = value_number(VALUE_UINT, row->owner->id);
}

GETTER(shmid)
	if (row->owner->is_shmem)
		*ret = value_number(VALUE_UINT, row->owner->id);
}

GETTER(address)
	*ret = value_number(VALUE_HEX, row->run->address);
}

GETTER(end)
	uint64_t bytes, end;

	if (row->owner->page_size && size_mul(row->run->n_pages, row->owner->page_size, &bytes) &&
	    size_add(row->run->address, bytes, &end))
		*ret = value_number(VALUE_HEX, end);
}

GETTER(pages)
	*ret = value_number(VALUE_UINT, row->run->n_pages);
}

GETTER(state)
	uint32_t flags = row->run->flags;

	*ret = value_text(flags & PAGE_PRESENT	   ? BYTES("present")
			  : flags & PAGE_IN_PARENT ? BYTES("parent")
			  : flags & PAGE_LAZY	   ? BYTES("lazy")
						   : NO_BYTES);
}

GETTER(flags)
	*ret = value_number(VALUE_HEX, row->run->flags);
}

GETTER(pages_image)
	if (row->run->flags & PAGE_PRESENT)
		*ret = value_text(bytes_of(arena_printf(arena, "pages-%u.img",
							row->owner->pagemap->pages_id)));
}

GETTER(pages_offset)
	uint64_t offset;

	if ((row->run->flags & PAGE_PRESENT) && row->owner->page_size &&
	    size_mul(row->run->before.present, row->owner->page_size, &offset))
		*ret = value_number(VALUE_HEX, offset);
}

GETTER(entry)
	*ret = value_number(VALUE_UINT, row->run->entry);
}
#undef GETTER

static const struct column columns[] = {
	{ .name = "kind", .help = "task: addresses of a process; shmem: offsets in shared memory",
	  COMPUTED(TEXT, get_kind) },
	{ .name = "pid", .help = "the process", COMPUTED(UINT, get_pid) },
	{ .name = "shmid", .help = "the shared memory, as in vma.shmid",
	  COMPUTED(UINT, get_shmid) },
	{ .name = "address", .help = "of its first byte", COMPUTED(HEX, get_address) },
	{ .name = "end", .help = "the address behind its last byte; null: page size unknown",
	  COMPUTED(HEX, get_end) },
	{ .name = "pages", .help = "pages in it", .unit = "pages", COMPUTED(UINT, get_pages) },
	{ .name = "state",
	  .help = "present: the bytes are here; parent: in the parent checkpoint; lazy: left to a "
		  "page server",
	  COMPUTED(TEXT, get_state) },
	{ .name = "pages_image", .help = "the image with the bytes; null: not present",
	  COMPUTED(TEXT, get_pages_image) },
	{ .name = "pages_offset", .help = "where in that image they begin",
	  COMPUTED(HEX, get_pages_offset) },
	{ .name = "flags", .help = "1 in parent, 2 lazy, 4 present", .detail = true,
	  COMPUTED(HEX, get_flags) },
	{ .name = "entry", .help = "of the page map", .detail = true, COMPUTED(UINT, get_entry) },
};

const struct table table_page_run = {
	.name = "page_run",
	.plural = "page_runs",
	.help = "adjacent pages of a process or of shared memory: an entry of a page map",
	.key = "kind pid shmid address",
	.noise = "pages_image pages_offset entry",
	.about_dump = true,
	.columns = columns, .n_columns = ARRAY_SIZE(columns),
	.leaf = &leaf_page_run,
};
