#include "db/check/rule.h"

#include <ctype.h>

#include "decoders/base/nearest.h"
#include "decoders/base/size.h"

const char *const profile_names[N_PROFILES] = {
	[PROFILE_SAME_HOST] = "same-host",   [PROFILE_OTHER_HOST] = "other-host",
	[PROFILE_OTHER_POD] = "other-pod",   [PROFILE_PLAIN_CRIU] = "plain-criu",
	[PROFILE_FORENSIC] = "forensic",
};

const char *const tool_names[N_TOOLS] = {
	[TOOL_CRIU] = "criu",	  [TOOL_RUNC] = "runc",	  [TOOL_CRUN] = "crun",
	[TOOL_PODMAN] = "podman", [TOOL_CRIO] = "cri-o", [TOOL_CONTAINERD] = "containerd",
};

const struct assumption assumptions[N_ASSUMPTIONS] = {
	[ASSUME_TCP_ESTABLISHED] = { "tcp-established", "connections are restored, at the same address" },
	[ASSUME_TCP_CLOSE] = { "tcp-close", "connections come back closed" },
	[ASSUME_FILE_LOCKS] = { "file-locks", "locks are restored" },
	[ASSUME_EXT_UNIX_SK] = { "ext-unix-sk", "unix sockets may lead to somebody outside" },
	[ASSUME_SHELL_JOB] = { "shell-job", "the terminal and the session of a shell are taken over" },
	[ASSUME_LINK_REMAP] = { "link-remap", "hard links stand in for files that have no name" },
	[ASSUME_EXTERNAL] = { "external", "external mounts, namespaces, terminals and files are given again" },
	[ASSUME_ALLOW_UPROBES] = { "allow-uprobes", "mappings of uprobes may be there" },
	[ASSUME_DEVICES] = { "devices", "the same devices and plugins are there" },
};

struct error *assumptions_parse(struct bytes list, unsigned *ret)
{
	unsigned set = 0;
	struct bytes word;

	while (word_next(&list, &word)) {
		struct nearest nearest = nearest_to(word);
		unsigned found = 0;

		for (unsigned i = 0; i < N_ASSUMPTIONS; i++) {
			if (bytes_equal(word, bytes_of(assumptions[i].name)))
				found = 1U << i;
			nearest_try(&nearest, bytes_of(assumptions[i].name));
		}
		if (!found)
			return nearest_hint(&nearest,
					    error_new(ERROR_USAGE, "nothing to assume is called \"%.*s\"",
						      BYTES_FMT(word)),
					    "\"coldcase check --help\" lists what there is");
		set |= found;
	}
	*ret = set;
	return NULL;
}

struct bytes rule_fix(const struct rule *rule, enum tool tool)
{
	return rule->fixes[tool].data ? rule->fixes[tool] : rule->fix;
}

/* --- the words of the head --------------------------------------------------------------------- */

struct head {
	struct arena *arena;
	struct rule *rule;
	unsigned line; /* of the word that is being taken */
};

typedef struct error *(*take_function)(struct head *head, struct bytes value);

static struct error *take_severity_word(struct bytes word, bool may_be_off, int *ret)
{
	for (int i = 0; i < N_SEVERITIES; i++)
		if (bytes_equal(word, bytes_of(severities[i].name))) {
			*ret = i;
			return NULL;
		}
	if (may_be_off && bytes_equal(word, BYTES("off"))) {
		*ret = CHOICE_OFF;
		return NULL;
	}
	return error_new(ERROR_USAGE, "\"%.*s\" is no severity: blocker, error, warning, note%s",
			 BYTES_FMT(word), may_be_off ? ", off" : "");
}

static struct error *take_severity(struct head *head, struct bytes value)
{
	int severity = 0;
	struct error *error = take_severity_word(value, false, &severity);

	head->rule->severity = (enum severity)severity;
	return error;
}

const struct scope scopes[N_SCOPES] = {
	{ "image", SCOPE_IMAGE },
	{ "live", SCOPE_LIVE },
	{ "log", SCOPE_LOG },
	{ "host", SCOPE_HOST },
};

static struct error *take_scope(struct head *head, struct bytes value)
{
	struct bytes word;

