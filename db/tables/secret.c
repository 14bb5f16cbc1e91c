#include "db/tables/secret.h"

#include <ctype.h>
#include <string.h>

#include "decoders/base/size.h"

/* --- names --------------------------------------------------------------------------------------- */

/*
 * Names are looked at in capitals with "_" between their words, before and behind them: "authToken" is
 * "_AUTH_TOKEN_". These parts tell a secret wherever they are ...
 */
static const char *const telling[] = {
	"PASSWORD", "PASSWD",	  "PASSPHRASE", "SECRET",     "CREDENTIAL", "APIKEY",
	"API_KEY",  "ACCESS_KEY", "ACCOUNT_KEY", "PRIVATE_KEY", "REQUIREPASS", "MASTERAUTH",
	"_PASS_",   "_TOKEN_",	  "_AUTH_",	"_AUTHORIZATION_", "_JWT_",    "_BEARER_",
	"_COOKIE_", "_SALT_",
};

/* ... and these at the end, behind another word; PWD and KEY alone are something else. */
static const char *const telling_at_end[] = { "_KEY_", "_PWD_", "TOKEN_", "CONNECTION_STRING_" };

/* What ends so is about a secret, but none. */
static const char *const harmless_at_end[] = {
	"PUBLIC_KEY_", "_METHOD_", "_TYPE_",   "_MODE_",   "_ENABLED_", "_TTL_",    "_LENGTH_",
	"_HOST_",      "_PORT_",   "_NAME_",   "_URL_",	   "_URI_",	"_ENDPOINT_", "_PROVIDER_",
	"_ALGORITHM_", "_REGION_", "_EXPIRES_",
};

/* What ends so may be the path of the file that holds it, and then is none. */
static const char *const paths_at_end[] = { "_FILE_", "_PATH_", "_DIR_", "_SOCK_", "_SOCKET_",
					    "_CREDENTIALS_" };

static const char *const harmless_values[] = { "",   "true", "false", "yes",  "no",
					       "on", "off",  "none",  "null" };

enum {
	SHORTEST_NAME = 3, /* that tells anything */
	LONGEST_NAME = 96, /* of which the end is looked at */
};

struct words {
	char text[2 * LONGEST_NAME + 3];
};

static struct words words_of(struct bytes name)
{
	struct words words = { "_" };
	size_t n = 1;

	while (name.len && name.data[0] == '-')
		name = bytes_from(name, 1);
	name = bytes_from(name, name.len > LONGEST_NAME ? name.len - LONGEST_NAME : 0);
	for (size_t i = 0; i < name.len; i++) {
		if (i && isupper(name.data[i]) && islower(name.data[i - 1]))
			words.text[n++] = '_';
		words.text[n++] = (char)(isalnum(name.data[i]) ? toupper(name.data[i]) : '_');
	}
	words.text[n] = '_';
	return words;
}

static bool ends_with(const struct words *words, const char *const *ends, size_t n)
{
	struct bytes text = bytes_of(words->text);

	for (size_t i = 0; i < n; i++)
		if (text.len > strlen(ends[i]) && bytes_end_with(text, bytes_of(ends[i])))
			return true;
	return false;
}

static bool tells(const struct words *words)
{
	for (size_t i = 0; i < ARRAY_SIZE(telling); i++)
		if (strstr(words->text, telling[i]))
			return true;
	return ends_with(words, telling_at_end, ARRAY_SIZE(telling_at_end));
}

bool secret_name(struct bytes name)
{
	struct words words;

	if (name.len < SHORTEST_NAME)
		return false;
	words = words_of(name);
	return tells(&words) && !ends_with(&words, harmless_at_end, ARRAY_SIZE(harmless_at_end));
}

static bool is_secret(struct bytes name, struct bytes value)
{
	struct words words;

	if (!secret_name(name))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(harmless_values); i++)
		if (bytes_equal(value, bytes_of(harmless_values[i])))
			return false;
	words = words_of(name);
	return !(value.data[0] == '/' && ends_with(&words, paths_at_end, ARRAY_SIZE(paths_at_end)));
}

/* --- texts --------------------------------------------------------------------------------------- */

struct finding {
	struct arena *arena;
	struct bytes whole; /* the text of the value */
	struct {
		struct secret *items;
		size_t n, cap;
	} found;
};

