#include "sandbox/sandbox.h"

#include <sys/prctl.h>

#ifdef __has_feature
#define HAS_FEATURE(feature) __has_feature(feature)
#else
#define HAS_FEATURE(feature) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||               \
	HAS_FEATURE(address_sanitizer) || HAS_FEATURE(thread_sanitizer) || \
	HAS_FEATURE(memory_sanitizer) || HAS_FEATURE(undefined_behavior_sanitizer)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

struct sandbox_state sandbox_support(void)
{
	struct sandbox_state state = { .sanitized = SANITIZED };

	if (!SANITIZED) {
		state.landlock_abi = landlock_version();
		state.seccomp = seccomp_available();
	}
	return state;
}

struct sandbox_state sandbox_enter(const struct sandbox *sandbox)
{
	struct sandbox_state state = sandbox_support();

	if (SANITIZED)
		return state;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return (struct sandbox_state){ 0 };
	if (sandbox->processes || !landlock_enter(sandbox, state.landlock_abi))
		state.landlock_abi = 0;
	state.seccomp = seccomp_enter(sandbox);
	return state;
}
