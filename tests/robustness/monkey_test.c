/*
 * Keys and clicks at random, on screens of random sizes, of checkpoints that are damaged at random: no crash, no hang, and
 * the screen stays a screen.
 *
 * MONKEY_KEYS: how many for each checkpoint (400); MONKEY_SEED: where it begins. What fails says both.
 */
#include "tests/support/handmade.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "decoders/base/escape.h"
#include "tui/clock.h"
#include "tui/view.h"

enum { LONGEST = 10000000 /* microseconds of work that a key may take under a sanitizer */, RELOAD = 20000 };

static uint64_t seed;

static uint32_t random_below(uint32_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % n;
}

static unsigned long wanted_keys(void)
{
	const char *text = getenv("MONKEY_KEYS");

	return text ? strtoul(text, NULL, 10) : 400;
}

static uint32_t random_key(void)
{
	static const char typed[] = "01289abcdefps.*()[]\\|?+ -!/:%";
	static const char *const words[] = { "goto 7f0", "find .", "columns pid,fd", "sort -pid", "vma", "task 1",
					     "socket", "member", "page_run", "filter a", "w x.csv", "w x.json", "w x.txt", "sql SELECT * FROM fd",
					     "sql SELECT path, memory(v.pid, start, 16) FROM vma v", "sql SELEC",
					     "find [a-z]{3}", "copy pid", "copy", "set mouse on", "set mouse off", "log",
					     "diff", "diff-memory", "diff-tasks", "index-tables", "queries",
					     "sort -checkpoint", "sql SELECT * FROM indexed" };
	static const char *word;
	uint32_t dice = random_below(100);

	if (word && *word)
		return (uint32_t)*word++;
	if (word) {
		word = NULL;
		return PRESS_ENTER;
	}
	if (dice < 4) {
		word = words[random_below(sizeof(words) / sizeof(*words))];
		return ':';
	}
	if (dice < 20)
		return (uint32_t)typed[random_below(sizeof(typed) - 1)];
	if (dice < 22)
		return random_below(0x110000 + 60);
	if (dice < 34)
		return PRESS_ENTER;
	dice = random_below((uint32_t)n_keys);
	/* All rules take a while. */
	if (keys[dice].action == ACTION_CHECK && random_below(50))
		return PRESS_DOWN;
	return keys[dice].presses[random_below(2)];
}

/* Every cell is a safe character, the right half of a wide one, or a blank. */
static void check_display(const struct display *display, unsigned long key)
{
	for (int i = 0; i < display->rows * display->columns; i++) {
		const struct cell *cell = &display->cells[i];

		if (cell->n > CELL_CHARACTERS || cell->look >= N_LOOKS ||
		    (cell->characters[0] && character_is_unsafe(cell->characters[0])))
			fail_msg("key %lu: a cell that is none", key);
	}
}

