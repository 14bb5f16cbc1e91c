#include "decoders/source/input.h"

#include <errno.h>
#include <unistd.h>

#include "decoders/base/progress.h"
#include "decoders/source/internal.h"

bool source_is_pipe(const struct source *source)
{
	while (source->outer && !source->is_spooled)
		source = source->outer;
	return !source->is_spooled && lseek(source->fd, 0, SEEK_CUR) < 0;
}

/* A streamed archive may have kept all of it in memory. */
static bool is_kept_whole(const struct member *member)
{
	return member->n_pieces == 1 && member->pieces[0].memory && member->pieces[0].start == 0 &&
	       member->pieces[0].len == member->size;
}

struct error *input_open(const struct source *source, const struct capture *capture, struct input *ret)
{
	struct input input = { .fd = source->fd, .size = source->size, .outer = source->outer,
			       .capture = capture };
	struct error *error = NULL;

	if (source->is_spooled) {
		input = (struct input){ .fd = source->spool->fd, .start = source->spool_start,
					.size = source->spool_size };
	} else if (!source->outer) {
		input.in_order = source_is_pipe(source);
	} else {
		input.member = &source->outer->members.items[source->outer_member];
		input.size = member_readable(source->outer, input.member);
		input.in_order = source->outer->is_streamed && !is_kept_whole(input.member);
		if (input.in_order)
			error = member_stream_open(source->outer, input.member, &input.stream);
	}
	if (!error)
		*ret = input;
	return error;
}

void input_close(struct input *input)
{
	if (input->stream)
		member_stream_close(input->stream);
	error_free(input->error);
	*input = (struct input){ .fd = -1 };
}

/* As much as there is room for: what a pipe hands out at once may be less than shows what it is. */
static ssize_t read_pipe(struct input *input, uint8_t *buffer, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = read(input->fd, buffer + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return done ? (ssize_t)done : n; /* it fails again next time */
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

static ssize_t failed(struct input *input, struct error *error)
{
	error_free(input->error);
	input->error = error;
	return -1;
}

ssize_t input_read_at(struct input *input, void *buffer, size_t len, uint64_t offset)
{
	struct error *error;
	ssize_t n;

	if (offset >= input->size)
		return 0;
	if (len > input->size - offset)
		len = (size_t)(input->size - offset);
	if (!input->outer) {
		n = read_fully(input->fd, buffer, len, input->start + offset);
		return n < 0 ? failed(input, error_errno(ERROR_DAMAGED, "cannot read")) : n;
	}
	error = source_read(input->outer, input->member, offset, buffer, len);
	return error ? failed(input, error) : (ssize_t)len;
}

ssize_t input_next(struct input *input, uint8_t *buffer, size_t len, const uint8_t **ret)
{
	ssize_t n;

	*ret = buffer;
	if (input->stream) {
		struct error *error = member_stream_next(input->stream, ret, &len);

		n = error ? failed(input, error) : (ssize_t)len;
	} else if (input->in_order) {
		n = read_pipe(input, buffer, len);
		if (n < 0)
			failed(input, error_errno(ERROR_DAMAGED, "cannot read"));
	} else {
		n = input_read_at(input, buffer, len, input->read);
	}
	if (n > 0)
		input->read += (uint64_t)n;
	if (n > 0 && input->capture && input->capture->stored)
		input->capture->stored(input->capture->context, (struct bytes){ *ret, (size_t)n });
	if (n > 0 && !input->outer)
		progress_tick(input->read, input->size);
	return n;
}
