#include "db/verify/verify.h"

#include "db/verify/internal.h"

const char take_again[] = "take the checkpoint once more, or copy the images again from where they are whole";

static const struct check_group *const groups[] = {
	&archive_checks, &image_checks, &task_checks,  &vma_checks,
	&pages_checks,	 &file_checks,	&socket_checks, &namespace_checks,
};

const struct verify_check *verify_check_at(size_t i)
{
	for (size_t g = 0; g < ARRAY_SIZE(groups); g++) {
		if (i < groups[g]->n)
			return &groups[g]->checks[i];
		i -= groups[g]->n;
	}
	return NULL;
}

bool is_finished(const struct verifier *verifier)
{
	return verifier->facts.inventory.is_there && verifier->facts.tasks.n > 0;
}

bool is_page_server(const struct verifier *verifier)
{
	return !verifier->facts.inventory.is_there && verifier->facts.has_pages &&
	       !verifier->facts.has_tasks;
}

bool are_pages_elsewhere(const struct verifier *verifier)
{
	return is_finished(verifier) && verifier->facts.maps.n == 0 && !verifier->facts.has_page_files;
}

/* --- saying it ------------------------------------------------------------------------------------------ */

/* The source that an origin's member is of. */
static const struct source *source_of(const struct verifier *verifier, struct origin origin)
{
	const struct checkpoint *checkpoint = verifier->checkpoint;

	if (origin.layer == ORIGIN_AROUND)
		return checkpoint->source.outer;
	return origin.layer < checkpoint->layers.n ? checkpoint->layers.items[origin.layer].source
						   : &checkpoint->source;
}

static struct finding *new_finding(struct verifier *verifier)
{
	const struct verify_check *check = verifier->check;
	struct finding *finding;

	if (verifier->only_counts) {
		verifier->counted++;
		return NULL;
	}
	finding = findings_add(verifier->findings, bytes_of(check->id), check->severity);
	verifier->found[verifier->kind] = true;
	if (!finding)
		return NULL;
	finding->category = BYTES("integrity");
	finding->title = bytes_of(check->title);
	finding->fix = bytes_of(check->fix);
	return finding;
}

struct finding *vfound(struct verifier *verifier, struct origin origin, uint32_t pid,
		       const char *subject, va_list args)
{
	struct finding *finding = new_finding(verifier);
	const struct source *source = source_of(verifier, origin);

	if (!finding)
		return NULL;
	finding->subject = findings_vtext(verifier->findings, subject, args);
	finding->pid = pid;
	if (source && origin.member < source->members.n) {
		finding->image = arena_copy(verifier->findings->arena,
					    source->members.items[origin.member].name);
		finding->entry = origin.entry;
		finding->offset = origin.offset;
	}
	if (origin.layer && source)
		with_text(verifier, finding, "source", bytes_of(source->path));
	return finding;
}

struct finding *found(struct verifier *verifier, struct origin origin, uint32_t pid,
		      const char *subject, ...)
{
	struct finding *finding;
	va_list args;

	va_start(args, subject);
	finding = vfound(verifier, origin, pid, subject, args);
	va_end(args);
	return finding;
}

void says(struct verifier *verifier, struct finding *finding, const char *message, ...)
{
	va_list args;

	if (!finding)
		return;
	va_start(args, message);
	finding->message = findings_vtext(verifier->findings, message, args);
	va_end(args);
}

void with_number(struct verifier *verifier, struct finding *finding, const char *name, uint64_t number)
{
	if (finding)
		finding_evidence(verifier->findings, finding, name, value_number(VALUE_UINT, number));
}

void with_address(struct verifier *verifier, struct finding *finding, const char *name,
		  uint64_t address)
{
	if (finding)
		finding_evidence(verifier->findings, finding, name, value_number(VALUE_HEX, address));
}

void with_text(struct verifier *verifier, struct finding *finding, const char *name,
	       struct bytes text)
{
	if (finding)
		finding_evidence(verifier->findings, finding, name,
				 value_text(arena_copy(verifier->findings->arena, text)));
}

/* --- what the readers said ------------------------------------------------------------------------------- */

/* The checkpoint's own, or one of those in it. */
static struct bytes archive_of(const struct verifier *verifier, const struct error *problem)
{
	if (!problem->source || !strcmp(problem->source, verifier->checkpoint->source.path))
		return BYTES("the archive");
	return bytes_basename(arena_copy(verifier->findings->arena, bytes_of(problem->source)));
}

static void found_problem(struct verifier *verifier, const struct error *problem)
{
	struct arena *arena = verifier->findings->arena;
	struct finding *finding = new_finding(verifier);

	if (!finding)
		return;
	if (problem->image)
		finding->image = arena_copy(arena, bytes_of(problem->image));
	finding->subject = problem->image ? bytes_basename(finding->image) : archive_of(verifier, problem);
	finding->entry = problem->entry;
	finding->offset = problem->offset;
	says(verifier, finding, "%s", problem->message);
	if (problem->source && strcmp(problem->source, verifier->checkpoint->source.path) != 0)
		with_text(verifier, finding, "source", bytes_of(problem->source));
}

