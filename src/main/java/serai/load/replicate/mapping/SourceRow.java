package serai.load.replicate.mapping;

import java.time.Instant;

/** A row of a {@link SourceTable}, as the copy or the log delivers it. */
public interface SourceRow {

    /** What was done with the row. */
    enum Operation {
        /** Inserted, or read by a copy. */
        INSERT,
        /** Updated. */
        UPDATE,
        /** Deleted. */
        DELETE
    }

    /**
     * The value of a column as PostgreSQL's text; null: NULL. Not asked for a column that is unchanged.
     *
     * @param column its place in {@link SourceTable#columns}, from 0
     */
    String value(int column);

    /**
     * Whether the log did not send the value, since the update did not change it and it is stored apart (TOAST).
     *
     * @param column its place in {@link SourceTable#columns}, from 0
     */
    boolean isUnchanged(int column);

    /** What was done with the row. */
    Operation operation();

    /** The time of the commit, or of the copy: the same whenever the change is read again. */
    Instant committedAt();

    /** The position of the change in the log, such as {@code 0/16B3748}; of a copy, the position of its snapshot. */
    String position();

    /** The number of the change within its transaction, from 1; 0 for rows of a copy. */
    long sequence();
}
