package serai.demo;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values of a card's template tags in a request. A tag without a value does not filter.
 *
 * @param values tag to values; a field filter may have several
 */
public record Parameters(Map<String, List<String>> values) {

    /** A request without parameters. */
    public static final Parameters NONE = new Parameters(Map.of());

    /** The first value of a tag. */
    public Optional<String> value(String tag) {
        return values.getOrDefault(tag, List.of()).stream().findFirst();
    }

    /** A date tag as a time; a day is its midnight. */
    public Optional<LocalDateTime> time(String tag) {
        return value(tag).map(Parameters::parse);
    }

    /** Whether a time is in {@code [start, end)}, as far as the request has these tags. */
    public boolean contains(LocalDateTime at) {
        return time("start").map(from -> !at.isBefore(from)).orElse(true)
                && time("end").map(at::isBefore).orElse(true);
    }

    private static LocalDateTime parse(String text) {
        return text.length() == 10 ? LocalDate.parse(text).atStartOfDay() : LocalDateTime.parse(text);
    }
}
