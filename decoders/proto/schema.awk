# schema.awk: from the .proto files to the tables of schema.h.
#
#     awk -f schema.awk            *.proto >schema-messages.c
#     awk -f schema.awk -v header=1 *.proto >schema-messages.h
#
# protoc-c reads the same files and checks them as protobuf. This script adds what protobuf does
# not know (the words behind "//:", see schema.h) and insists on the form they are written in:
# one declaration a line, every field optional or repeated, no string, no nested messages.
# Whatever it does not understand is an error with file and line; then nothing is written.
#
# What the first half collects, by message M in order of appearance and by field number N:
#     messages[i] = M                        the names, i from 1 to n_messages
#     n_fields[M], number[M, i] = N          the field numbers, ascending
#     name, type, words, place[M, N]         the field; place is its "file:line"
#     is_message[M], is_enum["E"], is_enum["M.E"]

BEGIN {
	split("bool bytes double fixed32 fixed64 float int32 int64 sfixed32 sfixed64 " \
	      "sint32 sint64 uint32 uint64", list, " ")
	for (i in list)
		is_scalar[list[i]] = 1

	split("hex dev odev ipadd unix_name", list, " ")
	for (i in list)
		show_of[list[i]] = "SHOW_" toupper(list[i])
}

# --- Reading ----------------------------------------------------------------------------------

