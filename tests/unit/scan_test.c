/*
 * Kinds of secrets: each row of secrets.def by its own examples, all of them against PCRE2 alone, and what looks for
 * them in blocks of bytes.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "tests/support/handmade.h"

#include <stdio.h>
#include <stdlib.h>

#include "db/scan/scanner.h"
#include "decoders/base/size.h"

static struct patterns *patterns;
static struct checkpoint checkpoint;
static struct arena arena;
static struct finds finds;

static void locate(void *context, size_t position, struct find_place *ret)
{
	(void)context;
	ret->where = "memory";
	ret->source = "source";
	ret->image = BYTES("image");
	ret->offset = position;
}

/* What is found of it from FROM on, as a whole that ends; the rest of the program sees it in .list. */
static void scan_from(struct bytes text, size_t from)
{
	const struct locator locator = { locate, NULL };
	const struct subject subject = { text.data, text.len, true };
	struct problems problems;
	struct scanner scanner;

	problems_init(&problems);
	arena_reset(&arena);
	finds_init(&finds, &arena, true);
	scanner_init(&scanner, patterns, &checkpoint, &finds, &problems);
	scanner_look(&scanner, &subject, from, text.len, &locator);
	scanner_deinit(&scanner);
	assert_int_equal(problems.n, 0);
	problems_deinit(&problems);
}

static void scan(struct bytes text)
{
	scan_from(text, 0);
}

static const struct find *find_of(const struct secret_kind *kind)
{
	for (size_t i = 0; i < finds.list.n; i++)
		if (finds.list.items[i].kind == kind)
			return &finds.list.items[i];
	return NULL;
}

/* --- the table --------------------------------------------------------------------------------------------- */

/* "a{{b}}c": without the marks, and the part between them. */
static struct bytes unmark(const char *marked, char *room, struct bytes *ret_secret)
{
	const char *start = strstr(marked, "{{"), *end = strstr(marked, "}}");

	assert_non_null(start);
	assert_non_null(end);
	sprintf(room, "%.*s%.*s%s", (int)(start - marked), marked, (int)(end - start - 2), start + 2, end + 2);
	*ret_secret = (struct bytes){ (uint8_t *)room + (start - marked), (size_t)(end - start - 2) };
	return bytes_of(room);
}

static void each_kind_fires_on_its_example(void **state)
{
	char room[4096];
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < n_secret_kinds; i++) {
		const struct secret_kind *kind = &secret_kinds[i];
		const struct find *find;
		struct bytes secret;

		if (!kind->fires)
			continue;
		n++;
		scan(unmark(kind->fires, room, &secret));
		find = find_of(kind);
		if (!find || finds.list.n != 1)
			fail_msg("%s: %zu found, the first a %s", kind->id, finds.list.n,
				 finds.list.n ? finds.list.items[0].kind->id : "-");
		else if (!bytes_equal(find->value, secret))
			fail_msg("%s: found \"%.*s\"", kind->id, BYTES_FMT(find->value));
	}
	assert_int_equal(n, n_secret_kinds - 3); /* two by name, one in bytes */
}

static void no_kind_fires_on_its_near_miss(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_secret_kinds; i++) {
		const struct secret_kind *kind = &secret_kinds[i];

		if (!kind->quiet)
			continue;
		scan(bytes_of(kind->quiet));
		if (find_of(kind))
			fail_msg("%s: found \"%.*s\"", kind->id, BYTES_FMT(find_of(kind)->value));
	}
}

/* All that have an expression have examples, but for bytes that no text can spell. */
static void each_kind_has_examples(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_secret_kinds; i++) {
		const struct secret_kind *kind = &secret_kinds[i];

		if (kind->pattern.regex && !kind->fires != !strcmp(kind->id, "der-key"))
			fail_msg("%s has no example", kind->id);
		assert_true(!kind->fires == !kind->quiet);
		assert_ptr_equal(secret_kind_named(kind->id), kind);
	}
}

