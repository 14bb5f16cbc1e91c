/*
 * The schema: what CRIU's messages are made of.
 *
 * protobuf-c's descriptors know a field's number, type and label. They do not know which
 * fields CRIU always writes, which bytes are text, or how people expect to see a number
 * (a mask, a device, an address). Those facts stand in the .proto files of this folder, as a
 * comment that opens with "//:" behind the field, and schema.awk turns them into one table a
 * message, parallel to the descriptor.
 *
 * The .proto files deliberately call nothing "required" and nothing "string": protobuf-c drops
 * a whole message when a required field is missing, and cuts a string at its first NUL byte.
 *
 * The words behind "//:":
 *     required       CRIU's own schema calls the field required; its absence is reported
 *     text           CRIU's own schema calls it a string; shown as text, not as base64
 *     hex            an integer shown as 0x...; on a message field, every integer inside it
 *     dev, odev      a device number: the kernel's 20-bit-minor form, or the C library's
 *     ipadd          a list of u32 words that is one IP address in network byte order
 *     unix_name      a unix socket address: quoted-printable text in JSON
 *     flags=NAME     a mask, named by the table flags_NAME of names.h
 *     names=NAME     a number, named by the table names_NAME of names.h
 */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct name_table; /* names.h */

enum show {
	SHOW_PLAIN,
	SHOW_HEX,
	SHOW_DEV,
	SHOW_ODEV,
	SHOW_IPADD,
	SHOW_UNIX_NAME,
	SHOW_FLAGS, /* .names holds the bits */
	SHOW_NAMES, /* .names holds the values */
};

struct schema_field {
	bool text;
	enum show show;
	const struct name_table *names;
	const struct schema_message *message; /* of a message field, else NULL */
};

struct schema_message {
	const char *name;
	const ProtobufCMessageDescriptor *pb;
	const struct schema_field *fields; /* fields[i] belongs to pb->fields[i] */
	uint64_t required;                 /* bit i: fields[i] is required; no message has more than 64 */
	uint64_t repeated;                 /* ... occurs more than once */
};
