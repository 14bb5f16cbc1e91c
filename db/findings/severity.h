/* How grave what was found is: one vocabulary for all that judge. */
#pragma once

#include <stdbool.h>

#include "decoders/base/out.h"

/* The most severe first. */
enum severity {
	SEVERITY_BLOCKER, /* cannot be dumped or restored as it is, on any host */
	SEVERITY_ERROR,   /* fails unless an option or something of the host is supplied */
	SEVERITY_WARNING, /* works, but behaves otherwise, or fails on another host */
	SEVERITY_NOTE,    /* worth knowing */
	N_SEVERITIES,
};

struct severity_words {
	const char *name, *plural;
	const char *sarif_level;       /* SARIF 2.1.0, result.level */
	const char *security_severity; /* and the property that code scanning ranks by, 0.0 to 10.0 */
	enum style style;
	const char *help;
};
extern const struct severity_words severities[N_SEVERITIES];

/* False where NAME is none. */
bool severity_named(const char *name, enum severity *ret) __attribute__((warn_unused_result));
