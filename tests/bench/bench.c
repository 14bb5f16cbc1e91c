/*
 * bench: what coldcase takes, beside its aim or a peer that does the same in the same run.
 *
 *     bench DIRECTORY [WORD...]   where `make bench` put its inputs; with WORDs, the rows with one in their name
 *     bench --inputs [WORD...]    prints the commands of these rows: what must be there for them
 *
 * Each command runs RUNS times in turn with its peer; the table has the medians. A peer that is not installed
 * is said to be missing. Time is CPU time of the whole process, memory its largest resident size. The verdicts
 * fail nothing: the machines are noisy, and a ratio in one run is all that can be trusted.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RUNS = 7 };

struct measure {
	double cpu; /* seconds */
	long peak;  /* KiB */
};

struct row {
	const char *name;
	const char *command;
	double limit;     /* seconds of CPU; 0: none */
	long peak_limit;  /* KiB; 0: none */
	const char *peer; /* a command that does the same amount of reading; NULL: none */
	double peer_factor; /* the aim; 0: to compare with, only */
};

static const struct row rows[] = {
	{ "start", "build/coldcase --version", 0.01, 0, NULL, 0 },
	{ "decode, 2,001 tasks, 14,014 images", "build/coldcase decode tasks-2001", 0.25, 0, NULL, 0 },
	{ "show, plain tar, 1,000 processes", "build/coldcase show tasks-1000.tar", 0.05, 0, NULL, 0 },
	{ "ps, plain tar, 1,000 processes", "build/coldcase ps tasks-1000.tar", 0.05, 0, NULL, 0 },
	{ "check, 17 processes", "build/coldcase check tree-criu4.2.1/img", 0.1, 0, NULL, 0 },
	{ "check, 1,000 processes, 45,000 fds", "build/coldcase check -q fds-1000", 1.0, 0, NULL, 0 },
	{ "check, 50,000 vmas, 20,000 fds", "build/coldcase check -q many", 1.0, 0, NULL, 0 },
	{ "show, plain tar of 10 GiB", "build/coldcase show sparse-10g.tar", 0.05, 64 << 10, NULL, 0 },
	{ "show, 256 MiB of pages, zstd", "build/coldcase show pages.tar.zst", 0, 0,
	  "zstd -dcq pages.tar.zst", 1.0 },
	{ "show, 256 MiB of pages, gzip", "build/coldcase show pages.tar.gz", 0, 0,
	  "gzip -dc pages.tar.gz", 0.5 },
	{ "show, 256 MiB of programs and texts, gzip", "build/coldcase show memory.tar.gz", 0, 0,
	  "gzip -dc memory.tar.gz", 0.5 },
	{ "manifest, plain tar of 256 MiB", "build/coldcase manifest pages.tar", 0, 64 << 10,
	  "sha256sum pages.tar", 1.0 },
	{ "vmas, 1,000,000 page runs", "build/coldcase maps runs-1m -c pid,pages_present", 0, 128 << 10,
	  NULL, 0 },
	{ "verify, 1,000,000 page runs", "build/coldcase verify runs-1m", 1.0, 128 << 10, NULL, 0 },
	{ "verify, 50,000 vmas, 20,000 fds", "build/coldcase verify many", 1.0, 64 << 10, NULL, 0 },
	{ "core, 256 MiB of pages", "build/coldcase core -q memory-256m -o core.out", 0, 64 << 10,
	  "cp memory-256m/pages-1.img copy.out", 1.5 },
	{ "diff, 1 GiB of pages", "build/coldcase diff memory-1g memory-1g-again", 0, 64 << 10,
	  "./comparer memory-1g/pages-1.img memory-1g-again/pages-1.img", 1.5 },
	{ "maps, 400,000 mappings", "build/coldcase maps many-400k -c pid,start", 0, 0, NULL, 0 },
	/* Words are split at blanks, so SQL has comments in their place. The peers read the same and join nothing. */
	{ "query, 50,000 vmas, 20,000 files joined by text", "build/coldcase query many "
	  "select/**/count(*)from/**/vma/**/join/**/file/**/on(file.path=coalesce(vma.path,'/x'))", 0, 0,
	  "build/coldcase query many select/**/count(vma.path),(select/**/count(path)from/**/file)from/**/vma", 1.5 },
	{ "query, 1,000,000 runs in mappings by address", "build/coldcase query runs-1m "
	  "select/**/count(*)from/**/page_run/**/r/**/join/**/vma/**/v/**/on(r.pid=v.pid/**/and/**/"
	  "r.address>=v.start/**/and/**/r.address<v.end)", 0, 0,
	  "build/coldcase query runs-1m select/**/count(pid),count(address)from/**/page_run", 1.5 },
	{ "diff, 50,000 vmas, 20,000 fds", "build/coldcase diff many many-again", 2.0, 0, NULL, 0 },
	/* An index knows what it has by its SHA-256, so the peers make that too. */
	{ "index, 256 MiB of pages, --pages", "./index-pages", 0, 64 << 10, "./digests", 1.5 },
	{ "index, the same without --pages", "./index-plain", 0, 64 << 10, "./digest", 1.5 },
	{ "index, plain tar of 256 MiB", "./index-tar", 0, 64 << 10, "openssl dgst -sha256 pages.tar", 1.5 },
	{ "index, 1,000,000 rows", "./index-rows", 0, 0, "./import-rows", 2 },
	{ "tui, first picture of 1,000 processes", "build/coldcase tui --script paint.script tasks-1000.tar", 0.1, 0,
	  "build/coldcase show tasks-1000.tar", 1.0 },
	{ "tui, first picture of 10 GiB", "build/coldcase tui --script paint.script sparse-10g.tar", 0.1, 64 << 10,
	  "build/coldcase show sparse-10g.tar", 1.0 },
	{ "tui, all of 1,000 processes", "build/coldcase tui --script first.script tasks-1000.tar", 0, 0, NULL, 0 },
	{ "tui, 1,000,000 rows, no key", "build/coldcase tui --script none.script runs-1m", 0, 0, NULL, 0 },
	{ "tui, the same and 1,000 keys", "build/coldcase tui --script keys.script runs-1m", 0, 0, NULL, 0 },
	/* A key that took as long as one may, 16 ms, would make ten times as much of it. */
	{ "tui, 1,000,000 rows of a diff, 1,000 keys",
	  "build/coldcase tui --script diff-keys.script tree-criu4.2.1/img many-1m", 0, 0,
	  "build/coldcase tui --script diff-none.script tree-criu4.2.1/img many-1m", 2.0 },
	{ "tui, 1,000,000 rows of an index, 1,000 keys", "build/coldcase tui --script index-keys.script many-1m.db", 0,
	  64 << 10, "build/coldcase tui --script index-none.script many-1m.db", 2.0 },
	{ "search, a literal, 256 MiB", "build/coldcase search memory-256m coldcase-bench-needle", 0, 64 << 10,
	  "rg -a -c -F coldcase-bench-needle memory-256m/pages-1.img", 1.5 },
	{ "search, the same, read as we read", "build/coldcase search memory-256m coldcase-bench-needle", 0, 64 << 10,
	  "rg --no-mmap -a -c -F coldcase-bench-needle memory-256m/pages-1.img", 1.5 },
	{ "search, either case", "build/coldcase search memory-256m -i Coldcase-Bench-Needle", 0, 64 << 10,
	  "rg -a -c -i -F Coldcase-Bench-Needle memory-256m/pages-1.img", 1.5 },
	{ "search, a literal with what is before", "build/coldcase search memory-256m --regex [a-z]+-bench-needle",
	  0, 64 << 10, "rg -a -c [a-z]+-bench-needle memory-256m/pages-1.img", 3 },
	{ "search, one of 8 literals",
	  "build/coldcase search memory-256m --regex (alpha|bravo|charlie|delta|echo|golf|hotel|coldcase)-bench-[a-z]+",
	  0, 64 << 10,
	  "rg -a -c (alpha|bravo|charlie|delta|echo|golf|hotel|coldcase)-bench-[a-z]+ memory-256m/pages-1.img", 3 },
	{ "search, no literal at all", "build/coldcase search memory-256m --count --regex [A-Z]{4}[0-9]{6}", 0,
	  64 << 10, "rg -a -c [A-Z]{4}[0-9]{6} memory-256m/pages-1.img", 12 },
	{ "scan, 256 MiB, fifty kinds", "build/coldcase scan memory-256m --fail-on blocker", 0, 64 << 10,
	  "rg -a -c -f scan.patterns memory-256m/pages-1.img", 3 },
	{ "strings, 256 MiB", "build/coldcase strings memory-256m", 0, 64 << 10,
	  "strings -a -tx memory-256m/pages-1.img", 1.0 },
};