static void mark(struct finding *finding, struct bytes part)
{
	size_t start = (size_t)(part.data - finding->whole.data), end = start + part.len;
	struct secret *last = finding->found.n ? &finding->found.items[finding->found.n - 1] : NULL;

	if (part.len == 0)
		return;
	if (last && start <= last->start + last->len) {
		if (end > last->start + last->len)
			last->len = end - last->start;
		return;
	}
	*vec_push(finding->arena, &finding->found) = (struct secret){ start, part.len };
}

static bool is_name_byte(uint8_t byte)
{
	return isalnum(byte) || byte == '_' || byte == '-' || byte == '.';
}

/* The name that ends where TEXT ends. */
static struct bytes name_before(struct bytes text)
{
	size_t n = 0;

	while (n < text.len && n < LONGEST_NAME && is_name_byte(text.data[text.len - 1 - n]))
		n++;
	return bytes_from(text, text.len - n);
}

static size_t until_any(struct bytes text, const char *stops)
{
	size_t n = 0;

	while (n < text.len && !memchr(stops, text.data[n], strlen(stops)))
		n++;
	return n;
}

/* What a NAME's value is in TEXT, which begins behind the sign: to its quote, or to the next word. */
static struct bytes value_in(struct bytes text)
{
	if (text.len && text.data[0] == ' ')
		text = bytes_from(text, 1);
	if (text.len && (text.data[0] == '"' || text.data[0] == '\'')) {
		uint8_t quote = text.data[0];

		text = bytes_from(text, 1);
		return bytes_first(text, bytes_find(text, quote));
	}
	return bytes_first(text, until_any(text, " \t\r\n&;,|\"'}"));
}

/*
 * NAME=VALUE, "NAME": VALUE, and NAME: VALUE from the start of the text, where SIGN is the position of the
 * sign. A name at the start has all of the rest as its value. Returns where to go on.
 */
static size_t mark_assignment(struct finding *finding, struct bytes text, size_t sign)
{
	struct bytes before = bytes_first(text, sign), after = bytes_from(text, sign + 1), name, value;
	bool quoted = before.len && (before.data[sign - 1] == '"' || before.data[sign - 1] == '\'');
	bool first;

	name = name_before(quoted ? bytes_first(before, sign - 1) : before);
	first = name.data == text.data;
	if (text.data[sign] == ':' && !quoted && !(first && after.len && after.data[0] == ' '))
		return sign + 1;
	/* The beginning of the value decides: looking at all of it time and again could take forever. */
	value = first ? after : value_in(bytes_first(after, LONGEST_NAME));
	if (!is_secret(name, value))
		return sign + 1;
	value = first ? after : value_in(after);
	mark(finding, value);
	return (size_t)(value.data - text.data) + value.len;
}

/* A text without spaces and quotes, found once for all URLs in it. */
struct word {
	size_t end;
	size_t last_at; /* position of the last '@', or 0 */
};

static struct word word_from(struct bytes text, size_t start)
{
	struct bytes word = bytes_from(text, start);
	size_t at;

	word = bytes_first(word, until_any(word, " \t\r\n\"'"));
	at = bytes_find_last(word, '@');
	return (struct word){ start + word.len, at == word.len ? 0 : start + at };
}

/* Marks the password of "user:password@host/path", which begins at START. */
static void mark_password(struct finding *finding, struct bytes text, size_t start,
			  const struct word *word)
{
	struct bytes rest = bytes_from(bytes_first(text, word->end), start);
	struct bytes authority = bytes_first(rest, until_any(rest, "/?#"));
	size_t colon = bytes_find(authority, ':'), at = bytes_find_last(authority, '@');

	if (colon == authority.len || authority.data[0] == '[')
		return;
	/* A password that is not spelled as it should be may have a slash in it; a port has not. */
	if (at == authority.len && word->last_at > start && !isdigit(rest.data[colon + 1]))
		at = word->last_at - start;
	if (at != authority.len && at > colon)
		mark(finding, bytes_from(bytes_first(rest, at), colon + 1));
}

