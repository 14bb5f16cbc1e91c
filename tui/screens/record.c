/* All that is known of a row. */
#include "tui/widgets/record.h"

#include "decoders/base/escape.h"
#include "tui/widgets/where.h"

static struct error *open_record(struct view *view, const struct link *link)
{
	return record_open(view->state, view, link->table, link->row, NULL);
}

static void close_record(struct view *view)
{
	record_close(view->state);
}

static void title(struct view *view, struct out *out)
{
	out_printf(out, "%s row %u", view->link.table->name, view->link.row);
}

static void draw(struct view *view, const struct area *area)
{
	struct record *record = view->state;

	list_draw(&record->list, area);
}

static struct list *list(struct view *view)
{
	struct record *record = view->state;

	return &record->list;
}

static bool follow(struct view *view, struct link *ret)
{
	return record_follow(view->state, ret);
}

static bool origin(struct view *view, struct origin *ret)
{
	return record_origin(view->state, ret);
}

static void where(struct view *view, struct out *out)
{
	record_where(view->state, out);
}

static void command(struct view *view, struct out *out)
{
	out_printf(out, "list %s --provenance", view->link.table->name);
	put_where_row(view->checkpoint, view->link.table, view->link.row, view->tui->reveal, out);
	put_reveal(view, out);
	put_checkpoint(view, out);
}

const struct screen screen_record = {
	.name = "record",
	.help = "all that is known of a row",
	.by_link = true,
	.keys = KEYS_LIST,
	.state_size = sizeof(struct record),
	.open = open_record,
	.close = close_record,
	.title = title,
	.draw = draw,
	.list = list,
	.follow = follow,
	.origin = origin,
	.where = where,
	.command = command,
};