/* These run once: they are larger than what the cache should hold of them. */
static const struct row large[] = {
	{ "search, 10 GiB", "build/coldcase search memory-10g --count --physical -j 2 x", 0, 64 << 10, NULL, 0 },
};

static void start(const char *command)
{
	char *copy = strdup(command), *words[32];
	int n = 0, null = open("/dev/null", O_WRONLY);

	for (char *word = strtok(copy, " "); word && n < 31; word = strtok(NULL, " "))
		words[n++] = word;
	words[n] = NULL;
	dup2(null, STDOUT_FILENO);
	if (!strncmp(words[0], "build/", 6))
		words[0] = getenv("COLDCASE");
	execvp(words[0], words);
	_exit(127);
}

/*
 * What is grown is no whole set of images, and those that judge say so. What of the patterns is in this machine's
 * programs is not known, and rg says that there is nothing.
 */
static bool is_done(const char *command, int status)
{
	bool judges = strstr(command, "coldcase verify ") || strstr(command, "coldcase check ");

	if (!strncmp(command, "rg ", 3))
		return status <= 1;
	return status == 0 || (judges && (status == 1 || status == 4));
}

static struct measure run(const char *command)
{
	struct rusage usage;
	pid_t pid = fork();
	int status;

	if (pid == 0)
		start(command);
	if (pid < 0 || wait4(pid, &status, 0, &usage) < 0 || !WIFEXITED(status) ||
	    !is_done(command, WEXITSTATUS(status))) {
		fprintf(stderr, "bench: failed: %s\n", command);
		exit(1);
	}
	return (struct measure){
		.cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
		.peak = usage.ru_maxrss,
	};
}

