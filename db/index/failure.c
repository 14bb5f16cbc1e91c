/* What SQLite says, as an error of ours: whose fault it is decides the exit status. */
#include <errno.h>
#include <string.h>

#include "db/index/schema.h"

static struct error *io_error(int extended, int number, const char *message)
{
	if (number == ENOSPC || number == EDQUOT || number == EFBIG)
		return error_new(ERROR_INTERNAL, "there is no room left for it: %s", strerror(number));
	if (extended == SQLITE_IOERR_SHORT_READ)
		return error_new(ERROR_DAMAGED, "the database is damaged: it ends too early");
	return error_new(ERROR_INTERNAL, "%s%s%s", message, number ? ": " : "", number ? strerror(number) : "");
}

struct error *schema_error(sqlite3 *handle, const char *path)
{
	int extended = sqlite3_extended_errcode(handle), number = sqlite3_system_errno(handle);
	const char *message = sqlite3_errmsg(handle);
	struct error *error;

	switch (extended & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		error = error_new(ERROR_UNREADABLE, "another process is writing to it; try again when that is done");
		break;
	case SQLITE_NOTADB:
		error = error_new(ERROR_UNREADABLE, "is no database");
		break;
	case SQLITE_CORRUPT:
	case SQLITE_FORMAT:
		error = error_new(ERROR_DAMAGED, "the database is damaged: %s", message);
		break;
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		error = error_new(ERROR_UNREADABLE, "cannot be written, or a file beside it: %s%s%s", message,
				  number ? ": " : "", number ? strerror(number) : "");
		break;
	case SQLITE_FULL:
		error = error_new(ERROR_INTERNAL, "there is no room left for it");
		break;
	case SQLITE_IOERR:
		error = io_error(extended, number, message);
		break;
	case SQLITE_TOOBIG:
	case SQLITE_NOMEM:
		error = error_new(ERROR_LIMIT, "it holds more than there is room for in memory: %s", message);
		break;
	case SQLITE_ERROR: /* our statements fit the tables that we make */
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_SCHEMA:
	case SQLITE_RANGE:
		error = error_new(ERROR_UNREADABLE, "its tables are not those of an index: %s", message);
		break;
	default:
		error = error_new(ERROR_INTERNAL, "%s", message);
	}
	return path ? error_in_source(error, path) : error;
}
