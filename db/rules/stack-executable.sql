-- id: stack-executable
-- severity: warning
-- category: forensics
-- scope: image live
-- over: vma-rwx
-- title: the stack is executable
-- message: process {pid} can run code from its stack at {subject}
-- why: A program that asks for it is badly built; or the protection was taken away, to run what an overflow wrote.
-- fix: build without executable stacks (-z noexecstack)
-- attack: T1055
-- fires: vma(pid=7, start=0x1000, end=0x3000, size=8192, prot='rwxp', kind='stack')
-- quiet: vma(pid=7, start=0x1000, end=0x3000, size=8192, prot='rw-p', kind='stack')
SELECT printf('0x%x', start) AS subject, pid, NULL AS fd, src_image, src_entry, src_offset, prot, size
FROM vma
WHERE kind = 'stack' AND prot LIKE '__x_'