static bool is_damage(const struct error *problem)
{
	return problem->kind == ERROR_DAMAGED || problem->kind == ERROR_UNREADABLE;
}

void found_damage(struct verifier *verifier, enum damage damage)
{
	for (size_t i = verifier->checkpoint->n_source_problems; i < verifier->problems.n; i++) {
		const struct error *problem = verifier->problems.items[i];

		if (is_damage(problem) && problem->damage == damage)
			found_problem(verifier, problem);
	}
}

void found_source_damage(struct verifier *verifier, bool trailing)
{
	for (size_t i = 0; i < verifier->checkpoint->n_source_problems; i++) {
		const struct error *problem = verifier->problems.items[i];

		if (is_damage(problem) && (problem->damage == DAMAGE_TRAILING) == trailing)
			found_problem(verifier, problem);
	}
}

void verify_drop_found(struct problems *problems)
{
	struct problems kept;

	problems_init(&kept);
	for (size_t i = 0; i < problems->n; i++) {
		if (is_damage(problems->items[i]))
			error_free(problems->items[i]);
		else
			problems_add(&kept, problems->items[i]);
	}
	if (problems->dropped)
		problems_add(&kept, error_new(ERROR_LIMIT, "more than %d problems; %zu are not told", PROBLEMS_KEPT,
					      problems->dropped));
	problems->n = problems->dropped = 0;
	problems_deinit(problems);
	*problems = kept;
}

/* --- all of it -------------------------------------------------------------------------------------------- */

/* What these find lacking is in one image, which may be lacking itself, or be damaged. */
static const struct {
	const char *check, *image;
} holders[] = {
	{ "fd-dangling", "files.img" },	     { "regfile-dangling", "files.img" },
	{ "remap-dangling", "files.img" },   { "queue-dangling", "files.img" },
	{ "rights-dangling", "files.img" },  { "tty-dangling", "tty-info.img" },
	{ "lock-dangling", "files.img" },    { "memfd-dangling", "memfd.img" },
	{ "ghost-unnamed", "remap-fpath.img" },
	{ "cgroup-dangling", "cgroup.img" }, { "seccomp-dangling", "seccomp.img" },
};

/* The image that CHECK needs, and that is not there or was not read to its end; NULL: there is none. */
static const char *lacking_image(const struct verifier *verifier, const struct verify_check *check, bool *ret_absent)
{
	struct checkpoint *checkpoint = verifier->checkpoint;

	for (size_t i = 0; i < ARRAY_SIZE(holders); i++) {
		const struct member *image;

		if (strcmp(holders[i].check, check->id) != 0)
			continue;
		image = checkpoint_image(checkpoint, "%s", holders[i].image);
		*ret_absent = !image;
		if (image ? checkpoint->read_states[source_index(&checkpoint->source, image)] != READ_WHOLE
			  : !checkpoint_image(checkpoint, "reg-files.img")) /* old dumps: one for each type of files */
			return holders[i].image;
	}
	return NULL;
}

/* Told once, whatever refers to it. */
static void found_absent(struct verifier *verifier, const char *image)
{
	for (size_t i = 0; i < verifier->absent.n; i++)
		if (!strcmp(verifier->absent.items[i], image))
			return;
	*vec_push(&verifier->checkpoint->arena, &verifier->absent) = image;
	verifier->kind = FINDS_ABSENCE;
	says(verifier, found(verifier, NO_ORIGIN, ABSENT_U32, "%s", image), "is not %s, and others refer to it",
	     verifier->checkpoint->source.is_cut ? "in what is left of the archive, which is cut"
						 : "in the checkpoint");
}

static void run_check(struct verifier *verifier, const struct verify_check *check)
{
	bool is_absent = false;
	const char *lacking = lacking_image(verifier, check, &is_absent);

	verifier->check = check;
	verifier->kind = check->kind;
	verifier->only_counts = lacking != NULL;
	verifier->counted = 0;
	check->run(verifier);
	verifier->only_counts = false;
	if (lacking && is_absent && verifier->counted)
		found_absent(verifier, lacking); /* damage is told by the check of the image */
}

void verify_checkpoint(struct checkpoint *checkpoint, struct findings *findings, bool *ret_damaged)
{
	struct verifier verifier = { .checkpoint = checkpoint, .findings = findings };

	checkpoint_need(checkpoint, PART_EVERYTHING & ~(unsigned)PART_STRINGS);
	collect_facts(&verifier);
	collect_maps(&verifier);
	problems_init(&verifier.problems);
	problems_move(&verifier.problems, &checkpoint->problems);
	for (size_t g = 0; g < ARRAY_SIZE(groups); g++) {
		if (groups[g]->of_references && !is_finished(&verifier))
			continue;
		for (size_t i = 0; i < groups[g]->n; i++)
			run_check(&verifier, &groups[g]->checks[i]);
	}
	find_places(&verifier);
	problems_move(&verifier.problems, &checkpoint->problems); /* of images that were opened once more */
	problems_move(&checkpoint->problems, &verifier.problems);
	*ret_damaged = verifier.found[FINDS_DAMAGE] ||
		       (verifier.found[FINDS_CONTRADICTION] && !verifier.found[FINDS_ABSENCE]);
}
