package serai.load.replicate.mapping;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A fact about a change or its table that an expression may name, such as {@code $AR_H_STREAM_POSITION}. */
enum ChangeHeader {
    /** The position in the log. */
    AR_H_STREAM_POSITION,
    /** The time of the commit, in UTC, with microseconds. */
    AR_H_TIMESTAMP,
    /** The same: PostgreSQL's log has no time of the change itself. */
    AR_H_COMMIT_TIMESTAMP,
    /** {@code INSERT}, {@code UPDATE} or {@code DELETE}. */
    AR_H_OPERATION,
    /** 35 digits that grow with each change: 16 of the time of the commit, 19 of the number in its transaction. */
    AR_H_CHANGE_SEQ,
    /** The source's schema. */
    AR_M_SOURCE_SCHEMA,
    /** The source's table. */
    AR_M_SOURCE_TABLE_NAME;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DIGITS =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmssSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    static Optional<ChangeHeader> of(String name) {
        return Arrays.stream(values())
                .filter(header -> header.name().equals(name))
                .findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(header -> "$" + header.name()).toList();
    }

    boolean isOfTable() {
        return this == AR_M_SOURCE_SCHEMA || this == AR_M_SOURCE_TABLE_NAME;
    }

    String value(SourceTable table, SourceRow row) {
        return switch (this) {
            case AR_H_STREAM_POSITION -> row.position();
            case AR_H_TIMESTAMP, AR_H_COMMIT_TIMESTAMP -> TIME.format(row.committedAt());
            case AR_H_OPERATION -> row.operation().name();
            case AR_H_CHANGE_SEQ ->
                DIGITS.format(row.committedAt()) + String.format(Locale.ROOT, "%019d", row.sequence());
            case AR_M_SOURCE_SCHEMA -> table.schema();
            case AR_M_SOURCE_TABLE_NAME -> table.name();
        };
    }
}