static int by_cpu(const void *a, const void *b)
{
	double left = ((const struct measure *)a)->cpu, right = ((const struct measure *)b)->cpu;

	return (left > right) - (left < right);
}

static struct measure median(struct measure *runs, int n)
{
	qsort(runs, (size_t)n, sizeof(*runs), by_cpu);
	return runs[n / 2];
}

/* Whether the first word of a command is a program that can be run. */
static bool is_installed(const char *command)
{
	char test[300];

	if (!strncmp(command, "build/", 6))
		return true;
	snprintf(test, sizeof(test), "command -v %.*s >/dev/null", (int)strcspn(command, " "), command);
	return system(test) == 0;
}

/* "ok" or "MISSED"; of what has no aim, nothing. */
static const char *verdict(const struct row *row, struct measure mine, double ratio)
{
	if (!row->limit && !row->peak_limit && !row->peer_factor)
		return "";
	return (row->limit && mine.cpu > row->limit) || (row->peak_limit && mine.peak > row->peak_limit) ||
			       (row->peer_factor && ratio > row->peer_factor)
		       ? "MISSED"
		       : "ok";
}

static void print_head(void)
{
	printf("%-49s %9s %8s %9s  %-7s %s\n", "ROW", "CPU s", "MiB", "OF PEER", "", "AIM");
}

static void print_row(const struct row *row, struct measure mine, bool has_peer, struct measure other)
{
	double ratio = has_peer ? mine.cpu / other.cpu : 0;
	const char *name = row->peer && !strncmp(row->peer, "build/", 6) ? row->peer + 6 : row->peer;

	printf("%-49s %9.3f %8.1f ", row->name, mine.cpu, (double)mine.peak / 1024);
	if (has_peer)
		printf("%9.2f", ratio);
	else
		printf("%9s", row->peer ? "no peer" : "");
	printf("  %-7s", row->peer && !has_peer ? "" : verdict(row, mine, ratio));
	if (row->limit)
		printf(" %.3f s", row->limit);
	if (row->peak_limit)
		printf(" %ld MiB", row->peak_limit >> 10);
	if (row->peer && row->peer_factor)
		printf(" %.2f x", row->peer_factor);
	if (row->peer)
		printf(" %.*s", (int)strcspn(name, " "), name);
	if (has_peer)
		printf(" (%.3f s)", other.cpu);
	printf("\n");
	fflush(stdout);
}

static void measure_row(const struct row *row, int n)
{
	struct measure ours[RUNS], peers[RUNS];
	bool has_peer = row->peer && is_installed(row->peer);

	if (n > 1)
		run(row->command); /* warms the cache */
	for (int k = 0; k < n; k++) {
		ours[k] = run(row->command);
		if (has_peer)
			peers[k] = run(row->peer);
	}
	print_row(row, median(ours, n), has_peer, has_peer ? median(peers, n) : ours[0]);
}

/* Whether the row is asked for: by a word in its name, or as one of all. */
static bool is_wanted(const struct row *row, char **words, int n)
{
	for (int i = 0; i < n; i++)
		if (strcasestr(row->name, words[i]))
			return true;
	return n == 0;
}

static void visit(void (*function)(const struct row *row, int runs), char **words, int n)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (is_wanted(&rows[i], words, n))
			function(&rows[i], RUNS);
	for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++)
		if (is_wanted(&large[i], words, n))
			function(&large[i], 1);
}

static void print_inputs(const struct row *row, int runs)
{
	(void)runs;
	printf("%s\n%s\n", row->command, row->peer ? row->peer : "");
}

int main(int argc, char **argv)
{
	if (argc >= 2 && !strcmp(argv[1], "--inputs")) {
		visit(print_inputs, argv + 2, argc - 2);
		return 0;
	}
	if (argc < 2 || chdir(argv[1]) < 0 || !getenv("COLDCASE"))
		return fprintf(stderr, "usage: COLDCASE=PROGRAM bench DIRECTORY [WORD...]\n"), 2;
	print_head();
	visit(measure_row, argv + 2, argc - 2);
	return 0;
}
