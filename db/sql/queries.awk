# queries.awk: the files of queries/ as a table in C.

function quoted(text) {
	gsub(/\\/, "\\\\", text)
	gsub(/"/, "\\\"", text)
	return "\"" text "\""
}

BEGIN {
	print "#include \"db/sql/queries.h\"\n\nconst struct named_query named_queries[] = {"
}

FNR == 1 {
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.sql$/, "", name)
	title = $0
	sub(/^-- */, "", title)
	if (n++)
		print "\t},"
	printf "\t{ %s, %s,\n", quoted(name), quoted(title)
}

{
	line = quoted($0)
	sub(/"$/, "\\n\"", line)
	print "\t  " line
}

END {
	print "\t},\n};\nconst size_t n_named_queries = " n ";"
}