/* A key that openssl made: pkcs8 -topk8 -nocrypt -outform DER of one of 2048 bits begins so. */
static void a_der_key_is_found(void **state)
{
	static const uint8_t head[] = { 0x30, 0x82, 0x04, 0xbd, 0x02, 0x01, 0x00, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86,
					0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x04, 0x82, 0x04, 0xa7,
					0x30, 0x82, 0x04, 0xa3, 0x02, 0x01, 0x00, 0x02, 0x82, 0x01, 0x01, 0x00 };
	uint8_t key[600] = { 0 };

	(void)state;
	memcpy(key + 100, head, sizeof(head));
	scan((struct bytes){ key, sizeof(key) });
	assert_int_equal(finds.list.n, 1);
	assert_string_equal(finds.list.items[0].kind->id, "der-key");
	key[124] ^= 1; /* of the object identifier's end */
	key[119] ^= 1;
	scan((struct bytes){ key, sizeof(key) });
	assert_int_equal(finds.list.n, 0);
}

/* --- as their makers describe them ------------------------------------------------------------------------------ */

/*
 * What the documents of those who issue them, and those of other scanners, say of their form; written down without
 * a look at the expressions. {x20} is 20 random characters of an alphabet: (A) letters, (a) letters and digits, (d)
 * digits, (h) hex digits, (U) capitals and digits, (2) base32, (b) base64, (u) base64 for URLs, (c) bech32.
 */
