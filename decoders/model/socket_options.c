#include "decoders/model/socket_options.h"

#include <stdarg.h>
#include <stdio.h>

#include "decoders/base/size.h"

enum { LONGEST_DEVICE = 64 }; /* the kernel's names have 15 bytes */

struct words {
	char text[1024]; /* all words with their largest numbers fit */
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void add(struct words *words, const char *format, ...)
{
	size_t room = sizeof(words->text) - words->len;
	va_list arguments;
	int len;

	va_start(arguments, format);
	len = vsnprintf(words->text + words->len, room, format, arguments);
	va_end(arguments);
	if (len > 0 && (size_t)len < room)
		words->len += (size_t)len;
}

static const char *comma(const struct words *words)
{
	return words->len ? "," : "";
}

/* A field of a message: where its value lies, and where whether it is set. */
struct option {
	const char *word;
	size_t has, value;
	bool is_number; /* else it is a bool */
	uint32_t usual; /* of a number */
};

#define FLAG(type, field, name) { name, offsetof(type, has_##field), offsetof(type, field), false, 0 }
#define NUMBER(type, field, name, usual) \
	{ name, offsetof(type, has_##field), offsetof(type, field), true, usual }

static const struct option socket_options[] = {
	FLAG(SkOptsEntry, reuseaddr, "reuseaddr"),
	FLAG(SkOptsEntry, so_reuseport, "reuseport"),
	FLAG(SkOptsEntry, so_broadcast, "broadcast"),
	FLAG(SkOptsEntry, so_keepalive, "keepalive"),
	FLAG(SkOptsEntry, so_passcred, "passcred"),
	FLAG(SkOptsEntry, so_passsec, "passsec"),
	FLAG(SkOptsEntry, so_dontroute, "dontroute"),
	FLAG(SkOptsEntry, so_no_check, "no_check"),
	NUMBER(SkOptsEntry, so_oobinline, "oobinline", 0),
	NUMBER(SkOptsEntry, so_linger, "linger", 0),
	NUMBER(SkOptsEntry, so_priority, "priority", 0),
	NUMBER(SkOptsEntry, so_mark, "mark", 0),
	NUMBER(SkOptsEntry, so_rcvlowat, "rcvlowat", 1),
	NUMBER(SkOptsEntry, so_buf_lock, "buf_lock", 0),
	NUMBER(SkOptsEntry, tcp_keepcnt, "keepcnt", 9),
	NUMBER(SkOptsEntry, tcp_keepidle, "keepidle", 7200),
	NUMBER(SkOptsEntry, tcp_keepintvl, "keepintvl", 75),
};

static const struct option tcp_options[] = {
	FLAG(TcpOptsEntry, nodelay, "nodelay"),
	FLAG(TcpOptsEntry, cork, "cork"),
	NUMBER(TcpOptsEntry, keepcnt, "keepcnt", 9),
	NUMBER(TcpOptsEntry, keepidle, "keepidle", 7200),
	NUMBER(TcpOptsEntry, keepintvl, "keepintvl", 75),
};

static const struct option ip_options[] = {
	FLAG(IpOptsEntry, freebind, "freebind"),
	FLAG(IpOptsEntry, pktinfo, "pktinfo"),
	NUMBER(IpOptsEntry, tos, "tos", 0),
	NUMBER(IpOptsEntry, ttl, "ttl", 64),
};

static const struct option raw_options[] = {
	FLAG(IpOptsRawEntry, hdrincl, "hdrincl"),
	FLAG(IpOptsRawEntry, nodefrag, "nodefrag"),
	FLAG(IpOptsRawEntry, checksum, "checksum"),
};

static const struct option inet_options[] = {
	FLAG(InetSkEntry, v6only, "v6only"),
};

static void add_number(struct words *words, const struct option *option, const void *value)
{
	uint32_t number;

	memcpy(&number, value, sizeof(number));
	if (number != option->usual)
		add(words, "%s%s=%u", comma(words), option->word, number);
}

static void add_options(struct words *words, const void *message, const struct option *options, size_t n)
{
	for (size_t i = 0; message && i < n; i++) {
		const char *bytes = message;
		protobuf_c_boolean has, flag;

		memcpy(&has, bytes + options[i].has, sizeof(has));
		memcpy(&flag, bytes + options[i].value, sizeof(flag));
		if (has && options[i].is_number)
			add_number(words, &options[i], bytes + options[i].value);
		else if (has && flag)
			add(words, "%s%s", comma(words), options[i].word);
	}
}

#define ADD(words, message, options) add_options(words, message, options, ARRAY_SIZE(options))

static void add_timeout(struct words *words, const char *word, uint64_t seconds, uint64_t microseconds)
{
	if (seconds || microseconds)
		add(words, "%s%s=%llu.%06llus", comma(words), word, (unsigned long long)seconds,
		    (unsigned long long)microseconds);
}

static void add_device(struct words *words, ProtobufCBinaryData device)
{
	struct bytes name = bytes_first((struct bytes){ device.data, device.len }, LONGEST_DEVICE);

	if (name.len)
		add(words, "%sbindtodevice=%.*s", comma(words), BYTES_FMT(name));
}

struct bytes socket_options_text(struct arena *arena, const SkOptsEntry *options,
				 const InetSkEntry *inet)
{
	struct words words = { .len = 0 };

	if (!options)
		return NO_BYTES;
	ADD(&words, options, socket_options);
	add_timeout(&words, "sndtimeo", options->so_snd_tmo_sec, options->so_snd_tmo_usec);
	add_timeout(&words, "rcvtimeo", options->so_rcv_tmo_sec, options->so_rcv_tmo_usec);
	add_device(&words, options->so_bound_dev);
	if (options->n_so_filter)
		add(&words, "%sfilter=%zu", comma(&words), options->n_so_filter);
	if (inet) {
		ADD(&words, inet->tcp_opts, tcp_options);
		ADD(&words, inet->ip_opts, ip_options);
		ADD(&words, inet->ip_opts ? inet->ip_opts->raw : NULL, raw_options);
		ADD(&words, inet, inet_options);
	}
	return words.len ? arena_copy(arena, (struct bytes){ (const uint8_t *)words.text, words.len })
			 : BYTES("");
}

static bool has_word(struct bytes text, struct bytes word)
{
	while (text.len) {
		size_t comma = bytes_find(text, ',');

		if (bytes_equal(bytes_first(text, comma), word))
			return true;
		text = bytes_from(text, comma < text.len ? comma + 1 : comma);
	}
	return false;
}

struct bytes socket_options_with(struct arena *arena, struct bytes text, const char *word)
{
	if (has_word(text, bytes_of(word)))
		return text;
	return bytes_of(arena_printf(arena, "%.*s%s%s", BYTES_FMT(text), text.len ? "," : "", word));
}
