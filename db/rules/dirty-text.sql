-- id: dirty-text
-- severity: warning
-- category: forensics
-- scope: image
-- profiles: forensic=error
-- group: pid path
-- title: changed code
-- message: code of {path} in process {pid} is not as the file has it: {pages} pages at {subject}
-- why: CRIU leaves out pages that are as their file has them. These mappings cannot be written to, and still were: by
--   relocations of the loader, a debugger's breakpoints, a hook, a packer. The first page of a task's first executable
--   mapping does not count: CRIU itself writes there for a moment to get into the task.
-- fix: "coldcase mem -p {pid} --vma {subject}" shows the pages, to compare with the file
-- attack: T1055
-- fires: vma(pid=7, start=0x1000, end=0x3000, prot='r-xp', kind='file', path='/bin/x', dirty_text=1, pages_present=1, pages_parent=0, pages_lazy=0)
--   page_run(kind='task', pid=7, address=0x2000, pages=1, state='present')
-- fires: vma(pid=7, start=0x1000, end=0x3000, prot='r-xp', kind='file', path='/bin/x', dirty_text=1, pages_present=2, pages_parent=0, pages_lazy=0)
--   page_run(kind='task', pid=7, address=0x1000, pages=2, state='present')
-- fires: vma(pid=7, start=0x1000, end=0x3000, prot='r-xp', kind='file', path='/bin/x')
--   vma(pid=7, start=0x9000, end=0xa000, prot='r-xp', kind='file', path='/lib/x.so', dirty_text=1, pages_present=1, pages_parent=0, pages_lazy=0)
--   page_run(kind='task', pid=7, address=0x9000, pages=1, state='present')
-- quiet: vma(pid=7, start=0x1000, end=0x3000, prot='r-xp', kind='file', path='/bin/x', dirty_text=1, pages_present=1, pages_parent=0, pages_lazy=0)
--   page_run(kind='task', pid=7, address=0x1000, pages=1, state='present')
-- quiet: vma(pid=7, start=0x1000, end=0x3000, prot='r-xp', kind='file', path='/bin/x', dirty_text=0, pages_present=0, pages_parent=0, pages_lazy=0)
-- quiet: vma(pid=7, start=0x1000, end=0x3000, prot='r--p', kind='file', path='/bin/x', dirty_text=1, pages_present=1, pages_parent=0, pages_lazy=0)
SELECT printf('0x%x', v.start) AS subject, v.pid AS pid, NULL AS fd, v.src_image, v.src_entry, v.src_offset, v.path,
       v.prot, v.pages_present + v.pages_parent + v.pages_lazy AS pages
FROM vma AS v
WHERE v.dirty_text = 1 AND v.prot LIKE '__x_'
  AND NOT (v.pages_present + v.pages_parent + v.pages_lazy = 1
           AND v.start = (SELECT min(start) FROM vma AS w WHERE w.pid = v.pid AND w.prot LIKE '__x_' AND w.start >= 0)
           AND EXISTS (SELECT 1 FROM page_run AS r WHERE r.pid = v.pid AND r.kind = 'task' AND r.address = v.start))
