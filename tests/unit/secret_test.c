/* Secrets: which are known for one, what is left of them, and that no way of printing forgets it. */
#include "tests/support/handmade.h"

#include <stdlib.h>

#include "db/tables/render.h"
#include "db/tables/secret.h"

static void names_that_tell_a_secret(void **state)
{
	static const char *const secret[] = {
		"PASSWORD", "DB_PASSWORD", "PGPASSWORD", "MYSQL_ROOT_PASSWORD", "passwd", "--password",
		"SECRET", "client-secret", "SECRET_KEY_BASE", "AWS_SECRET_ACCESS_KEY",
		"AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID", "GITHUB_TOKEN", "--token", "GITHUBTOKEN",
		"API_KEY", "apiKey", "api.key", "STRIPE_APIKEY", "PRIVATE_KEY", "TLS_PRIVATE_KEY",
		"ENCRYPTION_KEY", "DB_PASS", "MYSQL_PWD", "REDIS_AUTH", "authToken",
		"-Djavax.net.ssl.keyStorePassword", "RABBITMQ_ERLANG_COOKIE", "NONCE_SALT",
		"GOOGLE_APPLICATION_CREDENTIALS", "AZURE_STORAGE_CONNECTION_STRING", "--requirepass",
	};
	static const char *const plain[] = {
		"", "PATH", "PWD", "OLDPWD", "HOME", "KEY", "--key", "LANG", "GIT_AUTHOR_NAME", "XAUTHORITY",
		"COMPASS", "TOKENIZER", "MAX_TOKENS", "SSH_PUBLIC_KEY", "POSTGRES_HOST_AUTH_METHOD",
		"SECRET_NAME", "TOKEN_TTL", "AUTH_URL", "KEYBOARD", "MONKEY", "KUBERNETES_SERVICE_PORT",
		"HOSTNAME", "-p", "=", "\xff\xfe",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++)
		if (!secret_name(bytes_of(secret[i])))
			fail_msg("%s tells nothing", secret[i]);
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (secret_name(bytes_of(plain[i])))
			fail_msg("%s is taken for a secret", plain[i]);
}

/* --- what is left -------------------------------------------------------------------------------- */

static struct arena arena;

static void assert_variable(const char *name, const char *text, const char *wanted)
{
	struct value value = value_text(bytes_of(text));

	secret_mark_variable(bytes_of(name), &arena, &value);
	assert_true(bytes_equal(value.text, bytes_of(text))); /* marked, not masked */
	secret_mask(&arena, &value);
	assert_int_equal(value.n_secrets, 0);
	if (!bytes_equal(value.text, bytes_of(wanted)))
		fail_msg("%s=%s becomes %.*s", name, text, BYTES_FMT(value.text));
}

static void a_variable_is_masked_by_its_name(void **state)
{
	(void)state;
	arena_init(&arena);
	assert_variable("DB_PASSWORD", "x", "********");
	assert_variable("DB_PASSWORD", "a very much longer one, with = and :", "********");
	assert_variable("DB_PASSWORD", "", "");
	assert_variable("DB_PASSWORD_FILE", "/run/secrets/db", "/run/secrets/db");
	assert_variable("DB_PASSWORD_FILE", "hunter2", "********");
	assert_variable("SSH_AUTH_SOCK", "/tmp/ssh-1/agent.2", "/tmp/ssh-1/agent.2");
	assert_variable("ENABLE_AUTH", "true", "true");
	assert_variable("PATH", "/usr/bin:/bin", "/usr/bin:/bin");
	assert_variable("DATABASE", "db", "db");
	arena_deinit(&arena);
}

