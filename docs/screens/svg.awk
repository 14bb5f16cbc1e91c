# A screen as a picture: first a file with a letter for each cell's look, then one with the text. In the C locale, so that
# a byte is a character to every awk; characters are put together here.

BEGIN {
	width = 8.4; height = 18; margin = 12
	# letter: colour, background, weight
	look["."] = "#d0d4d8"; look["B"] = "#ffffff;;bold"; look["d"] = "#7d868f"; look["H"] = "#56b6c2;;bold"
	look["="] = "#1e2227;#d0d4d8"; look["k"] = "#56b6c2;;bold"; look["S"] = "#1e2227;#56b6c2"
	look["l"] = "#56b6c2"; look["g"] = "#98c379"; look["w"] = "#e5c07b;;bold"; look["A"] = "#ff6b6b;;bold"
	look["m"] = "#1e2227;#e5c07b"
}

NR == FNR { looks[FNR] = $0; rows = FNR; next }
{ text[FNR] = $0 }

function escaped(s) {
	gsub(/&/, "\\&amp;", s)
	gsub(/</, "\\&lt;", s)
	gsub(/>/, "\\&gt;", s)
	return s
}

# The characters of LINE into cell[1] ...; how many there are.
function cut(line,    i, n, byte) {
	n = 0
	for (i = 1; i <= length(line); i++) {
		byte = substr(line, i, 1)
		if (byte ~ /[\200-\277]/)
			cell[n] = cell[n] byte
		else
			cell[++n] = byte
	}
	return n
}

function run(row, from, to, letter, s,    part, x, y) {
	split(look[letter], part, ";")
	x = margin + (from - 1) * width
	y = margin + (row - 1) * height
	if (part[2] != "")
		printf "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n", x, y, (to - from + 1) * width,
			height, part[2]
	sub(/ +$/, "", s)
	if (s == "")
		return
	printf "<text x=\"%.1f\" y=\"%d\" textLength=\"%.1f\" fill=\"%s\"%s>%s</text>\n", x, y + 13, cut(s) * width, part[1],
		part[3] != "" ? " font-weight=\"bold\"" : "", escaped(s)
}

END {
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-size=\"14\" xml:space=\"preserve\"",
		2 * margin + columns * width, 2 * margin + rows * height
	print " font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" lengthAdjust=\"spacingAndGlyphs\">"
	print "<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"#1e2227\"/>"
	for (row = 1; row <= rows; row++) {
		n = cut(text[row])
		for (i = 1; i <= n; i++)
			line[i] = cell[i]
		for (from = 1; from <= columns; from = to + 1) {
			letter = substr(looks[row], from, 1)
			s = ""
			for (to = from; to <= columns && substr(looks[row], to, 1) == letter; to++)
				s = s (to <= n ? line[to] : " ")
			run(row, from, --to, letter, s)
		}
	}
	print "</svg>"
}
