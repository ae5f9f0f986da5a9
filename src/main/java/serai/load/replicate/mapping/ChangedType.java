package serai.load.replicate.mapping;

import java.util.Map;
import java.util.Set;

/**
 * A {@code data-type} of a mapping file.
 *
 * @param word DMS's word for the type
 * @param postgres the type of PostgreSQL
 * @param length of a text, in characters; 0 when it has no limit
 */
record ChangedType(String word, String postgres, int length) {

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("bytes", "bytea"),
            Map.entry("blob", "bytea"),
            Map.entry("date", "date"),
            Map.entry("time", "time without time zone"),
            Map.entry("datetime", "timestamp without time zone"),
            Map.entry("int1", "smallint"),
            Map.entry("int2", "smallint"),
            Map.entry("int4", "integer"),
            Map.entry("int8", "bigint"),
            Map.entry("uint1", "smallint"),
            Map.entry("uint2", "integer"),
            Map.entry("uint4", "bigint"),
            Map.entry("uint8", "numeric(20,0)"),
            Map.entry("numeric", "numeric"),
            Map.entry("real4", "real"),
            Map.entry("real8", "double precision"),
            Map.entry("string", "text"),
            Map.entry("wstring", "text"),
            Map.entry("clob", "text"),
            Map.entry("nclob", "text"),
            Map.entry("boolean", "boolean"));

    /** Types of other databases. */
    static final Set<String> FOREIGN = Set.of("set", "list", "map", "tuple");

    /** The types of the source that DMS calls by a word; all others are texts to it. */
    private static final Map<String, Set<String>> SOURCE = Map.ofEntries(
            Map.entry("smallint", Set.of("int2", "int1", "uint1")),
            Map.entry("integer", Set.of("int4", "uint2")),
            Map.entry("bigint", Set.of("int8", "uint4")),
            Map.entry("numeric", Set.of("numeric", "uint8")),
            Map.entry("real", Set.of("real4")),
            Map.entry("double precision", Set.of("real8")),
            Map.entry("date", Set.of("date")),
            Map.entry("time without time zone", Set.of("time")),
            Map.entry("timestamp without time zone", Set.of("datetime")),
            Map.entry("timestamp with time zone", Set.of("datetime")),
            Map.entry("boolean", Set.of("boolean")),
            Map.entry("bytea", Set.of("blob", "bytes")));

    private static final Set<String> TEXTS = Set.of("string", "wstring", "clob", "nclob");
    private static final Set<String> CHARACTERS =
            Set.of("text", "character varying", "character", "citext", "name", "bpchar");

    /** The words of types that have an equivalent in PostgreSQL. */
    static Set<String> words() {
        return TYPES.keySet();
    }

    /**
     * @param length of a text; 0: no limit
     * @param precision of a number; 0: no limit
     * @param scale of a number, or digits of seconds; -1 when it is not given
     */
    static ChangedType of(String word, int length, int precision, int scale) {
        String base = TYPES.get(word);
        if (word.equals("string") || word.equals("wstring")) {
            return new ChangedType(word, length == 0 ? base : "character varying(" + length + ")", length);
        }
        if (word.equals("numeric") && precision > 0) {
            return new ChangedType(word, "numeric(" + precision + "," + Math.max(scale, 0) + ")", 0);
        }
        int digits = scale >= 0 ? scale : precision;
        if ((word.equals("datetime") || word.equals("time")) && digits > 0 && digits <= 6) {
            return new ChangedType(word, base.replaceFirst("^(\\w+)", "$1(" + digits + ")"), 0);
        }
        return new ChangedType(word, base, 0);
    }

    /** Whether a column of the source has the type that DMS calls by a word. The four words for texts are one. */
    static boolean describes(String word, String type) {
        Set<String> known = SOURCE.get(base(type));
        return known == null ? TEXTS.contains(word) : known.contains(word);
    }

    /** Whether a type of PostgreSQL holds any text. */
    static boolean holdsText(String type) {
        return CHARACTERS.contains(base(type));
    }

    /** The type without its length or precision: {@code numeric} of {@code numeric(10,2)}. */
    static String base(String type) {
        return type.endsWith("[]") ? type : type.replaceAll("\\([^)]*\\)", "").strip();
    }

    /** The length of a type of texts; 0 when it has no limit. */
    static int length(String type) {
        int open = type.indexOf('(');
        if (base(type).equals("character") && open < 0) {
            return 1;
        }
        return holdsText(type) && open > 0 ? Integer.parseInt(type.substring(open + 1, type.indexOf(')'))) : 0;
    }
}