FNR == 1 {
	if (depth > 0)
		fail("the file before this one ends inside a message or enum")
	depth = 0
	base = FILENAME
	sub(/^.*\//, "", base)
	sub(/\.proto$/, "", base)
	bases[++n_files] = base
}

{
	# The words go to "facts", other comments go away, what is left is the declaration.
	facts = ""
	if (match($0, /\/\/:/)) {
		facts = substr($0, RSTART + 3)
		$0 = substr($0, 1, RSTART - 1)
	}
	sub(/\/\/.*$/, "")
	gsub(/[{}=;]/, " & ")
	$0 = $0 # split into words once more

	if (facts != "" && !is_field())
		fail("\"//:\" without a field in front of it")
}

NF == 0 {
	next
}

$1 == "syntax" || $1 == "import" {
	next # protoc-c's business
}

$1 == "message" && NF == 3 && $3 == "{" {
	if (depth > 0)
		fail("a message inside a message or enum is not supported")
	open_message($2)
	next
}

$1 == "enum" && NF == 3 && $3 == "{" {
	is_enum[(depth > 0 ? message "." : "") $2] = 1
	in_enum = 1
	depth++
	next
}

$1 == "}" && NF == 1 && depth > 0 {
	in_enum = 0
	depth--
	next
}

in_enum && NF == 4 && $2 == "=" && $4 == ";" {
	next # a value; protobuf-c has it in the descriptor
}

depth == 1 && !in_enum && is_field() {
	add_field()
	next
}

{
	fail("not understood: " $1 " " $2)
}

# LABEL TYPE NAME = NUMBER ... ; a wrong label is let in, for add_field to name it.
function is_field() {
	return $1 ~ /^(optional|repeated|required)$/ && $4 == "=" && $5 ~ /^[0-9]+$/ && $NF == ";"
}

function open_message(m) {
	if (m in is_message)
		fail("message " m " a second time")
	message = m
	is_message[m] = 1
	messages[++n_messages] = m
	n_fields[m] = 0
	depth++
}

function add_field(    n, i) {
	n = $5 + 0
	if ($1 == "required")
		fail("\"required\" loses whole messages: write optional, and //: required")
	if ($2 == "string")
		fail("\"string\" ends at a NUL byte: write bytes, and //: text")
	if ((message, n) in name) {
		fail("number " n " is taken by " name[message, n])
		return
	}
	name[message, n] = $3
	type[message, n] = $2
	label[message, n] = $1
	if ($1 == "repeated")
		is_repeated[message, n] = 1
	words[message, n] = facts
	place[message, n] = FILENAME ":" FNR

	# Keep the numbers ascending, as protobuf-c keeps its fields.
	for (i = ++n_fields[message]; i > 1 && number[message, i - 1] > n; i--)
		number[message, i] = number[message, i - 1]
	number[message, i] = n
}

# --- Writing ----------------------------------------------------------------------------------

END {
	if (depth > 0)
		fail("the file ends inside a message or enum")
	for (i = 1; i <= n_messages; i++)
		for (k = 1; k <= n_fields[messages[i]]; k++)
			resolve(messages[i], number[messages[i], k])
	if (failed)
		exit 1

	print "/* Written by decoders/proto/schema.awk from the .proto files: edit those. */"
	if (header)
		write_header()
	else
		write_tables()
}

# Look up the type of a field and turn its words into C: init[M, N].
function resolve(m, n,    t, word, count, i, text, show, table) {
	t = type[m, n]
	if (t == "string")
		return # add_field has complained
	if (!(t in is_scalar || t in is_enum || (m "." t) in is_enum || t in is_message))
		fail_at(place[m, n], "unknown type " t)

	text = table = ""
	show = "SHOW_PLAIN"
	count = split(words[m, n], word, " ")
	for (i = 1; i <= count; i++) {
		if (word[i] == "required")
			is_required[m, n] = 1
		else if (word[i] == "text")
			text = ".text = true, "
		else if (show != "SHOW_PLAIN")
			fail_at(place[m, n], "a second way to show the field: " word[i])
		else if (word[i] in show_of)
			show = show_of[word[i]]
		else if (word[i] ~ /^(flags|names)=[a-z_]+$/) {
			# That the table exists is for the C compiler to see.
			show = word[i] ~ /^flags/ ? "SHOW_FLAGS" : "SHOW_NAMES"
			table = word[i]
			sub(/=/, "_", table)
		} else
			fail_at(place[m, n], "unknown word behind //: " word[i])
	}
	check_fit(m, n, text != "", show)

	init[m, n] = "{ " text ".show = " show
	if (table != "")
		init[m, n] = init[m, n] ", .names = &" table
	if (t in is_message && !((m "." t) in is_enum))
		init[m, n] = init[m, n] ", .message = &schema_" t
	init[m, n] = init[m, n] " }"
}

# Words that cannot work on the type they stand behind.
function check_fit(m, n, text, show,    t, integer) {
	t = type[m, n]
	integer = t ~ /^[su]?int(32|64)$/ || t ~ /^s?fixed(32|64)$/
	if ((text || show == "SHOW_UNIX_NAME") && t != "bytes")
		fail_at(place[m, n], "text and unix_name are for bytes, not for " t)
	if (show == "SHOW_HEX" && !integer && !(t in is_message))
		fail_at(place[m, n], "hex is for integers and messages, not for " t)
	if (show ~ /DEV|FLAGS|NAMES/ && !integer)
		fail_at(place[m, n], "dev, flags and names are for integers, not for " t)
	if (show == "SHOW_IPADD" && (t != "uint32" || label[m, n] != "repeated"))
		fail_at(place[m, n], "ipadd is for repeated uint32")
}

function write_header(    i) {
	print "#pragma once"
	print ""
	print "#include \"decoders/proto/schema.h\""
	print ""
	write_declarations()
}

function write_tables(    i, k, m, n) {
	print "#include \"decoders/proto/names.h\""
	print "#include \"decoders/proto/schema.h\""
	print ""
	for (i = 1; i <= n_files; i++)
		print "#include \"" bases[i] ".pb-c.h\""
	print ""
	print "/* In advance: messages refer to one another and to themselves. */"
	write_declarations()

	for (i = 1; i <= n_messages; i++) {
		m = messages[i]
		print ""
		if (n_fields[m] > 0) {
			print "static const struct schema_field fields_" m "[] = {"
			for (k = 1; k <= n_fields[m]; k++) {
				n = number[m, k]
				print "\t" init[m, n] ", /* " n " " name[m, n] " */"
			}
			print "};"
		}
		print "const struct schema_message schema_" m " = {"
		print "\t.name = \"" m "\","
		print "\t.pb = &" c_lower(m) "__descriptor,"
		if (n_fields[m] > 0)
			print "\t.fields = fields_" m ","
		print "\t.required = 0" bits_of(m, is_required) ","
		print "\t.repeated = 0" bits_of(m, is_repeated) ","
		print "};"
	}
}

# The bits of the fields that are in SET, counted in the order of their numbers.
function bits_of(m, set,    k, bits) {
	if (n_fields[m] > 64)
		fail_at(place[m, number[m, 65]], m " has more than 64 fields")
	for (k = 1; k <= n_fields[m]; k++)
		if ((m, number[m, k]) in set)
			bits = bits " | 1ull << " (k - 1)
	return bits
}

function write_declarations(    i) {
	for (i = 1; i <= n_messages; i++)
		print "extern const struct schema_message schema_" messages[i] ";"
}

# A message name as protobuf-c spells it in symbols: an upper-case letter becomes a lower-case
# one, with "_" in front unless it opens the name or follows another upper-case letter.
function c_lower(m,    out, i, c, upper, was_upper) {
	was_upper = 1
	for (i = 1; i <= length(m); i++) {
		c = substr(m, i, 1)
		upper = c ~ /[A-Z]/
		out = out (upper && !was_upper ? "_" : "") tolower(c)
		was_upper = upper
	}
	return out
}

# --- Complaining ------------------------------------------------------------------------------

function fail(text) {
	fail_at(FILENAME ":" FNR, text)
}

function fail_at(where, text) {
	print where ": " text | "cat 1>&2"
	failed = 1
}