	while (word_next(&value, &word)) {
		unsigned bit = 0;

		for (size_t i = 0; i < N_SCOPES; i++)
			if (bytes_equal(word, bytes_of(scopes[i].name)))
				bit = scopes[i].bit;
		if (!bit)
			return error_new(ERROR_USAGE, "\"%.*s\" is no scope: image, live, log, host",
					 BYTES_FMT(word));
		head->rule->scope |= bit;
	}
	return NULL;
}

/* "other-host=error forensic=off" */
static struct error *take_profiles(struct head *head, struct bytes value)
{
	struct bytes word;

	while (word_next(&value, &word)) {
		size_t equals = bytes_find(word, '=');
		struct bytes name = bytes_first(word, equals);
		int profile = -1;
		struct error *error;

		for (int i = 0; i < N_PROFILES; i++)
			if (bytes_equal(name, bytes_of(profile_names[i])))
				profile = i;
		if (profile < 0)
			return error_new(ERROR_USAGE, "there is no profile \"%.*s\"", BYTES_FMT(name));
		error = take_severity_word(bytes_from(word, equals + 1), true,
					   &head->rule->in_profile[profile]);
		if (error)
			return error;
	}
	return NULL;
}

static struct error *take_assume(struct head *head, struct bytes value)
{
	return assumptions_parse(value, &head->rule->assume);
}

static struct error *take_fixture(struct head *head, struct bytes value, bool fires)
{
	struct fixture *fixture = vec_push(head->arena, &head->rule->fixtures);

	*fixture = (struct fixture){ fires, value, head->line };
	return NULL;
}

static struct error *take_fires(struct head *head, struct bytes value)
{
	return take_fixture(head, value, true);
}

static struct error *take_quiet(struct head *head, struct bytes value)
{
	return take_fixture(head, value, false);
}

static const struct word {
	const char *name;
	size_t offset;      /* of the text in the rule; or: */
	take_function take;
	bool is_required;
} words[] = {
	{ "id", offsetof(struct rule, id), NULL, true },
	{ "severity", 0, take_severity, true },
	{ "category", offsetof(struct rule, category), NULL, true },
	{ "scope", 0, take_scope, true },
	{ "profiles", 0, take_profiles, false },
	{ "assume", 0, take_assume, false },
	{ "over", offsetof(struct rule, over), NULL, false },
	{ "over all", offsetof(struct rule, over_all), NULL, false },
	{ "group", offsetof(struct rule, group), NULL, false },
	{ "title", offsetof(struct rule, title), NULL, true },
	{ "message", offsetof(struct rule, message), NULL, true },
	{ "why", offsetof(struct rule, why), NULL, true },
	{ "fix", offsetof(struct rule, fix), NULL, true },
	{ "fix criu", offsetof(struct rule, fixes[TOOL_CRIU]), NULL, false },
	{ "fix runc", offsetof(struct rule, fixes[TOOL_RUNC]), NULL, false },
	{ "fix crun", offsetof(struct rule, fixes[TOOL_CRUN]), NULL, false },
	{ "fix podman", offsetof(struct rule, fixes[TOOL_PODMAN]), NULL, false },
	{ "fix cri-o", offsetof(struct rule, fixes[TOOL_CRIO]), NULL, false },
	{ "fix containerd", offsetof(struct rule, fixes[TOOL_CONTAINERD]), NULL, false },
	{ "see", offsetof(struct rule, see), NULL, false },
	{ "attack", offsetof(struct rule, attack), NULL, false },
	{ "fires", 0, take_fires, false },
	{ "quiet", 0, take_quiet, false },
};

static struct error *take_word(struct head *head, struct bytes name, struct bytes value, uint32_t *seen)
{
	struct nearest nearest = nearest_to(name);

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (!bytes_equal(name, bytes_of(words[i].name))) {
			nearest_try(&nearest, bytes_of(words[i].name));
			continue;
		}
		if (value.len == 0)
			return error_new(ERROR_USAGE, "\"%s\" says nothing", words[i].name);
		if (words[i].take != take_fires && words[i].take != take_quiet && *seen >> i & 1)
			return error_new(ERROR_USAGE, "\"%s\" is there twice", words[i].name);
		*seen |= 1U << i;
		if (words[i].take)
			return words[i].take(head, value);
		*(struct bytes *)((char *)head->rule + words[i].offset) = value;
		return NULL;
	}
	return nearest_hint(&nearest,
			    error_new(ERROR_USAGE, "a rule's head has no word \"%.*s\"", BYTES_FMT(name)),
			    NULL);
}

