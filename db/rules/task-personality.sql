-- id: task-personality
-- severity: note
-- category: process
-- scope: image live
-- group: personality
-- title: an unusual personality
-- message: {n|process|processes} with personality {personality}: {list}
-- why: 0x40000 switches address randomisation off, as debuggers do; 0x8 is a 32-bit machine.
-- fix: nothing to do
-- see: personality(2)
-- attack: T1562
-- fires: process(pid=9, comm='x', personality=0x40000)
-- quiet: process(pid=9, comm='x', personality=0)
SELECT comm AS subject, NULL AS pid, NULL AS fd, src_image, src_entry, src_offset, printf('0x%x', personality) AS personality
FROM process
WHERE personality <> 0
