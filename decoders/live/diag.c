#include "decoders/live/diag.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

enum { ANSWER = 64 << 10 };

static int send_request(int fd, const void *request, size_t len)
{
	struct {
		struct nlmsghdr header;
		uint8_t body[128];
	} message = {
		.header = { .nlmsg_len = (uint32_t)(sizeof(struct nlmsghdr) + len),
			    .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
	};

	if (len > sizeof(message.body))
		return EINVAL;
	memcpy(message.body, request, len);
	return send(fd, &message, message.header.nlmsg_len, 0) < 0 ? errno : 0;
}

/* One datagram of answers; *ret_done at the last. */
static int take_answers(const uint8_t *data, size_t len, size_t header,
			void (*take)(const struct diag_message *message, void *context), void *context, bool *ret_done)
{
	while (len >= sizeof(struct nlmsghdr)) {
		struct nlmsghdr message;
		size_t size;

		memcpy(&message, data, sizeof(message));
		size = message.nlmsg_len;
		if (size < sizeof(message) || size > len)
			return EBADMSG;
		if (message.nlmsg_type == NLMSG_DONE || message.nlmsg_type == NLMSG_ERROR) {
			int32_t error = 0;

			*ret_done = true;
			if (size >= sizeof(message) + sizeof(error))
				memcpy(&error, data + sizeof(message), sizeof(error));
			return error < 0 ? -error : 0;
		}
		if (message.nlmsg_type == SOCK_DIAG_BY_FAMILY && size >= sizeof(message) + header) {
			size_t attributes = sizeof(message) + NLMSG_ALIGN(header);
			struct diag_message answer = { .header = { data + sizeof(message), header } };

			if (attributes < size)
				answer.attributes = (struct bytes){ data + attributes, size - attributes };
			take(&answer, context);
		}
		size = NLMSG_ALIGN(size);
		data += size < len ? size : len;
		len -= size < len ? size : len;
	}
	return 0;
}

int diag_dump(int fd, const void *request, size_t len, size_t header,
	      void (*take)(const struct diag_message *message, void *context), void *context)
{
	_Alignas(struct nlmsghdr) uint8_t buffer[ANSWER];
	bool done = false;
	int error = send_request(fd, request, len);

	while (!error && !done) {
		ssize_t n = recv(fd, buffer, sizeof(buffer), 0);

		if (n < 0 && errno == EINTR)
			continue;
		error = n < 0 ? errno : n == 0 ? EPIPE : take_answers(buffer, (size_t)n, header, take, context, &done);
	}
	return error;
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
