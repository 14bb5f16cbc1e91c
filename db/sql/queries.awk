# queries.awk: .sql files as a table in C. LIST: the name of the table.
#
# The first line of a file is a comment, its title. Others may say, each on a line of its own:
#
#     -- over: index           what it can be asked of, where that is not anything: index, pages (of an index),
#                              checkpoints, two
#     -- argument: ADDRESS     what ?1 is; the next one is ?2

function quoted(text) {
	gsub(/\\/, "\\\\", text)
	gsub(/"/, "\\\"", text)
	return "\"" text "\""
}

function end_file() {
	if (name != "")
		printf "\t{ %s, %s, QUERY_OVER_%s, %s, %d,\n%s\t},\n", quoted(name), quoted(title), over,
		       quoted(arguments), n_arguments, sql
}

BEGIN {
	printf "#include \"db/sql/queries.h\"\n\nconst struct named_query %s[] = {\n", list
}

FNR == 1 {
	end_file()
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.sql$/, "", name)
	title = $0
	sub(/^-- */, "", title)
	over = "ANY"
	arguments = sql = ""
	n_arguments = 0
	n++
}

/^-- over: / {
	over = toupper($3)
}

/^-- argument: / {
	arguments = arguments (n_arguments++ ? " " : "") $3
}

{
	line = quoted($0)
	sub(/"$/, "\\n\"", line)
	sql = sql "\t  " line "\n"
}

END {
	end_file()
	printf "};\nconst size_t n_%s = %d;\n", list, n
}