/* Of all threads, whatever else the machine does; TEST_TIMEOUT ends what waits. */
static uint64_t work_done(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

/* Mostly at what can be pointed at; reports of terminals may lie outside the screen. */
static void point_somewhere(struct tui *tui)
{
	const struct display *display = &tui->display;
	int row = (int)random_below(1000) - 100, column = (int)random_below(1000) - 100;

	if (display->n_spots && random_below(10)) {
		const struct spot *spot = &display->spots[random_below((uint32_t)display->n_spots)];

		/* All rules take a while. */
		if (spot->kind == SPOT_ACTION && spot->value == ACTION_CHECK && random_below(50))
			return;
		row = spot->row;
		column = spot->column;
	}
	tui_mouse(tui, row, column, (enum mouse)random_below(3));
	if (random_below(3) == 0)
		tui_mouse(tui, row, column, MOUSE_CLICK);
}

/* What is written goes nowhere; sometimes nothing can be made. */
static int make_file(void *context, const char *name)
{
	(void)context;
	return random_below(8) ? memfd_create(name, MFD_CLOEXEC) : -1;
}

static void press_one(struct tui *tui, unsigned long key)
{
	uint64_t began = work_done();

	if (!tui->prompt.kind && random_below(12) == 0)
		point_somewhere(tui);
	else
		tui_press(tui, random_key());
	tui->quits = false;
	for (int i = 0; i < 20 && tui_work(tui, clock_now() + 5000); i++)
		;
	if (random_below(40) == 0)
		display_resize(&tui->display, (int)random_below(70), (int)random_below(220));
	tui_draw(tui);
	check_display(&tui->display, key);
	if (work_done() - began > LONGEST)
		fail_msg("key %lu took %llu us", key, (unsigned long long)(work_done() - began));
}

/* BEFORE: what it is compared with; NULL: nothing. */
static void play_two(const char *before, const char *path, unsigned long n)
{
	struct tui_setup setup = { .ascii = random_below(4) == 0, .make_file = random_below(2) ? make_file : NULL };
	struct checkpoint checkpoint, other;
	struct error *error = checkpoint_open(path, &checkpoint);
	struct ignore_list ignored;
	struct tui tui;

	error_free(error);
	if (error)
		return;
	ignore_list_init(&ignored);
	setup.ignored = &ignored;
	error = before ? checkpoint_open(before, &other) : NULL;
	if (before && !error)
		setup.before = &other;
	error_free(error);
	error = tui_init(&tui, &checkpoint, &setup, 24, 80);
	error_free(error);
	for (unsigned long key = 0; !error && key < n; key++)
		press_one(&tui, key);
	if (!error)
		tui_deinit(&tui);
	if (setup.before)
		checkpoint_close(setup.before);
	checkpoint_close(&checkpoint);
	ignore_list_deinit(&ignored);
}

static void play(const char *path, unsigned long n)
{
	play_two(NULL, path, n);
}

static size_t n_originals; /* that are open */

static struct error *open_original(void *context, const char *path, const char *inside, struct checkpoint **ret)
{
	const struct opening opening = { .inside = inside };
	struct checkpoint *checkpoint = malloc(sizeof(*checkpoint));
	struct error *error;

	(void)context;
	assert_non_null(checkpoint);
	error = checkpoint_open_as(path, &opening, checkpoint);
	if (error)
		free(checkpoint);
	else
		n_originals++;
	*ret = checkpoint;
	return error;
}

static void close_original(void *context, struct checkpoint *checkpoint)
{
	(void)context;
	checkpoint_close(checkpoint);
	free(checkpoint);
	n_originals--;
}

/* An index is looked at, whole and then with bytes that are others: what it does not refuse it shows. */
static void an_index(void **state)
{
	const char *path = scratch_path("monkey.db"), *broken = scratch_path("broken.db");
	char *originals = realpath("samples", NULL);
	unsigned long n = wanted_keys();
	struct bytes whole;

	(void)state;
	assert_int_equal(run("index", "-q", "-d", path, "samples/podman.tar.zst", NULL).status, 0);
	whole = read_file(path);
	for (int round = 0; round < 6; round++) {
		struct tui_setup setup = { .ascii = random_below(4) == 0, .index = round ? broken : path,
					   .make_file = make_file, .originals = originals, .open_original = open_original,
					   .close_original = close_original };
		struct bytes bytes = read_file(path);
		struct error *error;
		struct tui tui;

		for (int i = 0; i < round; i++)
			((uint8_t *)(uintptr_t)bytes.data)[100 + random_below((uint32_t)bytes.len - 100)] =
				(uint8_t)random_below(256);
		write_file(broken, bytes.data, bytes.len);
		error = tui_init(&tui, NULL, &setup, 24, 80);
		for (unsigned long key = 0; !error && key < n / 4; key++)
			press_one(&tui, key);
		if (!error)
			tui_deinit(&tui);
		assert_int_equal(n_originals, 0);
		error_free(error);
	}
	free(originals);
	assert_true(bytes_equal(read_file(path), whole));
}

/* Some bytes of the images of a case are others. */
static void damage(const char *directory, uint32_t one_in)
{
	struct dirent **entries = NULL;
	int n = scandir(directory, &entries, NULL, alphasort);
	const char *root = scratch_path("%s", "");

	for (int i = 0; i < n; i++) {
		const char *path = scratch_path("%s/%s", directory + strlen(root), entries[i]->d_name);
		struct bytes bytes;

		if (entries[i]->d_type == DT_REG && random_below(one_in) == 0) {
			bytes = read_file(path);
			for (uint32_t k = bytes.len ? random_below(8) : 0; k; k--)
				((uint8_t *)(uintptr_t)bytes.data)[random_below((uint32_t)bytes.len)] =
					(uint8_t)random_below(256);
			write_file(path, bytes.data, random_below(4) ? bytes.len : random_below((uint32_t)bytes.len + 1));
		}
		free(entries[i]);
	}
	free(entries);
}

static void whole_and_damaged_checkpoints(void **state)
{
	const char *const *names = sample_cases(), *root = scratch_path("%s", "");
	const char *before = NULL;
	unsigned long n = wanted_keys();

	(void)state;
	for (size_t i = 0; names[i]; i++) {
		const char *images = scratch_path("%s/img", sample_case(names[i]) + strlen(root));

		if (access(images, F_OK) != 0)
			images = sample_case(names[i]); /* an archive, or a layout of another engine */

		print_message("%s: %lu keys from seed %llu\n", names[i], n, (unsigned long long)seed);
		for (unsigned long left = n; left;) {
			unsigned long some = left < RELOAD ? left : RELOAD;

			play(images, (some + 2) / 3);
			damage(images, 3);
			play(images, (some + 1) / 3);
			play_two(before ? before : images, images, some / 3);
			left -= some;
		}
		before = images;
	}
}

static void empty_and_hostile_ones(void **state)
{
	struct out pstree;

	(void)state;
	write_inventory("empty");
	play(scratch_path("empty"), wanted_keys() / 4);
	write_inventory("hostile");
	out_init(&pstree, -1);
	put_magic(&pstree, MAGIC_PSTREE);
	for (uint32_t pid = 1; pid < 60; pid++)
		put_pstree(&pstree, pid, pid == 1 ? 59 : pid - 1); /* a circle, and deep */
	write_image("hostile", "pstree.img", &pstree);
	out_deinit(&pstree);
	for (uint32_t pid = 1; pid < 60; pid++)
		write_core("hostile", pid, BYTES("\x1b]0;x\a\xff\xe2\x80\xae\u8b66e\u0301"));
	play(scratch_path("hostile"), wanted_keys() / 4);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_and_damaged_checkpoints),
		cmocka_unit_test(empty_and_hostile_ones),
		cmocka_unit_test(an_index),
	};
	const char *text = getenv("MONKEY_SEED");

	seed = text ? strtoull(text, NULL, 10) : 20;
	return run_all(tests);
}
