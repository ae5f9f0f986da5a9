package serai.load.replicate.mapping;

/** How the value of a column is made. */
@FunctionalInterface
interface ColumnValue {
    /** PostgreSQL's text; null: NULL. */
    String of(SourceRow row);
}