static void of_a_url_the_password_is_masked(void **state)
{
	(void)state;
	arena_init(&arena);
	assert_variable("DATABASE_URL", "postgres://app:s3cret@db:5432/app?sslmode=off",
			"postgres://app:********@db:5432/app?sslmode=off");
	assert_variable("REDIS_URL", "redis://:s3cret@cache", "redis://:********@cache");
	assert_variable("X", "see http://u:p@a, and http://u:q@b/", "see http://u:********@a, and "
								     "http://u:********@b/");
	assert_variable("X", "amqp://u:with@sign@host", "amqp://u:********@host");
	assert_variable("X", "amqp://u:with/slash@host/v", "amqp://u:********@host/v");
	assert_variable("X", "http://host:8080/a@b", "http://host:8080/a@b");
	assert_variable("X", "http://[::1]:80/a@b", "http://[::1]:80/a@b");
	assert_variable("X", "ssh://git@host/x", "ssh://git@host/x");
	assert_variable("X", "http://", "http://");
	assert_variable("X", "http://a:", "http://a:");
	assert_variable("X", "http://a:@b", "http://a:@b");
	assert_variable("X", "jdbc:mysql://db/app?user=u&password=p&ssl=1",
			"jdbc:mysql://db/app?user=u&password=********&ssl=1");
	arena_deinit(&arena);
}

static void a_name_in_a_text_masks_what_follows(void **state)
{
	(void)state;
	arena_init(&arena);
	assert_variable("JAVA_OPTS", "-Xmx1g -Ddb.password=x -Dy=z",
			"-Xmx1g -Ddb.password=******** -Dy=z");
	assert_variable("DSN", "Server=db;Password=x y;Timeout=3", "Server=db;Password=******** y;Timeout=3");
	assert_variable("CONFIG", "{\"user\": \"u\", \"password\": \"p w\", \"port\": 5}",
			"{\"user\": \"u\", \"password\": \"********\", \"port\": 5}");
	assert_variable("CONFIG", "{\"apiKey\":1234}", "{\"apiKey\":********}");
	assert_variable("X", "time: 12:30 = noon", "time: 12:30 = noon");
	assert_variable("X", "=", "=");
	assert_variable("X", "\":", "\":");
	arena_deinit(&arena);
}

/* Arguments, written with a | between them. */
static void assert_arguments(const char *arguments, const char *wanted)
{
	char text[256], spelled[256];
	struct value value;
	size_t len = strlen(arguments);

	assert_true(len < sizeof(text));
	memcpy(text, arguments, len + 1);
	for (char *p = text; (p = strchr(p, '|')); p++)
		*p = '\0';
	value = (struct value){ .type = VALUE_STRINGS, .text = { (const uint8_t *)text, len + 1 } };
	secret_mark_arguments(&arena, &value);
	secret_mask(&arena, &value);
	assert_true(value.text.len < sizeof(spelled));
	memcpy(spelled, value.text.data, value.text.len);
	for (size_t i = 0; i + 1 < value.text.len; i++)
		if (!spelled[i])
			spelled[i] = '|';
	assert_string_equal(spelled, wanted);
}

static void arguments_are_masked_where_it_is_clear(void **state)
{
	(void)state;
	arena_init(&arena);
	assert_arguments("app|--password=a b|-v", "app|--password=********|-v");
	assert_arguments("app|--token|abc|def", "app|--token|********|def");
	assert_arguments("app|--password|--verbose", "app|--password|--verbose");
	assert_arguments("app|--password", "app|--password");
	assert_arguments("app|--password-file|/etc/pw", "app|--password-file|/etc/pw");
	assert_arguments("app|-p|80:80", "app|-p|80:80");
	assert_arguments("/usr/bin/mysql|-u|root|-psecret|db", "/usr/bin/mysql|-u|root|-p********|db");
	assert_arguments("mysql|-p|db", "mysql|-p|db");
	assert_arguments("sshpass|-p|secret|ssh|h", "sshpass|-p|********|ssh|h");
	assert_arguments("ssh|-p|22|h", "ssh|-p|22|h");
	assert_arguments("redis-cli|-a|secret|ping", "redis-cli|-a|********|ping");
	assert_arguments("env|DB_PASSWORD=x|app", "env|DB_PASSWORD=********|app");
	assert_arguments("sh|-c|exec app --token=x --flag 'y'", "sh|-c|exec app --token=******** --flag 'y'");
	assert_arguments("curl|-H|Authorization: Bearer abc|http://u:p@h/",
			 "curl|-H|Authorization:********|http://u:********@h/");
	assert_arguments("password", "password");
	assert_arguments("|--token||x", "|--token||x");
	arena_deinit(&arena);
}