static const struct { const char *kind, *form; } forms[] = {
	{ "private-key", "-----BEGIN PRIVATE KEY-----\n{b64}\n{b64}\n{b32}\n-----END PRIVATE KEY-----\n" },
	{ "private-key", "-----BEGIN RSA PRIVATE KEY-----\r\n{b64}\r\n{b40}==\r\n-----END RSA PRIVATE KEY-----\r\n" },
	{ "private-key", "-----BEGIN OPENSSH PRIVATE KEY-----\n{b70}\n{b70}\n-----END OPENSSH PRIVATE KEY-----\n" },
	{ "private-key", "\"-----BEGIN PRIVATE KEY-----\\n{b64}\\n{b64}\\n-----END PRIVATE KEY-----\\n\"" },
	{ "private-key", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{b64}\n{b64}\n={b4}\n-----END PGP PRIVATE KEY BLOCK-----" },
	{ "putty-key", "Private-Lines: 2\r\n{b64}\r\n{b40}\r\nPrivate-MAC: {h64}\r\n" },
	{ "age-key", "# public key: age1x\nAGE-SECRET-KEY-1{c58}\n" },
	{ "aws-access-key", "aws_access_key_id = AKIA{216}\n" },
	{ "aws-access-key", "ASIA{216}" },
	{ "aws-secret-key", "aws_secret_access_key = {b40}\n" },
	{ "aws-secret-key", "\"SecretAccessKey\": \"{b40}\"," },
	{ "google-api-key", "\"current_key\": \"AIza{u35}\"" },
	{ "google-client-secret", "\"client_secret\":\"GOCSPX-{u28}\"" },
	{ "google-oauth-token", "ya29.a0{u180}\n" },
	{ "azure-storage-key", "DefaultEndpointsProtocol=https;AccountName=x;AccountKey={b86}==;EndpointSuffix=y" },
	{ "azure-shared-key", "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={b43}=" },
	{ "azure-sas", "https://x.blob.core.windows.net/c?sv=2022-11-02&ss=b&srt=o&sp=r&sig={a20}%2B{a20}%2F{a1}%3D" },
	{ "digitalocean-token", "dop_v1_{h64}" },
	{ "github-token", "https://ghp_{a36}@github.com/x" },
	{ "github-token", "gho_{a36}" },
	{ "github-token", "ghs_{a36}" },
	{ "github-fine-token", "github_pat_{a22}_{a59}" },
	{ "gitlab-token", "glpat-{u20} " },
	{ "npm-token", "//registry.example/:_authToken=npm_{a36}" },
	{ "pypi-token", "password = pypi-AgEIcHlwaS5vcmc{u150}\n" },
	{ "docker-token", "dckr_pat_{u27} " },
	{ "docker-auth", "{\"auths\": {\"https://r.example/v1/\": {\n\t\"auth\": \"Ym9iOmh1bnRlcjJodW50ZXIy\"\n}}}" },
	{ "vault-token", "VAULT_TOKEN=hvs.CAESI{u90}\n" },
	{ "terraform-token", "token = \"{a14}.atlasv1.{a67}\"" },
	{ "grafana-token", "glsa_{a32}_{h8}" },
	{ "slack-token", "xoxb-{d12}-{d13}-{a24}" },
	{ "slack-token", "xoxp-{d12}-{d12}-{d12}-{h32}" },
	{ "slack-token", "xapp-1-A{U10}-{d13}-{h64}" },
	{ "slack-webhook", "https://hooks.slack.com/services/T{U8}/B{U10}/{a24}\n" },
	{ "stripe-key", "sk_live_{a24}" },
	{ "stripe-key", "rk_live_{a99}" },
	{ "stripe-test-key", "sk_test_{a24}" },
	{ "twilio-key", "TWILIO_AUTH_TOKEN={h32}" },
	{ "sendgrid-key", "SG.{u22}.{u43}" },
	{ "mailgun-key", "api:key-{h32}@" },
	{ "telegram-token", "https://api.telegram.org/bot{d10}:AA{u33}/getMe" },
	{ "openai-key", "sk-{a20}T3BlbkFJ{a20}" },
	{ "openai-key", "sk-proj-{u74}T3BlbkFJ{u74}" },
	{ "anthropic-key", "sk-ant-api03-{u93}AA" },
	{ "huggingface-token", "hf_{A34}" },
	{ "shopify-token", "shpat_{h32}" },
	{ "tailscale-key", "tskey-auth-{a12}CNTRL-{a32}" },
	/* {"alg":"RS256","kid":"k"}.{"iss":"kubernetes/serviceaccount","sub":"system:serviceaccount:n:s"} */
	{ "kubernetes-token", "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50Iiwic3ViI"
			      "joic3lzdGVtOnNlcnZpY2VhY2NvdW50Om46cyJ9.{u342}" },
	/* {"alg":"HS256","typ":"JWT"}.{"sub":"42","iat":1516239022} */
	{ "jwt", "cookie: t=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI0MiIsImlhdCI6MTUxNjIzOTAyMn0.{u43};" },
	{ "bearer-token", "GET / HTTP/1.1\r\nAuthorization: Bearer {u40}\r\n" },
	{ "bearer-token", "{\"authorization\":\"Bearer {a32}\"}" },
	{ "basic-auth", "authorization: basic Ym9iOmh1bnRlcjJodW50ZXIy\r\n" },
	{ "postgres-url", "postgresql+asyncpg://app:{a16}@db.internal:5432/x?sslmode=require" },
	{ "mysql-url", "mysql://root:{a16}@127.0.0.1/x" },
	{ "redis-url", "rediss://default:{a16}@cache:6380/0" },
	{ "mongodb-url", "mongodb://u:{a16}@a:27017,b:27017/x?replicaSet=r" },
	{ "amqp-url", "amqps://u:{a16}@mq/vhost" },
	{ "url-password", "[remote \"origin\"]\n\turl = https://bob:{a16}@git.example/x.git" },
	{ "netrc-password", "machine example.org\n  login bob\n  password {a16}\n" },
	{ "password-hash", "root:$6$rounds=5000${a16}${a86}:19000:0:99999:7:::" },
	{ "password-hash", "bob:$y$j9T${a22}${a43}:19000::::::" },
	{ "password-hash", "x:$2y$10${a53}" },
	{ "password-hash", "bob:$1${a8}${a22}:" },
	{ "password-hash", "bob:$5${a16}${a43}:" },
	{ "password-assignment", "spring.datasource.password={a14}7\n" },
	{ "password-assignment", "requirepass {a3}\nMYSQL_ROOT_PASSWORD: '{a14}7'" },
	{ "token-assignment", "client_secret: {a40}427\n" },
	{ "token-assignment", "\"apiKey\" : \"{h32}\"" },
};

static char random_of(char alphabet, uint64_t *seed)
{
	static const char all[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	static const char *const others[] = {
		['d'] = "0123456789", ['h'] = "0123456789abcdef", ['U'] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
		['2'] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ['c'] = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
	};
	uint64_t dice = next_random(seed) >> 33;

	if (alphabet == 'b' && dice % 32 == 0)
		return dice & 64 ? '+' : '/';
	if (alphabet == 'u' && dice % 32 == 0)
		return dice & 64 ? '-' : '_';
	if (strchr("abuA", alphabet))
		return all[dice % (alphabet == 'A' ? 52 : 62)];
	return others[(unsigned char)alphabet][dice % strlen(others[(unsigned char)alphabet])];
}

/* A bracket that is no {x20} stays. */
static struct bytes make_secret(const char *form, uint64_t *seed, char *room)
{
	size_t n = 0;

	while (*form) {
		char alphabet;
		int len, used = 0;

		if (sscanf(form, "{%c%d}%n", &alphabet, &len, &used) < 2 || !used) {
			room[n++] = *form++;
			continue;
		}
		while (len--)
			room[n++] = random_of(alphabet, seed);
		form += used;
	}
	return (struct bytes){ (uint8_t *)room, n };
}

static void each_kind_finds_what_its_makers_issue(void **state)
{
	bool has_form[100] = { false };
	char room[4096];
	uint64_t seed = 3;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		const struct secret_kind *kind = secret_kind_named(forms[i].kind);

		assert_non_null(kind);
		has_form[kind - secret_kinds] = true;
		for (int round = 0; round < 20; round++) {
			struct bytes text = make_secret(forms[i].form, &seed, room);

			scan(text);
			if (!find_of(kind))
				fail_msg("%s: not found in \"%.*s\"; found: %s", kind->id, BYTES_FMT(text),
					 finds.list.n ? finds.list.items[0].kind->id : "nothing");
		}
	}
	for (size_t i = 0; i < n_secret_kinds; i++)
		if (secret_kinds[i].fires && !has_form[i])
			fail_msg("%s has no form", secret_kinds[i].id);
}

/* --- against PCRE2 ---------------------------------------------------------------------------------------------- */

enum { SOUP = 6000, MOST_MATCHES = 4000 };

struct seen {
	struct found_part parts[MOST_MATCHES];
	size_t n;
	size_t pattern; /* that is looked for */
};

static void see(void *context, const struct found *found)
{
	struct seen *seen = context;

	if (found->pattern != seen->pattern)
		return;
	assert_true(seen->n < MOST_MATCHES);
	seen->parts[seen->n++] = found->whole;
}

static int by_start(const void *a, const void *b)
{
	const struct found_part *left = a, *right = b;

	return (left->start > right->start) - (left->start < right->start);
}

/* Pieces of the examples, cut anywhere, with now and then something between them. */
static size_t make_soup(uint8_t *soup, uint64_t *seed)
{
	size_t n = 0;

	while (n < SOUP - 300) {
		const struct secret_kind *kind = &secret_kinds[(next_random(seed) >> 33) % n_secret_kinds];
		const char *text = (next_random(seed) >> 33) % 3 ? kind->fires : kind->quiet;
		size_t len = text ? strlen(text) : 0, start, part;

		if (len < 3 || len > 280)
			continue;
		start = (next_random(seed) >> 33) % 4 ? 0 : (next_random(seed) >> 33) % len;
		part = (next_random(seed) >> 33) % 4 ? len - start : (next_random(seed) >> 33) % (len - start);
		for (size_t i = start; i < start + part; i++)
			if (text[i] != '{' && text[i] != '}')
				soup[n++] = (uint8_t)text[i];
		if ((next_random(seed) >> 33) % 2)
			soup[n++] = (uint8_t)" \n\0=:x"[(next_random(seed) >> 33) % 6];
	}
	return n;
}

/* As many, and the same, as PCRE2 finds that knows nothing of literals. */
static void assert_as_pcre2(const struct secret_kind *kind, const uint8_t *soup, size_t len, const struct seen *seen)
{
	char regex[4096];
	pcre2_match_data *data = pcre2_match_data_create(8, NULL);
	size_t offset, at = 0, n = 0;
	pcre2_code *code;
	int error;

	snprintf(regex, sizeof(regex), "%s(?:%s)%s", kind->pattern.flags & PATTERN_WORD_START ? "(?<![0-9A-Za-z_])" : "",
		 kind->pattern.regex, kind->pattern.flags & PATTERN_WORD_END ? "(?![0-9A-Za-z_])" : "");
	code = pcre2_compile((PCRE2_SPTR)regex, PCRE2_ZERO_TERMINATED,
			     PCRE2_MULTILINE | (kind->pattern.flags & PATTERN_ANY_CASE ? PCRE2_CASELESS : 0), &error,
			     &offset, NULL);
	assert_non_null(code);
	for (; pcre2_match(code, soup, len, at, 0, data, NULL) > 0; n++) {
		const size_t *places = pcre2_get_ovector_pointer(data);

		if (n >= seen->n || places[0] != seen->parts[n].start || places[1] != seen->parts[n].end)
			fail_msg("%s: match %zu is at %zu to %zu, not found there", kind->id, n, places[0], places[1]);
		at = places[1];
	}
	if (n != seen->n)
		fail_msg("%s: %zu found, not %zu", kind->id, seen->n, n);
	pcre2_match_data_free(data);
	pcre2_code_free(code);
}

static void all_find_what_pcre2_finds(void **state)
{
	struct patterns_matcher *matcher = patterns_matcher_new(patterns);
	struct seen *seen = calloc(1, sizeof(*seen));
	uint8_t soup[SOUP];
	uint64_t seed = 7;
	size_t n = 0;

	(void)state;
	assert_non_null(seen);
	for (int round = 0; round < 40; round++) {
		const struct subject subject = { soup, make_soup(soup, &seed), true };
		size_t pattern = 0;

		for (size_t i = 0; i < n_secret_kinds; i++) {
			const struct found_sink sink = { see, seen };

			if (!secret_kinds[i].pattern.regex)
				continue;
			*seen = (struct seen){ .pattern = pattern++ };
			assert_int_equal(patterns_find(matcher, &subject, 0, subject.len, &sink), 0);
			qsort(seen->parts, seen->n, sizeof(seen->parts[0]), by_start);
			assert_as_pcre2(&secret_kinds[i], soup, subject.len, seen);
			n += seen->n;
		}
	}
	assert_true(n > 1000);
	patterns_matcher_free(matcher);
	free(seen);
}

/* --- checks ---------------------------------------------------------------------------------------------------- */

/* The checksum is that of a token which GitHub has published as an example of the format, long revoked. */
static void a_checksum_decides(void **state)
{
	char token[] = "ghp_" "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";

	(void)state;
	scan(bytes_of(token));
	assert_int_equal(finds.list.n, 1);
	assert_false(finds.list.items[0].in_doubt);
	token[10]++;
	scan(bytes_of(token));
	assert_int_equal(finds.list.n, 1);
	assert_true(finds.list.items[0].in_doubt);
}

static void an_encrypted_key_is_in_doubt(void **state)
{
	(void)state;
	scan(BYTES("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n"
		   "RmFrZUZha2VGYWtlRmFrZUZha2VGYWtlRmFrZUZha2VGYWtl\n-----END RSA PRIVATE KEY-----\n"));
	assert_int_equal(finds.list.n, 1);
	assert_true(finds.list.items[0].in_doubt);
}

/* --- blocks ------------------------------------------------------------------------------------------------------ */

static const char dsn[] = "postgres://app:" "s3cr3t-Fake@db:5432/x";

static void utf16_is_found_at_any_parity(void **state)
{
	(void)state;
	for (size_t parity = 0; parity < 2; parity++)
		for (int big = 0; big < 2; big++) {
			uint8_t data[200] = { 0 };

			for (size_t i = 0; i < strlen(dsn); i++)
				data[31 + parity + 2 * i + (size_t)big] = (uint8_t)dsn[i];
			checkpoint.arch = big ? "s390x" : "x86_64";
			scan((struct bytes){ data, sizeof(data) });
			checkpoint.arch = NULL;
			assert_int_equal(finds.list.n, 1);
			assert_true(bytes_equal(finds.list.items[0].value, BYTES("s3cr3t-Fake")));
			assert_true(finds.list.items[0].places.items[0].is_wide);
			assert_int_equal(finds.list.items[0].places.items[0].offset, 31 + parity + 2 * 15);
		}
}

/* A match belongs to the block that it begins in, and the bytes before decide whether it is a word. */
static void a_match_belongs_to_one_block(void **state)
{
	struct bytes text = bytes_of(dsn);

	(void)state;
	scan_from(text, 1);
	assert_int_equal(finds.list.n, 0);
	scan_from(BYTES("xAKIAQWERTZUIOP234567 "), 1);
	assert_int_equal(finds.list.n, 0);
	scan_from(BYTES("xAKIAQWERTZUIOP234567 "), 0);
	assert_int_equal(finds.list.n, 0);
	scan_from(BYTES("-AKIAQWERTZUIOP234567 "), 1);
	assert_int_equal(finds.list.n, 1);
}

/* The same value is one find with several places; the same place is one, however often it comes. */
static void a_value_is_one_find(void **state)
{
	(void)state;
	scan(BYTES("a AKIAQWERTZUIOP234567 b AKIAQWERTZUIOP234567 c AKIAQWERTZUIOP765432"));
	assert_int_equal(finds.list.n, 2);
	assert_int_equal(finds.list.items[0].n_places, 2);
	assert_int_equal(finds.list.items[1].n_places, 1);
}

/* Bytes that begin like secrets, everywhere, are got over in time. */
static void hostile_bytes_end(void **state)
{
	static const char *const pieces[] = {
		"eyJ", "eyJa.", "://", "a://b:", "-----BEGIN RSA PRIVATE KEY-----\n", "password=", "machine a login b ",
		"sk-aaaaaaaaaaaaaaaaaaaa", "$6$", "authorization: bearer ", "A", "password",
	};
	enum { SIZE = 1 << 20 };
	char *data = malloc(SIZE);

	(void)state;
	assert_non_null(data);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		size_t len = strlen(pieces[i]);

		for (size_t k = 0; k < SIZE; k++)
			data[k] = pieces[i][k % len];
		scan((struct bytes){ (uint8_t *)data, SIZE });
	}
	free(data);
}

