package serai.load.replicate.mapping;

/** How a table without a key is followed. */
public enum Keyless {
    /** Only inserts arrive. */
    APPEND,
    /** Rows are found by all of their values; equal ones are counted. */
    FULL
}
