#include "decoders/live/diag.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

enum { ANSWER = 64 << 10 };

/* --- a dump ---------------------------------------------------------------------------------------------- */

static int send_request(int fd, uint16_t type, const void *request, size_t len)
{
	struct {
		struct nlmsghdr header;
		uint8_t body[128];
	} message = {
		.header = { .nlmsg_len = (uint32_t)(sizeof(struct nlmsghdr) + len), .nlmsg_type = type,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
	};

	if (len > sizeof(message.body))
		return EINVAL;
	memcpy(message.body, request, len);
	return send(fd, &message, message.header.nlmsg_len, 0) < 0 ? errno : 0;
}

/* Who takes messages, with the header in front of each; an errno where it wants no more. */
typedef int (*take_message)(struct bytes message, void *context);

/* One datagram of answers; *ret_done at the last. */
static int take_answers(struct bytes answers, take_message take, void *context, bool *ret_done)
{
	while (answers.len >= sizeof(struct nlmsghdr)) {
		struct nlmsghdr header;
		int error = 0;

		memcpy(&header, answers.data, sizeof(header));
		if (header.nlmsg_len < sizeof(header) || header.nlmsg_len > answers.len)
			return EBADMSG;
		if (header.nlmsg_type == NLMSG_DONE || header.nlmsg_type == NLMSG_ERROR) {
			*ret_done = true;
			if (header.nlmsg_len >= sizeof(header) + sizeof(error))
				memcpy(&error, answers.data + sizeof(header), sizeof(error));
			return error < 0 ? -error : 0;
		}
		error = take(bytes_first(answers, header.nlmsg_len), context);
		if (error)
			return error;
		answers = bytes_from(answers, NLMSG_ALIGN(header.nlmsg_len));
	}
	return 0;
}

static int dump(int fd, uint16_t type, const void *request, size_t len, take_message take, void *context)
{
	_Alignas(struct nlmsghdr) uint8_t buffer[ANSWER];
	bool done = false;
	int error = send_request(fd, type, request, len);

	while (!error && !done) {
		ssize_t n = recv(fd, buffer, sizeof(buffer), 0);

		if (n < 0 && errno == EINTR)
			continue;
		error = n < 0	 ? errno
			: n == 0 ? EPIPE
				 : take_answers((struct bytes){ buffer, (size_t)n }, take, context, &done);
	}
	return error;
}

/* --- sockets --------------------------------------------------------------------------------------------- */

struct listed {
	size_t header;
	void (*take)(const struct diag_message *message, void *context);
	void *context;
};

static int take_listed(struct bytes message, void *context)
{
	const struct listed *listed = context;
	struct diag_message answer = { .header = { message.data + sizeof(struct nlmsghdr), listed->header } };
	struct nlmsghdr header;

	memcpy(&header, message.data, sizeof(header));
	if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY || message.len < sizeof(header) + listed->header)
		return 0;
	if (message.len > sizeof(header) + NLMSG_ALIGN(listed->header))
		answer.attributes = bytes_from(message, sizeof(header) + NLMSG_ALIGN(listed->header));
	listed->take(&answer, listed->context);
	return 0;
}

int diag_dump(int fd, const void *request, size_t len, size_t header,
	      void (*take)(const struct diag_message *message, void *context), void *context)
{
	struct listed listed = { header, take, context };

	return dump(fd, SOCK_DIAG_BY_FAMILY, request, len, take_listed, &listed);
}

struct bytes diag_attribute(const struct diag_message *message, unsigned number, size_t len)
{
	struct bytes rest = message->attributes;

	while (rest.len >= sizeof(struct nlattr)) {
		struct nlattr attribute;
		struct bytes payload;

		memcpy(&attribute, rest.data, sizeof(attribute));
		if (attribute.nla_len < sizeof(attribute) || attribute.nla_len > rest.len)
			return NO_BYTES;
		payload = (struct bytes){ rest.data + sizeof(attribute), attribute.nla_len - sizeof(attribute) };
		if ((attribute.nla_type & NLA_TYPE_MASK) == number)
			return payload.len >= len ? payload : NO_BYTES;
		rest = bytes_from(rest, NLA_ALIGN(attribute.nla_len));
	}
	return NO_BYTES;
}

/* --- everything else ------------------------------------------------------------------------------------- */

struct collected {
	bool (*wants)(struct bytes body);
	size_t most;
	struct out *out;
};

static int take_collected(struct bytes message, void *context)
{
	const struct collected *collected = context;

	if (collected->wants && !collected->wants(bytes_from(message, sizeof(struct nlmsghdr))))
		return 0;
	if (message.len > collected->most || collected->out->len > collected->most - message.len)
		return EFBIG;
	out_bytes(collected->out, message);
	out_repeat(collected->out, '\0', NLMSG_ALIGN(message.len) - message.len);
	return 0;
}

int diag_collect(int fd, uint16_t type, const void *request, size_t len, bool (*wants)(struct bytes body), size_t most,
		 struct out *ret)
{
	struct collected collected = { wants, most, ret };

	return dump(fd, type, request, len, take_collected, &collected);
}
