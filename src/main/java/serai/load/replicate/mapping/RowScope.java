package serai.load.replicate.mapping;

import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * The values of a row for expressions and filters.
 *
 * @param masks by the name of the source's column
 * @param salted null when there is no key
 */
record RowScope(SourceTable table, Map<String, ColumnMask> masks, ColumnMask salted, SourceRow row)
        implements SqliteTerm.Scope {

    private static final Set<String> NUMBERS =
            Set.of("smallint", "integer", "bigint", "numeric", "real", "double precision");

    @Override
    public Object column(String name) {
        int place = table.indexOf(name);
        String type = ChangedType.base(table.columns().get(place).type());
        ColumnMask mask = masks.get(name);
        return mask == null ? value(row.value(place), type) : typed(mask.apply(row.value(place)), type);
    }

    @Override
    public Object hidden(String name) {
        int place = table.indexOf(name);
        String text = row.value(place);
        // as a mask has it, so that both give the same hash
        return table.columns().get(place).type().equals("bytea") ? value(text, "bytea") : text;
    }

    @Override
    public boolean isNumeric(String name) {
        return isNumber(table.columns().get(table.indexOf(name)).type());
    }

    static boolean isNumber(String type) {
        return NUMBERS.contains(ChangedType.base(type));
    }

    @Override
    public String saltedHash(String text) {
        return salted.mask(text);
    }

    private static Object value(String text, String type) {
        if (text != null && type.equals("boolean")) {
            return text.equals("t") || text.equals("true") ? "true" : "false";
        }
        if (text != null && type.equals("bytea") && text.startsWith("\\x")) {
            return HexFormat.of().parseHex(text, 2, text.length());
        }
        return typed(text, type);
    }

    private static Object typed(String text, String type) {
        return NUMBERS.contains(type) ? SqliteValues.numberIfWhole(text) : text;
    }
}
