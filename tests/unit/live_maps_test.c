/* Running processes as a checkpoint: mappings and mounts. */
#include "tests/support/fake_proc.h"

#include <stdlib.h>

#include "decoders/base/out.h"
#include "decoders/model/leaves/mount.h"

static void mappings_come_with_what_the_kernel_says_of_them(void **state)
{
	const struct vma *vma;
	const struct process *process;

	(void)state;
	begin("maps");
	put("101/smaps",
	    "00400000-00402000 r-xp 00001000 08:01 42                         /bin/odd name (deleted)\n"
	    "Size:                  8 kB\nRss:                   8 kB\nAnonymous:             4 kB\nSwap:                  0 kB\n"
	    "VmFlags: rd ex mr mw me \n"
	    "00500000-00501000 rw-p 00000000 00:00 0                          [heap]\nAnonymous:             4 kB\n"
	    "Swap:                  4 kB\nVmFlags: rd wr mr mw me ac lo \n"
	    "00600000-00601000 rw-s 00000000 00:01 77                         /memfd:m (deleted)\nRss:                   4 kB\n"
	    "7f0000000000-7f0000400000 rw-p 00000000 00:0f 9                  /anon_hugepage (deleted)\nVmFlags: rd wr ht\n"
	    "7f0000500000-7f0000501000 rw-s 00000000 00:00 8                  anon_inode:[io_uring]\nVmFlags: rd wr sh pf io\n"
	    "7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0                  [stack]\n"
	    "7ffc00030000-7ffc00034000 r--p 00000000 00:00 0                  [vvar_vclock]\n"
	    "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0          [vsyscall]\n");
	open_fake(100);
	checkpoint_need(&checkpoint, PART_PAGES);
	process = process_of(101);
	assert_int_equal(process->n_vmas, 8);
	vma = &checkpoint.vmas.items[process->first_vma];
	assert_int_equal(vma[0].start, 0x400000);
	assert_int_equal(vma[0].end, 0x402000);
	assert_int_equal(vma[0].pgoff, 0x1000);
	assert_string_equal(vma[0].prot, "r-xp");
	assert_string_equal(vma[0].kind, "file");
	assert_true(checkpoint.files.items[vma[0].file].deleted);
	assert_string_equal(text_of(checkpoint.files.items[vma[0].file].path), "/bin/odd name");
	assert_string_equal(text_of(vma[0].vm_flags), "rd ex mr mw me");
	assert_int_equal(vma[0].pages_present, 4096 / (uint64_t)checkpoint.page_size);
	assert_string_equal(vma[1].kind, "heap");
	assert_int_equal(vma[1].pages_present, 8192 / (uint64_t)checkpoint.page_size);
	assert_int_equal(vma[1].flags, 0x2022); /* private, anonymous, locked */
	assert_string_equal(vma[2].kind, "memfd");
	assert_int_equal(vma[3].flags & 0x40000, 0x40000);
	assert_string_equal(text_of(vma[4].vm_flags), "rd wr sh pf io");
	assert_string_equal(vma[5].kind, "stack");
	assert_string_equal(vma[6].kind, "vvar");
	assert_int_equal(vma[7].start, 0xffffffffff600000);
	assert_string_equal(vma[7].kind, "vsyscall");
	assert_int_equal(vma[3].origin.entry, 3);
	close_fake();
}

static void odd_mappings_are_passed_over(void **state)
{
	(void)state;
	begin("odd-maps");
	put("101/smaps", "VmFlags: rd\nAnonymous: 4 kB\n00402000-00400000 r-xp 0 0:0 0\n00400000 r-xp\n"
			 "fffffffffffffffff-1 rwxp 0 0:0 0\n00400000-00401000 r\n00400000-00401000 rwxp 0 0:0\n"
			 "00400000-00401000 rwxp 0 0:0 0 \x1b[31m\n\xff\xff\xff");
	open_fake(100);
	checkpoint_need(&checkpoint, PART_PAGES);
	assert_int_equal(process_of(101)->n_vmas, 1);
	assert_string_equal(text_of(checkpoint.files.items[checkpoint.vmas.items[0].file].path), "\x1b[31m");
	close_fake();
}

