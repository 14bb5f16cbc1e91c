/* What an expression cannot say of a secret: checksums, what base64 holds, and whether it is only a placeholder. */
#pragma once

#include "db/scan/secrets.h"

secret_check check_pem, check_not_documented, check_checksummed, check_random, check_mixed_case, check_basic, check_jwt,
	check_kubernetes, check_password, check_assignment, check_random_assignment;
