package serai.load.replicate.mapping;

/**
 * A column of a table of the source.
 *
 * @param name as the source spells it
 * @param type as PostgreSQL's {@code format_type} writes it, such as {@code character varying(20)}
 * @param number its number in the table ({@code attnum}), which a rename does not change; 0 when it is not known
 */
public record SourceColumn(String name, String type, int number) {

    /** A column whose number is not known. */
    public SourceColumn(String name, String type) {
        this(name, type, 0);
    }
}