static void a_line_without_end_is_cut(void **state)
{
	char path[512], *text;
	size_t len = 200 << 10;

	(void)state;
	begin("long");
	text = malloc(len);
	assert_non_null(text);
	memset(text, 'x', len);
	memcpy(text, "00400000-00401000 rwxp 0 0:1 2 /", 32);
	memcpy(text + len - 48, "\n00500000-00501000 rw-p 0 0:0 0 [heap]\n         ", 48);
	snprintf(path, sizeof(path), "%s/101/smaps", fake);
	write_file(path, text, len);
	free(text);
	open_fake(100);
	checkpoint_need(&checkpoint, PART_PAGES);
	assert_int_equal(process_of(101)->n_vmas, 2);
	assert_string_equal(checkpoint.vmas.items[1].kind, "heap");
	assert_true(is_told("a line of more than 65536 bytes"));
	close_fake();
}

/* A process may have more mappings than we hold: the rest is left out, and that is told. */
static void a_million_mappings_are_a_limit(void **state)
{
	enum { MOST = 1000000 };
	char path[512], line[64];
	struct out text;

	(void)state;
	begin("many");
	out_init(&text, -1);
	for (unsigned i = 0; i < MOST + 10; i++) {
		int len = snprintf(line, sizeof(line), "%x000-%x000 rw-p 0 0:0 0\n", i + 1, i + 2);

		out_bytes(&text, (struct bytes){ (const uint8_t *)line, (size_t)len });
	}
	snprintf(path, sizeof(path), "%s/101/maps", fake);
	write_file(path, out_held(&text).data, out_held(&text).len);
	out_deinit(&text);
	open_fake(100);
	checkpoint_need(&checkpoint, PART_MAPPINGS);
	assert_int_equal(checkpoint.vmas.n, MOST);
	assert_true(is_told("more than 1000000 mappings"));
	assert_int_equal(checkpoint.problems.worst, ERROR_LIMIT);
	assert_true(checkpoint.arena.used < (size_t)1 << 30);
	close_fake();
}

static void mounts_are_those_of_each_namespace_once(void **state)
{
	struct leaf_rows rows;
	const struct mount *mount;

	(void)state;
	begin("mounts");
	put("100/mountinfo",
	    "22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,errors=continue\n"
	    "23 22 0:22 /sub//deleted /mnt/with\\040blank\\134 ro,nosuid,nodev master:7 propagate_from:2 - fuse.sshfs h:\\011/x rw\n"
	    "garbage\n24 22 0:23 / /proc rw - proc proc rw\n");
	put("101/mountinfo", "99 1 0:1 / / rw - ext4 never read\n");
	put("102/mountinfo", "40 1 0:40 / / rw - overlay overlay rw,lowerdir=/a\n");
	open_fake(100);
	rows = rows_of(&leaf_mount);
	mount = rows.items;
	assert_int_equal(rows.n, 4);
	assert_int_equal(mount[0].ns_id, 4);
	assert_int_equal(mount[0].mnt_id, 22);
	assert_int_equal(mount[0].device, 254 << 20 | 1);
	assert_int_equal(mount[0].shared_id, 1);
	assert_int_equal(mount[0].master_id, ABSENT_U32);
	assert_string_equal(text_of(mount[0].options), "rw,errors=continue");
	assert_string_equal(text_of(mount[1].mountpoint), "/mnt/with blank\\");
	assert_string_equal(text_of(mount[1].source), "h:\t/x");
	assert_string_equal(text_of(mount[1].root), "/sub");
	assert_true(mount[1].is_deleted);
	assert_int_equal(mount[1].master_id, 7);
	assert_int_equal(mount[1].flags, 7); /* read-only, nosuid, nodev */
	assert_int_equal(mount[2].origin.entry, 3);
	assert_int_equal(mount[3].ns_id, 5);
	assert_true(is_told("no line of a mount"));
	assert_int_equal(checkpoint.problems.items[0]->entry, 2);
	close_fake();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mappings_come_with_what_the_kernel_says_of_them),
		cmocka_unit_test(odd_mappings_are_passed_over),
		cmocka_unit_test(a_line_without_end_is_cut),
		cmocka_unit_test(a_million_mappings_are_a_limit),
		cmocka_unit_test(mounts_are_those_of_each_namespace_once),
	};

	return run_all(tests);
}
