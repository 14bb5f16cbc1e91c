/*
 * From what the user named to the images in it.
 *
 * Most archives hold CRIU's images themselves. Others hold an archive that does: an OCI image has it as
 * its layer, "ctr checkpoint" as a blob, and people pack archives into archives. This goes in until it
 * finds images; every archive on the way stays open as the source around the next.
 */
#pragma once

#include "decoders/engine/wrapper.h"
#include "decoders/source/source.h"

/*
 * SOURCE becomes the source that has the images, *ret_images their directory in it; *ret_wrapper is
 * about the source around it. INSIDE says which where there are several, "" leaves it open: the names of
 * archives on the way and of the directory in the last, with slashes between. An error where there are
 * none, or where it is not said which; SOURCE is what it was then. What is wrong on the way is added to
 * PROBLEMS.
 */
struct error *enter_images(struct source *source, const char *inside, struct arena *arena,
			   struct problems *problems, struct wrapper *ret_wrapper,
			   struct bytes *ret_images)
	__attribute__((warn_unused_result));
