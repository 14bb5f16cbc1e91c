-- id: stats-inconsistent
-- severity: note
-- category: integrity
-- scope: image
-- title: the count of pages differs
-- message: CRIU counted {written} pages written, the page maps have {present}
-- why: Auto-dedup punches pages out again, and a page server counts for itself; else something was lost.
-- fix: nothing to do if the dump was made with --auto-dedup or a page server
-- see: criu stats.c
-- fires: stat(phase='dump', name='pages_written', value=9) page_run(kind='task', pid=7, pages=5, state='present')
-- quiet: stat(phase='dump', name='pages_written', value=5) page_run(kind='task', pid=7, pages=5, state='present')
-- quiet: stat(phase='dump', name='pages_written', value=5) stat(phase='dump', name='shpages_written', value=2) page_run(kind='task', pid=7, pages=5, state='present') page_run(kind='shmem', shmid=7, pages=2, state='present')
SELECT 'stats-dump' AS subject, NULL AS pid, NULL AS fd, s.src_image, s.src_entry, s.src_offset,
       s.value + coalesce((SELECT value FROM stat WHERE phase = 'dump' AND name = 'shpages_written'), 0) AS written,
       (SELECT coalesce(sum(pages), 0) FROM page_run WHERE state = 'present') AS present
FROM stat AS s
WHERE s.phase = 'dump' AND s.name = 'pages_written' AND written <> present