static void mark_text(struct finding *finding, struct bytes text)
{
	static const struct bytes scheme_end = { (const uint8_t *)"://", 3 };
	struct word word = { 0 };

	for (size_t i = 0; i < text.len;) {
		size_t start = i + scheme_end.len;

		if (bytes_start_with(bytes_from(text, i), scheme_end)) {
			if (start > word.end)
				word = word_from(text, start);
			mark_password(finding, text, start, &word);
			i = start;
		} else if (text.data[i] == '=' || text.data[i] == ':') {
			i = mark_assignment(finding, text, i);
		} else {
			i++;
		}
	}
}

static void set_secrets(const struct finding *finding, struct value *value)
{
	value->secrets = finding->found.items;
	value->n_secrets = finding->found.n;
}

void secret_mark_variable(struct bytes name, struct arena *arena, struct value *value)
{
	struct finding finding = { .arena = arena, .whole = value->text };

	if (value->type != VALUE_TEXT)
		return;
	if (is_secret(name, value->text))
		mark(&finding, value->text);
	else
		mark_text(&finding, value->text);
	set_secrets(&finding, value);
}

/* --- arguments ----------------------------------------------------------------------------------- */

/* Short options that carry a password, by program. */
static const struct {
	const char *program;
	char option;
	bool apart; /* the next argument; else the rest of the same one */
} passwords[] = {
	{ "mysql", 'p', false },      { "mysqldump", 'p', false }, { "mysqladmin", 'p', false },
	{ "mariadb", 'p', false },    { "sshpass", 'p', false },   { "sshpass", 'p', true },
	{ "mongosh", 'p', true },     { "mongo", 'p', true },	   { "redis-cli", 'a', true },
	{ "curl", 'u', true },	      { "ldapsearch", 'w', true }, { "ldapsearch", 'w', false },
};

/* Whether ARGUMENT is an option of PROGRAM whose password stands APART or in it. */
static bool has_password(struct bytes program, struct bytes argument, bool apart)
{
	if (argument.len < 2 || argument.data[0] != '-' || (argument.len == 2) != apart)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(passwords); i++)
		if (passwords[i].apart == apart && argument.data[1] == (uint8_t)passwords[i].option &&
		    bytes_equal(program, bytes_of(passwords[i].program)))
			return true;
	return false;
}

/* Whether the argument behind this one is a secret: --token, -p where the program says so. */
static bool announces(struct bytes program, struct bytes argument)
{
	if (argument.len < 2 || argument.data[0] != '-' || has_password(program, argument, false))
		return false;
	if (has_password(program, argument, true))
		return true;
	return bytes_find(argument, '=') == argument.len && bytes_find(argument, ' ') == argument.len &&
	       secret_name(argument);
}

void secret_mark_arguments(struct arena *arena, struct value *value)
{
	struct finding finding = { .arena = arena, .whole = value->text };
	struct bytes rest = value->text, argument, program = NO_BYTES, before = NO_BYTES;

	if (value->type != VALUE_STRINGS)
		return;
	while (strings_next(&rest, &argument)) {
		bool is_option = argument.len && argument.data[0] == '-';

		if (before.data && !is_option && announces(program, before) &&
		    (has_password(program, before, true) || is_secret(before, argument)))
			mark(&finding, argument);
		else if (has_password(program, argument, false))
			mark(&finding, bytes_from(argument, 2));
		else
			mark_text(&finding, argument);
		if (!program.data)
			program = bytes_basename(argument);
		before = argument;
	}
	set_secrets(&finding, value);
}

/* --- the mask ------------------------------------------------------------------------------------ */

void secret_mask(struct arena *arena, struct value *value)
{
	static const struct bytes mask = { (const uint8_t *)"********", 8 };
	size_t len = value->text.len, done = 0, n = 0;
	uint8_t *text;

	if (!value->n_secrets)
		return;
	text = arena_alloc(arena, len + value->n_secrets * mask.len);
	for (size_t i = 0; i <= value->n_secrets; i++) {
		bool last = i == value->n_secrets;
		size_t until = last ? len : value->secrets[i].start;

		memcpy(text + n, value->text.data + done, until - done);
		n += until - done;
		if (last)
			break;
		memcpy(text + n, mask.data, mask.len);
		n += mask.len;
		done = until + value->secrets[i].len;
	}
	value->text = (struct bytes){ text, n };
	value->secrets = NULL;
	value->n_secrets = 0;
}
