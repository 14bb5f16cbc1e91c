/*
 * Files of SQLite's in which the process dies at the N-th change of any of them: a write, a truncation, a sync or a
 * deletion. What was written until then is there, as after kill -9.
 */
#pragma once

#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct dying_file {
	sqlite3_file base;
	sqlite3_file *real;
};

static struct {
	sqlite3_vfs vfs, *real;
	int *left;   /* changes until it dies; counted down for as long as nobody dies */
} dying;

static void change_file(void)
{
	if (--*dying.left == 0)
		raise(SIGKILL);
}

#define REAL(file) (((struct dying_file *)(file))->real)

static int dying_close(sqlite3_file *file)
{
	int status = REAL(file)->pMethods->xClose(REAL(file));

	free(REAL(file));
	return status;
}

static int dying_read(sqlite3_file *file, void *buffer, int n, sqlite3_int64 offset)
{
	return REAL(file)->pMethods->xRead(REAL(file), buffer, n, offset);
}

/* Half of it is there already when it dies. */
static int dying_write(sqlite3_file *file, const void *buffer, int n, sqlite3_int64 offset)
{
	if (*dying.left == 1 && n > 1)
		(void)REAL(file)->pMethods->xWrite(REAL(file), buffer, n / 2, offset);
	change_file();
	return REAL(file)->pMethods->xWrite(REAL(file), buffer, n, offset);
}

static int dying_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	change_file();
	return REAL(file)->pMethods->xTruncate(REAL(file), size);
}

/* A process that dies takes nothing with it that the kernel has. */
static int dying_sync(sqlite3_file *file, int flags)
{
	(void)file;
	(void)flags;
	change_file();
	return SQLITE_OK;
}

static int dying_size(sqlite3_file *file, sqlite3_int64 *ret)
{
	return REAL(file)->pMethods->xFileSize(REAL(file), ret);
}

static int dying_lock(sqlite3_file *file, int level)
{
	return REAL(file)->pMethods->xLock(REAL(file), level);
}

static int dying_unlock(sqlite3_file *file, int level)
{
	return REAL(file)->pMethods->xUnlock(REAL(file), level);
}

static int dying_check_lock(sqlite3_file *file, int *ret)
{
	return REAL(file)->pMethods->xCheckReservedLock(REAL(file), ret);
}

static int dying_control(sqlite3_file *file, int operation, void *argument)
{
	return REAL(file)->pMethods->xFileControl(REAL(file), operation, argument);
}

static int dying_sector(sqlite3_file *file)
{
	return REAL(file)->pMethods->xSectorSize(REAL(file));
}

static int dying_device(sqlite3_file *file)
{
	return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file));
}

#undef REAL

static int dying_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
	static const sqlite3_io_methods methods = {
		1, dying_close, dying_read, dying_write, dying_truncate, dying_sync, dying_size, dying_lock,
		dying_unlock, dying_check_lock, dying_control, dying_sector, dying_device,
		NULL, NULL, NULL, NULL, NULL, NULL,
	};
	struct dying_file *ours = (struct dying_file *)file;
	int status;

	(void)vfs;
	ours->base.pMethods = NULL;
	ours->real = calloc(1, (size_t)dying.real->szOsFile);
	status = dying.real->xOpen(dying.real, name, ours->real, flags, ret_flags);
	if (ours->real->pMethods)
		ours->base.pMethods = &methods;
	else
		free(ours->real);
	return status;
}

static int dying_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	int status;

	(void)vfs;
	(void)sync;
	change_file();
	status = dying.real->xDelete(dying.real, name, 0);
	change_file(); /* or right behind it */
	return status;
}

/* From now on, in this process: it dies at the *LEFT-th change. */
static inline void die_after(int *left)
{
	dying.real = sqlite3_vfs_find(NULL);
	dying.left = left;
	dying.vfs = *dying.real;
	dying.vfs.zName = "dying";
	dying.vfs.szOsFile = sizeof(struct dying_file);
	dying.vfs.xOpen = dying_open;
	dying.vfs.xDelete = dying_delete;
	sqlite3_vfs_register(&dying.vfs, 1);
}

/* WORK(ARGUMENTS) in a process of its own, which dies at the LEFT-th change; how many there were where it did not. */
static inline int work_and_die(void (*work)(const char *const *), const char *const *arguments, int left)
{
	int *counter = mmap(NULL, sizeof(*counter), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 0, done;
	pid_t pid;

	assert_ptr_not_equal(counter, MAP_FAILED);
	*counter = left;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		die_after(counter);
		work(arguments);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0);
	done = left - *counter;
	munmap(counter, sizeof(*counter));
	return done;
}
