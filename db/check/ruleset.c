#include "db/check/ruleset.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/check/builtin.h"
#include "db/check/integrity.h"

static int compare_rules(const void *left, const void *right)
{
	const struct rule *a = left, *b = right;

	return bytes_compare(a->id, b->id);
}

static void sort(struct ruleset *ruleset)
{
	qsort(ruleset->rules.items, ruleset->rules.n, sizeof(*ruleset->rules.items), compare_rules);
}

static struct rule *find(const struct ruleset *ruleset, struct bytes id)
{
	const struct rule key = { .id = id };

	return ruleset->rules.n ? bsearch(&key, ruleset->rules.items, ruleset->rules.n,
					  sizeof(key), compare_rules)
				: NULL;
}

const struct rule *ruleset_find(const struct ruleset *ruleset, struct bytes id)
{
	return find(ruleset, id);
}

struct error *ruleset_get(const struct ruleset *ruleset, struct bytes id, const struct rule **ret)
{
	const struct rule *rule = ruleset_find(ruleset, id);
	struct nearest nearest = nearest_to(id);

	if (!rule) {
		for (size_t i = 0; i < ruleset->rules.n; i++)
			nearest_try(&nearest, ruleset->rules.items[i].id);
		return nearest_hint(&nearest,
				    error_new(ERROR_USAGE, "there is no rule \"%.*s\"", BYTES_FMT(id)),
				    ruleset->lister);
	}
	*ret = rule;
	return NULL;
}

void ruleset_add(struct ruleset *ruleset, struct rule rule)
{
	*vec_push(&ruleset->arena, &ruleset->rules) = rule;
	sort(ruleset);
}

/* --- built in -------------------------------------------------------------------------------------- */

struct error *ruleset_init(struct ruleset *ruleset)
{
	*ruleset = (struct ruleset){ .lister = "\"coldcase rules\" lists them" };
	arena_init(&ruleset->arena);
	for (size_t i = 0; i < n_builtin_rules; i++) {
		struct rule *rule = vec_push(&ruleset->arena, &ruleset->rules);
		struct error *error = rule_parse(&ruleset->arena, builtin_rules[i].name,
						 bytes_of(builtin_rules[i].text), rule);

		if (!error && !bytes_equal(rule->id, bytes_of(builtin_rules[i].name)))
			error = error_new(ERROR_INTERNAL, "rule %s is called otherwise inside",
					  builtin_rules[i].name);
		if (error) {
			error->kind = ERROR_INTERNAL;
			ruleset_deinit(ruleset);
			return error;
		}
		rule->is_builtin = true;
	}
	sort(ruleset);
	integrity_rules(ruleset);
	return NULL;
}

void ruleset_deinit(struct ruleset *ruleset)
{
	arena_deinit(&ruleset->arena);
	*ruleset = (struct ruleset){ 0 };
}

/* --- users' own ------------------------------------------------------------------------------------ */

static struct error *read_whole(int fd, struct arena *arena, struct bytes *ret)
{
	struct stat st;
	uint8_t *data;
	size_t len = 0;

	if (fstat(fd, &st) < 0)
		return error_errno(ERROR_USAGE, "cannot read");
	if (!S_ISREG(st.st_mode))
		return error_new(ERROR_USAGE, "is no regular file");
	if (st.st_size > LARGEST_RULE)
		return error_new(ERROR_USAGE, "is larger than a rule may be (%d bytes)", LARGEST_RULE);
	data = arena_alloc(arena, (size_t)st.st_size + 1);
	while (len < (size_t)st.st_size) {
		ssize_t n = read(fd, data + len, (size_t)st.st_size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(ERROR_USAGE, "cannot read");
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*ret = (struct bytes){ data, len };
	return NULL;
}

static struct error *read_rule(struct ruleset *ruleset, int directory, const char *name, const char *path)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct bytes text = NO_BYTES;
	struct error *error;
	struct rule rule, *old;

	if (fd < 0)
		return error_in_source(error_errno(ERROR_USAGE, "cannot open"), path);
	error = read_whole(fd, &ruleset->arena, &text);
	close(fd);
	if (!error)
		error = rule_parse(&ruleset->arena, path, text, &rule);
	if (error)
		return error_in_source(error, path);
	old = find(ruleset, rule.id);
	if (old && !old->is_builtin)
		return error_in_source(error_new(ERROR_USAGE, "the rule \"%.*s\" is in %s too",
						 BYTES_FMT(rule.id), old->file), path);
	if (!old && ruleset->rules.n >= MOST_RULES)
		return error_in_source(error_new(ERROR_USAGE, "more than %d rules", MOST_RULES), path);
	if (old)
		*old = rule;
	else
		ruleset_add(ruleset, rule);
	return NULL;
}

static int is_rule_file(const struct dirent *entry)
{
	return bytes_end_with(bytes_of(entry->d_name), BYTES(".sql")) && *entry->d_name != '.';
}

struct error *ruleset_add_directory(struct ruleset *ruleset, const char *path)
{
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct dirent **entries = NULL;
	struct error *error = NULL;
	int n = 0;

	if (directory >= 0)
		n = scandirat(directory, ".", &entries, is_rule_file, alphasort);
	if (directory < 0 || n < 0)
		error = error_in_source(error_errno(ERROR_USAGE, "cannot open the directory of rules"), path);
	for (int i = 0; i < n; i++) {
		if (!error)
			error = read_rule(ruleset, directory, entries[i]->d_name,
					  arena_printf(&ruleset->arena, "%s/%s", path, entries[i]->d_name));
		free(entries[i]);
	}
	free(entries);
	if (directory >= 0)
		close(directory);
	if (!error && n == 0)
		error = error_in_source(error_new(ERROR_USAGE, "there are no rules (*.sql)"), path);
	return error;
}
