/* The manual page: it is made out of the help, and is whole. */
#include "tests/support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char page[1 << 20];

static const char *manual(void)
{
	const char *program = getenv("COLDCASE");
	char command[4096];
	FILE *pipe;
	size_t len;

	snprintf(command, sizeof(command), "docs/manual %s", program ? program : "build/coldcase");
	pipe = popen(command, "r");
	assert_non_null(pipe);
	len = fread(page, 1, sizeof(page) - 1, pipe);
	page[len] = '\0';
	assert_int_equal(pclose(pipe), 0);
	return page;
}

static void every_command_has_a_section(void **state)
{
	struct outcome help = run("--help", NULL);
	char *list = strstr((char *)(uintptr_t)help.out.data, "Commands:\n"), *save = NULL;
	const char *text = manual();
	size_t n = 0;

	(void)state;
	assert_non_null(list);
	*strstr(list, "\n\n") = '\0';
	for (char *line = strtok_r(list + strlen("Commands:\n"), "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		char section[64];

		if (line[1] != ' ') /* the heading of a group */
			continue;
		n++;
		snprintf(section, sizeof(section), "\n.SS %.*s\n", (int)strcspn(line + 2, " "), line + 2);
		if (!strstr(text, section))
			fail_msg("no section for %s", line);
	}
	assert_true(n > 10);
}

/* A line that begins with one is a request, and a backslash an escape: those of the help are neither. */
static void no_text_is_taken_for_a_request(void **state)
{
	static const char *const requests[] = { "TH", "SH", "SS", "nf", "fi", "in", "TP",
						"B", "I", "RI", "PP" };
	char *save = NULL;

	(void)state;
	manual();
	for (char *line = strtok_r(page, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		bool known = line[0] != '.' && line[0] != '\'';

		for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
			known |= strcspn(line + !known, " ") == strlen(requests[i]) &&
				 !strncmp(line + 1, requests[i], strlen(requests[i]));
		if (!known)
			fail_msg("\"%s\" is no request", line);
		for (const char *p = strchr(line, '\\'); p; p = strchr(p + 2, '\\'))
			assert_non_null(strchr("e-&", p[1]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_has_a_section),
		cmocka_unit_test(no_text_is_taken_for_a_request),
	};

	return run_all(tests);
}
