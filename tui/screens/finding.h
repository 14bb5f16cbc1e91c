/* What the two screens of findings share. */
#pragma once

#include "db/findings/findings.h"
#include "tui/view.h"

/* The finding under the cursor of a view, and what it is known by (NULL: nothing); NULL where it is none of findings. */
const struct finding *finding_selected(struct view *view, const struct suppressed **ret_known);

/* Where in the evidence it stands; false where it does not say. */
bool finding_origin(struct checkpoint *checkpoint, const struct finding *finding, struct origin *ret);
