#include "tui/widgets/pane.h"

struct area pane_draw(const struct area *area, int rows, struct bytes text)
{
	int above = area->rows - rows - 1;

	if (above < 2 * rows)
		return *area;
	area_rule(area, above, "");
	for (int row = above + 1; row < area->rows && text.len; row++) {
		struct bytes line = bytes_first(text, bytes_find(text, '\n'));
		size_t n = row == area->rows - 1 ? line.len : area_fitting(area, line, area->columns - 2);

		area_put(area, row, 1, area->columns - 2, LOOK_PLAIN, bytes_first(line, n));
		text = bytes_from(text, n + (n == line.len));
	}
	return area_rows(area, 0, above);
}