/* Long texts made to be looked through again and again. */
static void a_hostile_text_takes_no_time(void **state)
{
	static const char *const parts[] = { "://", "://a:1/@", "token=", "\"a\":", "a:b@", "aaaaaaa=" };
	enum { LENGTH = 2 << 20 };
	char *text = malloc(LENGTH);
	double start = seconds();

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct value value = { .type = VALUE_TEXT, .text = { (uint8_t *)text, LENGTH } };

		for (size_t k = 0; k < LENGTH; k++)
			text[k] = parts[i][k % strlen(parts[i])];
		arena_init(&arena);
		secret_mark_variable(BYTES("X"), &arena, &value);
		secret_mask(&arena, &value);
		arena_deinit(&arena);
	}
	assert_true(seconds() - start < 20);
	free(text);
}

/* --- the program --------------------------------------------------------------------------------- */

/* A task whose arguments and environment are the same strings. */
static const char *task_with_secrets(void)
{
	static const char strings[] = "DB_PASSWORD=geheim\0URL=http://u:geheim@h/\0PLAIN=open\0";
	uint8_t page[4096] = { 0 };
	struct out image;

	out_init(&image, -1);
	write_inventory("ck");
	put_magic(&image, MAGIC_PSTREE);
	put_pstree(&image, 1, 0);
	write_image("ck", "pstree.img", &image);
	write_core("ck", 1, BYTES("app"));
	out_clear(&image);
	put_mm(&image, 0x10000, 0x10000 + sizeof(strings) - 1);
	put_vma(&image, 0x10000, 0x11000);
	write_mm("ck", 1, &image);
	write_pagemap("ck", 1, 1, 0x10000, 1);
	memcpy(page, strings, sizeof(strings));
	write_file(scratch_path("ck/pages-1.img"), page, sizeof(page));
	out_deinit(&image);
	return scratch_path("ck");
}

static bool says(struct bytes text, const char *words)
{
	return strstr((const char *)text.data, words) != NULL;
}

static void no_output_shows_a_secret_unless_it_is_asked_to(void **state)
{
	static const char *const formats[] = { "text", "json", "jsonl", "csv" };
	static const char *const commands[] = { "env", "process", "ps" };
	const char *path = task_with_secrets();

	(void)state;
	for (size_t t = 0; t < 3; t++)
		for (size_t f = 0; f < 4; f++) {
			struct bytes masked = run(commands[t], path, "-f", formats[f], NULL).out;
			struct bytes revealed =
				run(commands[t], path, "--reveal", "-f", formats[f], NULL).out;

			assert_true(says(masked, "********"));
			assert_true(says(masked, "http://u:********@h/"));
			assert_false(says(masked, "geheim"));
			assert_true(says(masked, "open"));
			assert_false(says(revealed, "****"));
			assert_true(says(revealed, "http://u:geheim@h/"));
		}
	assert_true(says(run("env", path, NULL).out, "DB_PASSWORD"));
	assert_false(says(run("show", path, "-f", "json", NULL).out, "geheim"));
	assert_true(says(run("env", "--help", NULL).out, "--reveal"));
}

/* The order of masked values must tell nothing of them: it is that of the masks. */
static void sorting_tells_nothing_of_a_secret(void **state)
{
	static const char wanted[] = "name,value\r\nDB_PASSWORD,********\r\nURL,http://u:********@h/\r\n"
				     "PLAIN,open\r\n";

	(void)state;
	assert_string_equal((const char *)run("env", task_with_secrets(), "-c", "name,value", "-s", "value",
					      "-f", "csv", NULL).out.data,
			    wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_that_tell_a_secret),
		cmocka_unit_test(a_variable_is_masked_by_its_name),
		cmocka_unit_test(of_a_url_the_password_is_masked),
		cmocka_unit_test(a_name_in_a_text_masks_what_follows),
		cmocka_unit_test(arguments_are_masked_where_it_is_clear),
		cmocka_unit_test(a_hostile_text_takes_no_time),
		cmocka_unit_test(no_output_shows_a_secret_unless_it_is_asked_to),
		cmocka_unit_test(sorting_tells_nothing_of_a_secret),
	};

	return run_all(tests);
}
