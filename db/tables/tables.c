#include "db/tables/table.h"

#include "decoders/base/size.h"

#define TABLE(name) extern const struct table table_##name;
#include "db/tables/tables.def"
#undef TABLE

#define TABLE(name) &table_##name,
const struct table *const tables[] = {
#include "db/tables/tables.def"
};
#undef TABLE
const size_t n_tables = ARRAY_SIZE(tables);

const struct table *table_named(const char *name)
{
	for (size_t i = 0; i < n_tables; i++)
		if (!strcmp(tables[i]->name, name) ||
		    (tables[i]->plural && !strcmp(tables[i]->plural, name)))
			return tables[i];
	return NULL;
}

void table_nearest(struct nearest *nearest)
{
	for (size_t i = 0; i < n_tables; i++) {
		nearest_try(nearest, bytes_of(tables[i]->name));
		if (tables[i]->plural)
			nearest_try(nearest, bytes_of(tables[i]->plural));
	}
}

struct error *table_find(const char *name, const struct table **ret)
{
	const struct table *table = table_named(name);
	struct nearest nearest = nearest_to(bytes_of(name));

	if (!table) {
		table_nearest(&nearest);
		return nearest_hint(&nearest,
				    error_new(ERROR_USAGE, "there is no table \"%s\"", name),
				    "\"coldcase\" alone lists them");
	}
	*ret = table;
	return NULL;
}

struct row_set table_rows(const struct checkpoint *checkpoint, const struct table *table)
{
	struct leaf_rows rows;

	if (!table->leaf)
		return table->rows(checkpoint);
	rows = checkpoint_leaf(checkpoint, table->leaf);
	return (struct row_set){ rows.items, rows.n, table->leaf->row_size };
}

const struct column *table_column(const struct table *table, const char *name)
{
	for (size_t i = 0; i < table->n_columns; i++)
		if (!strcmp(table->columns[i].name, name))
			return &table->columns[i];
	return NULL;
}

enum value_type column_type(const struct column *column)
{
	static const enum value_type types[] = {
		[STORE_U32] = VALUE_UINT,   [STORE_U64] = VALUE_UINT,	  [STORE_HEX32] = VALUE_HEX,
		[STORE_HEX64] = VALUE_HEX,  [STORE_I32] = VALUE_INT,	  [STORE_BOOL] = VALUE_BOOL,
		[STORE_BYTES] = VALUE_TEXT, [STORE_NAME] = VALUE_TEXT,	  [STORE_CHARS] = VALUE_TEXT,
		[STORE_STRINGS] = VALUE_STRINGS, [STORE_OCTAL32] = VALUE_OCTAL,
	};

	return column->store == STORE_COMPUTED ? column->type : types[column->store];
}

static struct value number32(enum value_type type, uint32_t number)
{
	return number == ABSENT_U32 ? (struct value){ .type = VALUE_NULL }
				    : value_number(type, number);
}

static struct value number64(enum value_type type, uint64_t number)
{
	return number == ABSENT_U64 ? (struct value){ .type = VALUE_NULL }
				    : value_number(type, number);
}

static struct value strings(struct strings list)
{
	return list.bytes.data ? (struct value){ .type = VALUE_STRINGS, .text = list.bytes }
			       : (struct value){ .type = VALUE_NULL };
}

void table_cell(const struct checkpoint *checkpoint, const struct column *column, const void *row,
		struct arena *arena, struct value *ret)
{
	const void *field = (const char *)row + column->offset;

	switch (column->store) {
	case STORE_U32:
		*ret = number32(VALUE_UINT, *(const uint32_t *)field);
		break;
	case STORE_U64:
		*ret = number64(VALUE_UINT, *(const uint64_t *)field);
		break;
	case STORE_HEX32:
		*ret = number32(VALUE_HEX, *(const uint32_t *)field);
		break;
	case STORE_HEX64:
		*ret = number64(VALUE_HEX, *(const uint64_t *)field);
		break;
	case STORE_OCTAL32:
		*ret = number32(VALUE_OCTAL, *(const uint32_t *)field);
		break;
	case STORE_I32:
		*ret = (struct value){ .type = VALUE_INT, .integer = *(const int32_t *)field };
		break;
	case STORE_BOOL:
		*ret = (struct value){ .type = VALUE_BOOL, .boolean = *(const bool *)field };
		break;
	case STORE_BYTES:
		*ret = value_text(*(const struct bytes *)field);
		break;
	case STORE_NAME:
		*ret = value_text(bytes_of(*(const char *const *)field));
		break;
	case STORE_CHARS:
		*ret = value_text(bytes_of(field));
		break;
	case STORE_STRINGS:
		*ret = strings(*(const struct strings *)field);
		break;
	case STORE_COMPUTED:
		*ret = (struct value){ .type = VALUE_NULL };
		column->get(checkpoint, row, arena, ret);
		break;
	}
	if (column->mark)
		column->mark(row, arena, ret);
}
