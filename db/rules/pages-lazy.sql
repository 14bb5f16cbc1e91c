-- id: pages-lazy
-- severity: error
-- category: integrity
-- scope: image log
-- profiles: forensic=warning
-- title: memory that was left behind
-- message: process {pid}: {pages_lazy} pages were left to a page server
-- why: They were to be fetched from the source while it waited. They are not in the images.
-- fix: restore with "criu lazy-pages" while the source still serves them, or dump again without --lazy-pages
-- see: criu uffd.c, https://criu.org/Lazy_migration
-- fires: process(pid=7, comm='x', pages_lazy=5, pages_present=1)
-- quiet: process(pid=7, comm='x', pages_lazy=0, pages_present=5)
SELECT comm AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, pages_lazy, pages_present
FROM process
WHERE pages_lazy > 0
