/*
 * What raw images and lists of values say, against what was seen otherwise: ip(8) and nft(8) in the same
 * namespace before the dump (ip-addr.txt, ip-route.txt, nft.txt), and what the cases set (truth.json).
 * With CORPUS=DIRECTORY the cases are the directories there.
 */
#include "tests/interop/corpus.h"

static size_t n_addresses, n_routes, n_rules, n_statements, n_settings, n_filters;

/* The lines of a file of the case; NULL where it has none. */
static char *text_file(const struct case_files *files, const char *name)
{
	const char *path = make_text("%s/%s", files->directory, name);

	return is_there(path) ? make_text("%s", (const char *)read_file(path).data) : NULL;
}

/* The word behind KEY in LINE, or NULL. */
static const char *word_behind(const char *line, const char *key)
{
	const char *found = strstr(line, make_text(" %s ", key));

	if (!found)
		return NULL;
	found += strlen(key) + 2;
	return make_text("%.*s", (int)strcspn(found, " \n"), found);
}

/* --- addresses ----------------------------------------------------------------------------- */

static struct json_object *row_with(struct json_object *rows, const char *column, const char *text)
{
	struct json_object *row;

	EACH(row, rows) {
		const char *found = cell_text(row, column);

		if (found && !strcmp(found, text))
			return row;
	}
	return NULL;
}

/* "inet 192.0.2.5/24 scope global va" */
static void compare_address(struct json_object *rows, const char *line, const char *device)
{
	const char *family = make_text("%.*s", (int)strcspn(line, " "), line);
	const char *start = line + strlen(family) + 1;
	const char *address = make_text("%.*s", (int)strcspn(start, "/ "), start);
	struct json_object *row = row_with(rows, "address", address);

	look_at("%s %s", family, address);
	holds(row != NULL, "the address has a row");
	if (!row)
		return;
	n_addresses++;
	same_text("family", family, cell_text(row, "family"));
	same_number("prefix_len", strtol(start + strcspn(start, "/") + 1, NULL, 10),
		    cell_number(row, "prefix_len"));
	same_text("scope", word_behind(line, "scope"), cell_text(row, "scope"));
	same_text("broadcast", word_behind(line, "brd"), cell_text(row, "broadcast"));
	same_text("device", device, cell_text(row, "device"));
}

/* A device begins at the left margin, "3: va@vb: <...>"; its addresses are below. */
static void addresses_are_true(const struct case_files *files)
{
	char *text = text_file(files, "ip-addr.txt"), *line;
	struct json_object *rows;
	const char *device = NULL;
	int64_t n = 0;

	if (!text || !files->checkpoint || is_refused(files))
		return;
	rows = list_table("address", files);
	if (length(rows) == 0)
		return; /* a namespace that is given from outside has no addresses in the images */
	while ((line = strsep(&text, "\n"))) {
		if (*line >= '0' && *line <= '9')
			device = make_text("%.*s", (int)strcspn(strchr(line, ' ') + 1, "@:"),
					   strchr(line, ' ') + 1);
		line += strspn(line, " ");
		if (strncmp(line, "inet", 4) != 0)
			continue;
		compare_address(rows, line, device);
		n++;
	}
	look_at("%s", files->name);
	same_number("addresses", n, (int64_t)length(rows));
}

static void enough_addresses(void)
{
	enough_was_compared("addresses", n_addresses, 7);
}

/* --- routes and rules ---------------------------------------------------------------------- */

/* "198.51.100.0/24 via 192.0.2.1 dev va" */
static void compare_route(struct json_object *rows, const char *line)
{
	struct json_object *row = row_with(rows, "dst", make_text("%.*s", (int)strcspn(line, " "), line));
	const char *protocol = word_behind(line, "proto"), *scope = word_behind(line, "scope");

	look_at("%s", line);
	holds(row != NULL, "the route has a row");
	if (!row)
		return;
	n_routes++;
	same_text("gateway", word_behind(line, "via"), cell_text(row, "gateway"));
	same_text("device", word_behind(line, "dev"), cell_text(row, "device"));
	same_text("protocol", protocol ? protocol : "boot", cell_text(row, "protocol"));
	same_text("scope", scope ? scope : "global", cell_text(row, "scope"));
	same_text("preferred_src", word_behind(line, "src"), cell_text(row, "preferred_src"));
}

