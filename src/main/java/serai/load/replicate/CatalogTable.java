package serai.load.replicate;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import serai.load.replicate.mapping.SourceColumn;
import serai.load.replicate.mapping.SourceTable;
import serai.load.replicate.pgoutput.SourceRelation;
import serai.warehouse.Row;
import serai.warehouse.Sql;

/**
 * A table in the source's catalog.
 *
 * @param table with the key by which the log identifies rows in the place of the primary key; types are those of the
 *     target: types of the source's own are text there, domains their base type
 * @param identity the replica identity: {@code d} primary key, {@code i} an index, {@code f} whole rows, {@code n} none
 * @param withDefault names of columns that rows may have got without being written
 */
record CatalogTable(SourceTable table, char identity, List<String> withDefault) {

    /** The type that a column has in the warehouse, whose server does not know the source's own types. */
    private static final String TYPE = """
            case when t.typtype = 'd' then case when b.typtype = 'd' or b.typnamespace <> 'pg_catalog'::regnamespace
                then 'text' else format_type(t.typbasetype, t.typtypmod) end
              when t.typnamespace <> 'pg_catalog'::regnamespace or t.typname ~ '^_?reg' then 'text'
              else format_type(a.atttypid, a.atttypmod) end""";

    private static final String TYPES =
            " join pg_type t on t.oid = a.atttypid left join pg_type b on b.oid = t.typbasetype";

    private static final String COLUMNS = " from pg_attribute a" + TYPES
            + " where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''";

    private static final String KEY = """
            coalesce((select array_agg(a.attname::text order by k.place) from pg_index i
              cross join unnest(i.indkey) with ordinality k(attnum, place)
              join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
              where i.indrelid = c.oid and i.%s and k.place <= i.indnkeyatts), '{}')""";

    private static final String PRIMARY_KEY = KEY.formatted("indisprimary");
    private static final String IDENTITY_KEY = KEY.formatted("indisreplident");

    private static final String TABLES = """
            select n.nspname as schema, c.relname as name, c.relkind = 'p' as partitioned,
              c.relreplident::text as identity,
              (select array_agg(a.attname::text order by a.attnum)%1$s) as names,
              (select array_agg(%2$s order by a.attnum)%1$s) as types,
              (select array_agg(a.attnum::text order by a.attnum)%1$s) as numbers,
              coalesce((select array_agg(a.attname::text)%1$s and (a.atthasdef or a.atthasmissing)), '{}') as defaults,
              %3$s as primary_key, %4$s as identity_key
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p'
              and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
            order by n.nspname, c.relname""".formatted(COLUMNS, TYPE, PRIMARY_KEY, IDENTITY_KEY);

    /** All tables of a source; partitions belong to their table. */
    static List<CatalogTable> read(Sql source) throws SQLException {
        return source.list(TABLES, CatalogTable::of);
    }

    private static CatalogTable of(Row row) throws SQLException {
        List<String> names = row.texts("names");
        List<String> types = row.texts("types");
        List<String> numbers = row.texts("numbers");
        List<SourceColumn> columns = new ArrayList<>();
        for (int i = 0; names != null && i < names.size(); i++) {
            columns.add(new SourceColumn(names.get(i), types.get(i), Integer.parseInt(numbers.get(i))));
        }
        char identity = row.text("identity").charAt(0);
        List<String> key = identity == 'i' ? row.texts("identity_key") : row.texts("primary_key");
        // the log has no columns that the database generates
        boolean logged = names != null && names.containsAll(key);
        SourceTable table = new SourceTable(
                row.text("schema"),
                row.text("name"),
                columns,
                logged ? key : List.of(),
                List.of(),
                row.flag("partitioned"));
        return new CatalogTable(table, identity, row.texts("defaults"));
    }

    /** Whether the log has what finds the row of an update or delete. */
    boolean isIdentified() {
        return identity == 'f' || identity != 'n' && !table.primaryKey().isEmpty();
    }

    /**
     * A table as the log describes it, which may be older than the catalog.
     *
     * @param present the catalog's description, if the table still exists
     */
    static SourceTable of(Sql source, SourceRelation relation, Optional<CatalogTable> present) throws SQLException {
        List<String> types = source.list(
                "select " + TYPE + " as type from unnest(?::bigint[], ?::bigint[]) with ordinality"
                        + " as m(type, modifier, place) cross join lateral (select m.type::oid as atttypid,"
                        + " m.modifier::int as atttypmod) a" + TYPES + " order by m.place",
                row -> row.text("type"),
                relation.columns().stream()
                        .map(column -> Integer.toUnsignedLong(column.type()))
                        .toList(),
                relation.columns().stream()
                        .map(column -> (long) column.modifier())
                        .toList());
        List<SourceColumn> columns = new ArrayList<>();
        List<String> key = new ArrayList<>();
        for (int i = 0; i < relation.columns().size(); i++) {
            SourceRelation.Column column = relation.columns().get(i);
            // a type that was dropped since has no name any more
            String type = types.size() == relation.columns().size() ? types.get(i) : "text";
            int number = present.stream()
                    .flatMap(table -> table.table().columns().stream())
                    .filter(known -> known.name().equals(column.name()))
                    .mapToInt(SourceColumn::number)
                    .findFirst()
                    .orElse(0);
            columns.add(new SourceColumn(column.name(), type, number));
            if (column.key() && relation.identity() != 'f') {
                key.add(column.name());
            }
        }
        if (relation.identity() == 'f') {
            present.ifPresent(table -> key.addAll(table.table().primaryKey()));
        }
        boolean partitioned = present.map(table -> table.table().partitioned()).orElse(false);
        return new SourceTable(relation.schema(), relation.name(), columns, key, List.of(), partitioned);
    }
}