/* --- lines ---------------------------------------------------------------------------------------- */

static struct bytes trimmed(struct bytes text)
{
	while (text.len && isspace(*text.data))
		text = bytes_from(text, 1);
	while (text.len && isspace(text.data[text.len - 1]))
		text.len--;
	return text;
}

static struct bytes take_line(struct bytes *rest)
{
	size_t len = bytes_find(*rest, '\n');
	struct bytes line = bytes_first(*rest, len);

	*rest = bytes_from(*rest, len + 1);
	return line;
}

/* "--   more of it": what goes on is indented. */
static bool goes_on(struct bytes rest)
{
	return bytes_start_with(rest, BYTES("--  ")) || bytes_start_with(rest, BYTES("--\t"));
}

/* The value behind "name:", with the lines that it goes on in. */
static struct bytes take_value(struct head *head, struct bytes first, struct bytes *rest, unsigned *line)
{
	struct bytes value = trimmed(first);

	while (goes_on(*rest)) {
		struct bytes more = trimmed(bytes_from(take_line(rest), 2));

		++*line;
		value = bytes_of(arena_printf(head->arena, "%.*s%s%.*s", (int)value.len,
					      (const char *)value.data, value.len ? " " : "",
					      (int)more.len, (const char *)more.data));
	}
	return value;
}

static struct error *at_line(struct error *error, const char *file, unsigned line)
{
	struct error *told;

	if (!error)
		return NULL;
	told = error_new(ERROR_USAGE, "line %u: %s", line, error->message);
	error_free(error);
	return error_in_source(told, file);
}

static struct error *parse_head(struct head *head, struct bytes *rest, unsigned *line)
{
	const char *file = head->rule->file;
	uint32_t seen = 0;

	for (;;) {
		struct bytes start = *rest, text = trimmed(take_line(rest));
		struct bytes name, value;
		struct error *error;
		size_t colon;

		if (start.len == 0 || (text.len && !bytes_start_with(text, BYTES("--")))) {
			*rest = start;
			break;
		}
		head->line = ++*line;
		text = text.len ? trimmed(bytes_from(text, 2)) : text;
		if (text.len == 0)
			continue;
		colon = bytes_find(text, ':');
		if (colon == text.len)
			return at_line(error_new(ERROR_USAGE, "neither \"word: text\" nor an indented line "
							      "that goes on"), file, head->line);
		name = trimmed(bytes_first(text, colon));
		value = take_value(head, bytes_from(text, colon + 1), rest, line);
		error = take_word(head, name, value, &seen);
		if (error)
			return at_line(error, file, head->line);
	}
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i].is_required && !(seen >> i & 1))
			return at_line(error_new(ERROR_USAGE, "the head has no \"%s\"", words[i].name), file,
				       *line);
	return NULL;
}

static struct error *check_rule(const struct rule *rule)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	for (size_t i = 0; i < rule->id.len; i++)
		if (!strchr(letters, rule->id.data[i]) || !rule->id.data[i])
			return at_line(error_new(ERROR_USAGE, "an id has small letters, digits and \"-\" only"),
				       rule->file, 1);
	if (rule->sql.len == 0 && rule->scope & ~SCOPE_LOG)
		return at_line(error_new(ERROR_USAGE, "there is no SELECT behind the head"), rule->file,
			       rule->sql_line);
	if (rule->sql.len && !(rule->scope & ~SCOPE_LOG))
		return at_line(error_new(ERROR_USAGE, "a rule for logs only has no SELECT"), rule->file,
			       rule->sql_line);
	return NULL;
}

struct error *rule_parse(struct arena *arena, const char *file, struct bytes text, struct rule *ret)
{
	struct rule rule = { .file = file };
	struct head head = { .arena = arena, .rule = &rule };
	unsigned line = 0;
	struct error *error;

	for (size_t i = 0; i < N_PROFILES; i++)
		rule.in_profile[i] = CHOICE_USUAL;
	error = parse_head(&head, &text, &line);
	if (error)
		return error;
	rule.sql_line = line + 1;
	while (text.len && (isspace(text.data[text.len - 1]) || text.data[text.len - 1] == ';'))
		text.len--;
	rule.sql = text;
	error = check_rule(&rule);
	if (error)
		return error;
	*ret = rule;
	return NULL;
}
