package serai.demo;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values that a request gave to a card's template tags. A tag without a value does not filter.
 *
 * @param values tag to values; a field filter may have several
 */
public record Parameters(Map<String, List<String>> values) {

    public static final Parameters NONE = new Parameters(Map.of());

    public Optional<String> value(String tag) {
        return values.getOrDefault(tag, List.of()).stream().findFirst();
    }

    /** A date tag as a time; a day is its midnight. */
    public Optional<LocalDateTime> time(String tag) {
        return value(tag).map(Parameters::parse);
    }

    /** Whether a time lies in {@code [start, end)}; an absent bound does not bind. */
    public boolean contains(LocalDateTime at) {
        return time("start").map(from -> !at.isBefore(from)).orElse(true)
                && time("end").map(at::isBefore).orElse(true);
    }

    private static LocalDateTime parse(String text) {
        return text.length() == 10 ? LocalDate.parse(text).atStartOfDay() : LocalDateTime.parse(text);
    }
}
