/*
 * bench: what coldcase takes, beside its limit or a peer that does the same in the same run.
 *
 *     bench DIRECTORY     where `make bench` put its inputs
 *
 * Each command runs RUNS times in turn with its peer; the medians are printed. Time is CPU time of
 * the whole process, memory its largest resident size. Nothing here passes or fails: the machines
 * are noisy, and a ratio in one run is all that can be trusted.
 */
#include <fcntl.h>
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

static const struct {
	const char *name;
	const char *command;
	double limit;     /* seconds of CPU; 0: none */
	long peak_limit;  /* KiB; 0: none */
	const char *peer; /* a command that does the same amount of reading; NULL: none */
	double peer_factor;
} rows[] = {
	{ "decode, 2,001 tasks, 14,014 images", "build/coldcase decode tasks-2001", 0.25, 0, NULL, 0 },
	{ "show, plain tar, 1,000 processes", "build/coldcase show tasks-1000.tar", 0.05, 0, NULL, 0 },
	{ "ps, plain tar, 1,000 processes", "build/coldcase ps tasks-1000.tar", 0.05, 0, NULL, 0 },
	{ "show, plain tar of 10 GiB", "build/coldcase show sparse-10g.tar", 0.05, 64 << 10, NULL, 0 },
	{ "show, 256 MiB of pages, zstd", "build/coldcase show pages.tar.zst", 0, 0,
	  "zstd -dcq pages.tar.zst", 1.0 },
	{ "show, 256 MiB of pages, gzip", "build/coldcase show pages.tar.gz", 0, 0,
	  "gzip -dc pages.tar.gz", 0.5 },
	{ "manifest, plain tar of 256 MiB", "build/coldcase manifest pages.tar", 0, 64 << 10,
	  "sha256sum pages.tar", 1.0 },
	{ "vmas, 1,000,000 page runs", "build/coldcase maps runs-1m -c pid,pages_present", 0, 128 << 10,
	  NULL, 0 },
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

static struct measure run(const char *command)
{
	struct rusage usage;
	pid_t pid = fork();
	int status;

	if (pid == 0)
		start(command);
	if (pid < 0 || wait4(pid, &status, 0, &usage) < 0 || !WIFEXITED(status) ||
	    WEXITSTATUS(status) != 0) {
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

static struct measure median(struct measure *runs)
{
	qsort(runs, RUNS, sizeof(*runs), by_cpu);
	return runs[RUNS / 2];
}

static void measure_row(size_t i)
{
	struct measure ours[RUNS], peers[RUNS], mine, other;

	run(rows[i].command); /* warms the cache */
	for (int k = 0; k < RUNS; k++) {
		ours[k] = run(rows[i].command);
		if (rows[i].peer)
			peers[k] = run(rows[i].peer);
	}
	mine = median(ours);
	printf("%-34s %7.3f s %7ld KiB", rows[i].name, mine.cpu, mine.peak);
	if (rows[i].limit)
		printf("   limit %.3f s", rows[i].limit);
	if (rows[i].peak_limit)
		printf("   limit %ld KiB", rows[i].peak_limit);
	if (rows[i].peer) {
		other = median(peers);
		printf("   %.2f of \"%s\" (%.3f s), aim %.2f", mine.cpu / other.cpu, rows[i].peer,
		       other.cpu, rows[i].peer_factor);
	}
	printf("\n");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	if (argc != 2 || chdir(argv[1]) < 0 || !getenv("COLDCASE"))
		return fprintf(stderr, "usage: COLDCASE=PROGRAM bench DIRECTORY\n"), 2;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		measure_row(i);
	return 0;
}
