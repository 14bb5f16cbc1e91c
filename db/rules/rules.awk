# rules.awk: from the rule files and the table of log patterns to the tables of db/check/builtin.h.
#
#     awk -f rules.awk log.tsv *.sql >rules.c
#
# The files go in as they are: built-in rules and users' own are parsed by the same code (db/check/rule.c).

BEGIN {
	FS = "\t"
	print "#include \"db/check/builtin.h\""
}

function quoted(text) {
	gsub(/\\/, "\\\\\\\\", text)
	gsub(/"/, "\\\"", text)
	gsub(/\t/, "\\t", text)
	gsub(/\?/, "\\?", text) # no trigraphs
	return "\"" text "\""
}

function fail(message) {
	printf "%s:%d: %s\n", FILENAME, FNR, message | "cat >&2"
	failed = 1
	exit 1
}

FILENAME ~ /\.tsv$/ {
	if (/^#/ || /^$/)
		next
	if (NF != 3)
		fail("a line is a rule, a file of CRIU's and a pattern, with tabs between them")
	patterns[++n_patterns] = sprintf("\t{ %s, %s, %s },", quoted($1), quoted($2), quoted($3))
	next
}

FNR == 1 {
	name = FILENAME
	sub(/^.*\//, "", name)
	sub(/\.sql$/, "", name)
	if (n_rules++ == 0)
		print "const struct builtin_rule builtin_rules[] = {"
	else
		print "\t},"
	printf "\t{ %s,\n", quoted(name)
}

{
	printf "\t  %s\n", quoted($0 "") "\"\\n\""
}

END {
	if (failed)
		exit 1
	print "\t},\n};\nconst size_t n_builtin_rules = " n_rules ";"
	print "const struct log_pattern log_patterns[] = {"
	for (i = 1; i <= n_patterns; i++)
		print patterns[i]
	print "};\nconst size_t n_log_patterns = " n_patterns ";"
}