/* What every namespace of IPv4 begins with, and no case has changed. */
static void compare_rules(struct json_object *rows)
{
	static const struct {
		int64_t priority;
		const char *table;
	} standard[] = { { 0, "local" }, { 32766, "main" }, { 32767, "default" } };

	same_number("rules", ARRAY_SIZE(standard), (int64_t)length(rows));
	for (size_t i = 0; i < ARRAY_SIZE(standard); i++) {
		struct json_object *row = element(rows, i);

		n_rules++;
		same_number("priority", standard[i].priority, cell_number(row, "priority"));
		same_text("action", "lookup", cell_text(row, "action"));
		same_text("table_name", standard[i].table, cell_text(row, "table_name"));
		same_text("protocol", "kernel", cell_text(row, "protocol"));
	}
}

static void routes_are_true(const struct case_files *files)
{
	char *text = text_file(files, "ip-route.txt"), *line;

	if (!files->checkpoint || is_refused(files))
		return;
	if (length(list_table("rule", files)))
		compare_rules(list_table("rule", files));
	if (length(list_table("address", files)) == 0)
		return;
	while (text && (line = strsep(&text, "\n")))
		if (*line)
			compare_route(list_table("route", files), line);
}

static void enough_routes(void)
{
	enough_was_compared("routes", n_routes, 3);
	enough_was_compared("rules", n_rules, 3);
}

/* --- firewalls ----------------------------------------------------------------------------- */

static void firewalls_are_true(const struct case_files *files)
{
	char *text = text_file(files, "nft.txt"), *line;

	if (!text || !files->checkpoint || is_refused(files))
		return;
	while ((line = strsep(&text, "\n"))) {
		line += strspn(line, " \t");
		if (!*line || !strcmp(line, "}"))
			continue;
		n_statements++;
		look_at("%s", line);
		holds(row_with(list_table("firewall", files), "text", line) != NULL,
		      "the statement has a row");
	}
}

static void enough_statements(void)
{
	enough_was_compared("statements of firewalls", n_statements, 4);
}

/* --- settings ------------------------------------------------------------------------------ */

static void settings_are_true(const struct case_files *files)
{
	struct json_object *set = member(files->truth, "sysctl");

	if (!set || !files->checkpoint || is_refused(files))
		return;
	json_object_object_foreach(set, name, value) {
		struct json_object *row;

		/* The kernel keeps this one under another name as well, and CRIU has that. */
		if (!strcmp(name, "net.ipv4.ip_forward"))
			name = make_text("net.ipv4.conf.all.forwarding");
		n_settings++;
		look_at("%s %s", files->name, name);
		row = row_with(list_table("sysctl", files), "name", name);
		holds(row != NULL, "the setting has a row");
		same_text("value", json_object_get_string(value), row ? cell_text(row, "value") : NULL);
	}
}

static void enough_settings(void)
{
	enough_was_compared("settings", n_settings, 2);
}

/* --- seccomp ------------------------------------------------------------------------------- */

/* How many instructions the filters of a task have, the last one first. */
static void compare_filters(const struct case_files *files, struct json_object *truth)
{
	struct json_object *thread = find_row(list_table("thread", files), "tid",
					      number_of(truth, "pid"), NULL, 0);
	int64_t id = cell_number(thread, "seccomp_filter");
	struct json_object *count, *filter;

	look_at("%s pid %" PRId64, files->name, number_of(truth, "pid"));
	EACH(count, member(truth, "insns")) {
		filter = find_row(list_table("seccomp", files), "id", id, NULL, 0);
		holds(filter != NULL, "the filter has a row");
		if (!filter)
			return;
		n_filters++;
		same_number("instructions", json_object_get_int64(count),
			    cell_number(filter, "instructions"));
		same_number("code", json_object_get_int64(count),
			    (int64_t)count_rows(list_table("seccomp_code", files), "filter_id", id));
		id = cell_number(filter, "previous");
	}
	same_number("the last one's previous", ABSENT, id);
}

static void filters_are_true(const struct case_files *files)
{
	struct json_object *truth;

	if (!files->checkpoint || is_refused(files))
		return;
	EACH(truth, member(files->truth, "seccomp"))
		if (member(truth, "insns"))
			compare_filters(files, truth);
}

static void enough_filters(void)
{
	enough_was_compared("seccomp filters", n_filters, 4);
}

int main(void)
{
	static const struct subject subjects[] = {
		{ "addresses", addresses_are_true, enough_addresses },
		{ "routes", routes_are_true, enough_routes },
		{ "firewalls", firewalls_are_true, enough_statements },
		{ "settings", settings_are_true, enough_settings },
		{ "seccomp", filters_are_true, enough_filters },
	};

	return run_over_cases("networks and filters", subjects, ARRAY_SIZE(subjects));
}
