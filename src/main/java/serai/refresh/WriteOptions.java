package serai.refresh;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.regex.Pattern;
import serai.edits.EditRefusedException;

/**
 * How single kinds are written: {@code @from} and {@code @fill} of a once, {@code @keep} and {@code @deleted} of an
 * upsert.
 *
 * @param from the first unit to write, or null
 * @param fill whether units that were missed are written later
 * @param keep the columns that keep the value of the insert
 * @param deleted the column that is set where the source's row is gone, or null
 */
record WriteOptions(LocalDate from, boolean fill, List<String> keep, String deleted) {

    private static final LocalDate EARLIEST = LocalDate.of(1970, 1, 1);
    private static final LocalDate LATEST = LocalDate.of(2999, 12, 31);
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    /** @param grain the columns that identify a row */
    static WriteOptions read(ModelHeader header, List<String> grain) throws EditRefusedException {
        List<String> deleted = header.names("deleted", NAME, "a column");
        if (deleted.size() > 1) {
            throw header.refuse("deleted", "write one column");
        }
        List<String> keep = header.names("keep", NAME, "a column");
        if (keep.stream().anyMatch(grain::contains)) {
            throw header.refuse("keep", "the columns of @grain never change: remove them from @keep");
        }
        if (deleted.stream().anyMatch(column -> keep.contains(column) || grain.contains(column))) {
            throw header.refuse("deleted", "it is set when the row is gone: it cannot be a column of @grain or @keep");
        }
        return new WriteOptions(from(header), fill(header), keep, deleted.isEmpty() ? null : deleted.get(0));
    }

    private static LocalDate from(ModelHeader header) throws EditRefusedException {
        try {
            LocalDate from = header.value("from") == null ? null : LocalDate.parse(header.value("from"));
            if (from != null && (from.isBefore(EARLIEST) || from.isAfter(LATEST))) {
                throw header.refuse("from", "write a date between " + EARLIEST + " and " + LATEST);
            }
            return from;
        } catch (DateTimeParseException e) {
            throw header.refuse("from", "write a date, such as @from 2026-01-31");
        }
    }

    private static boolean fill(ModelHeader header) throws EditRefusedException {
        String fill = header.value("fill");
        if (fill != null && !fill.equals("yes") && !fill.equals("no")) {
            throw header.refuse("fill", "write yes or no: whether units that were missed are written later");
        }
        return "yes".equals(fill);
    }
}
