/* verify over real dumps: nothing is wrong with those that CRIU finished, and of others it says what is. */
#include "tests/interop/corpus.h"

static size_t n_whole, n_told;

/* Dumps that need something besides their images, or have something to be told, and which checks say so. */
static const struct {
	const char *cases; /* the name begins so */
	const char *ids;   /* of what is found, in order */
} told[] = {
	/* Half of a pair of unix sockets: the other end belongs to a task that was not dumped. */
	{ "accepted-extunixstream-", "unix-peer-missing" },
	/* Its parent was removed after the dump. */
	{ "broken-parent-", "parent-outside-archive" },
	/* containerd writes over a longer file without cutting it. */
	{ "ctrd-cri-trailing-", "archive-trailing" },
	/* Made to be restored while the task that was dumped hands out its pages. */
	{ "lazy-pages-", "pages-lazy" },
	/* The page server's directory is not named. */
	{ "page-server-", "pages-elsewhere" },
};

static const char *ids_told(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(told); i++)
		if (!strncmp(name, told[i].cases, strlen(told[i].cases)))
			return told[i].ids;
	return "";
}

/* The report on PATH; PARENT may be NULL. */
static struct json_object *report_on(const char *path, const char *parent, int *ret_status)
{
	struct outcome outcome = parent ? run("verify", "-f", "json", path, "--parent", parent, NULL)
					: run("verify", "-f", "json", path, NULL);
	struct json_object *report = json_parse(outcome.out);

	*ret_status = outcome.status;
	return report ? hold(report) : NULL;
}

/* The ids of what was found, each once and in order. */
static const char *ids_of(struct json_object *report)
{
	struct json_object *finding;
	const char *ids = "", *last = "";

	EACH(finding, member(report, "findings")) {
		const char *id = text_of(finding, "rule");

		if (strcmp(id, last) != 0)
			ids = make_text("%s%s%s", ids, ids[0] ? " " : "", id);
		last = id;
	}
	return ids;
}

/* What makes a pair of this: podman's pre-checkpoint, a page server's directory. */
static const char *parent_of(const struct case_files *files)
{
	const char *parent = first_match(files->directory, "pre.tar*");

	return parent ? parent : first_match(files->directory, "ps");
}

static void look_at_finished(const struct case_files *files)
{
	const char *parent = parent_of(files), *wanted = ids_told(files->name);
	struct json_object *report;
	int status = 0;

	if (is_refused(files))
		return;
	report = report_on(files->checkpoint, NULL, &status);
	if (!parent || wanted[0])
		same_text("what is found", wanted, ids_of(report));
	if (!parent && !wanted[0])
		same_number("the status", 0, status);
	n_told += wanted[0] != '\0';
	if (!parent)
		return;
	report = report_on(files->checkpoint, parent, &status);
	same_text("what is found with the parent", "", ids_of(report));
	same_number("the status with the parent", 0, status);
	n_whole++;
}

/* Which is right, and says with what the dump ended. */
static void look_at_refused(const struct case_files *files)
{
	struct json_object *report, *finding;
	bool unfinished = false;
	int status = 0;

	if (!is_refused(files) || !files->checkpoint)
		return;
	report = report_on(files->checkpoint, NULL, &status);
	if (status == 3)
		return; /* CRIU left no image at all */
	EACH(finding, member(report, "findings")) {
		const char *id = text_of(finding, "rule");

		unfinished |= !strcmp(id, "img-inventory-missing");
		holds(is_one_of("img-inventory-missing img-dump-failed img-truncated", id), id);
		same_text("the severity", "blocker", text_of(finding, "severity"));
	}
	holds(unfinished, "the dump is said to be unfinished");
	holds(status == 1 || status == 4, "the status is 1, or 4 of one whose disk was full");
	n_told++;
}

static void enough_cases(void)
{
	enough_was_compared("dumps with findings", n_told, 3);
	enough_was_compared("dumps with a parent", n_whole, 1);
}

int main(void)
{
	static const struct subject subjects[] = {
		{ "dumps that are finished", look_at_finished, NULL },
		{ "dumps that were refused", look_at_refused, enough_cases },
	};

	return run_over_cases("verify", subjects, ARRAY_SIZE(subjects));
}