static void take_nothing(void *context, const struct found *found)
{
	(void)context;
	fail_msg("found at %zu", found->whole.start);
}

/* A token begins where a word does: what looks like the beginning of one inside of it is not tried. */
static void the_inside_of_words_is_not_tried(void **state)
{
	enum { SIZE = 1 << 20 };
	const struct found_sink sink = { take_nothing, NULL };
	struct patterns_matcher *matcher = patterns_matcher_new(patterns);
	uint8_t *data = malloc(SIZE);

	(void)state;
	assert_non_null(data);
	for (size_t i = 0; i < SIZE; i++)
		data[i] = (uint8_t)"eyJ"[i % 3];
	assert_int_equal(patterns_find(matcher, &(struct subject){ data, SIZE, true }, 0, SIZE, &sink), 0);
	assert_in_range(patterns_attempts(matcher), 1, 8); /* at the first one alone, by those that may begin so */
	free(data);
	patterns_matcher_free(matcher);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_fires_on_its_example),
		cmocka_unit_test(no_kind_fires_on_its_near_miss),
		cmocka_unit_test(each_kind_has_examples),
		cmocka_unit_test(a_der_key_is_found),
		cmocka_unit_test(each_kind_finds_what_its_makers_issue),
		cmocka_unit_test(all_find_what_pcre2_finds),
		cmocka_unit_test(a_checksum_decides),
		cmocka_unit_test(an_encrypted_key_is_in_doubt),
		cmocka_unit_test(utf16_is_found_at_any_parity),
		cmocka_unit_test(a_match_belongs_to_one_block),
		cmocka_unit_test(a_value_is_one_find),
		cmocka_unit_test(hostile_bytes_end),
		cmocka_unit_test(the_inside_of_words_is_not_tried),
	};
	int status;
	struct error *error = secret_patterns(&patterns);

	assert_null(error);
	arena_init(&arena);
	checkpoint.source.path = strdup("source");
	status = run_all(tests);
	free(checkpoint.source.path);
	arena_deinit(&arena);
	patterns_free(patterns);
	return status;
}
