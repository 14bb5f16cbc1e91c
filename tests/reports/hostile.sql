-- id: hostile
-- severity: error
-- category: own
-- scope: image
-- title: names | <b> as ` bad & " as can be
-- message: {name}
-- why: whatever a process or a file is called, each report stays one
-- fix: <a href='x'>@all</a> ]]> |
WITH names(name) AS (VALUES
	('a|b`c'), ('<script>alert(1)</script>'), (']]>'), ('&amp;"'''), ('-->'), ('{{7*7}}'), (''),
	('line' || char(10) || 'feed'), (char(27) || '[31mred'), (char(0x202e) || 'txt.exe'), (char(0xfffe)),
	(CAST(x'fffe80' AS TEXT)), (char(0x1f600)), (printf('%.*c', 5000, 'x')), (printf('%.*c', 5000, char(0xe9))),
	(replace(printf('%.*c', 2000, 'x'), 'x', CAST(x'ff' AS TEXT))))
SELECT name AS subject, NULL AS pid, NULL AS fd, NULL AS src_image, NULL AS src_entry, NULL AS src_offset, name,
	x'00ff' AS bytes, 1e300 AS big, -1 AS less
FROM names
