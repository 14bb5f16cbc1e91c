-- id: eng-archive-permissions
-- severity: note
-- category: security
-- scope: image
-- profiles: forensic=off
-- group: all
-- title: images that anybody may read
-- message: {n|image|images} with memory may be read by everybody: {list}
-- why: They hold the memory of every process, with every secret in it.
-- fix: chmod -R go-rwx
-- fires: checkpoint(path='/x') member(name='pages-1.img', kind='PAGES', mode=420, size=4096)
-- quiet: checkpoint(path='/x') member(name='pages-1.img', kind='PAGES', mode=384, size=4096)
-- quiet: checkpoint(path='/x.tar', compression='none') member(name='pages-1.img', kind='PAGES', mode=420, size=4096)
-- quiet: checkpoint(path='/x') member(name='stats-dump', kind='STATS', mode=420, size=4096)
SELECT m.name AS subject, NULL AS pid, NULL AS fd, m.src_image, m.src_entry, m.src_offset, printf('0%o', m.mode) AS mode
FROM checkpoint AS c CROSS JOIN member AS m
WHERE c.compression IS NULL AND m.name GLOB '*pages-*.img' AND m.mode & 4 AND m.size > 0
