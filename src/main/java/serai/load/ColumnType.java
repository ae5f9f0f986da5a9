package serai.load;

import java.util.Map;

/** The PostgreSQL types that a report can fill, by their internal names. */
enum ColumnType {
    INTEGER,
    NUMERIC,
    FLOAT,
    BOOLEAN,
    DATE,
    TIMESTAMP,
    TIMESTAMPTZ,
    TEXT,
    UUID,
    JSON;

    private static final Map<String, ColumnType> NAMES = Map.ofEntries(
            Map.entry("int2", INTEGER),
            Map.entry("int4", INTEGER),
            Map.entry("int8", INTEGER),
            Map.entry("numeric", NUMERIC),
            Map.entry("float4", FLOAT),
            Map.entry("float8", FLOAT),
            Map.entry("bool", BOOLEAN),
            Map.entry("date", DATE),
            Map.entry("timestamp", TIMESTAMP),
            Map.entry("timestamptz", TIMESTAMPTZ),
            Map.entry("text", TEXT),
            Map.entry("varchar", TEXT),
            Map.entry("bpchar", TEXT),
            Map.entry("uuid", UUID),
            Map.entry("json", JSON),
            Map.entry("jsonb", JSON));

    /** @return null when a report cannot fill a column of this type */
    static ColumnType of(String internalName) {
        return NAMES.get(internalName);
    }

    boolean isTime() {
        return this == DATE || this == TIMESTAMP || this == TIMESTAMPTZ;
    }
}
