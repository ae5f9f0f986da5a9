package serai.watch.python;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Python's {@code datetime.timedelta}, which is a {@link Duration} here: whole days, which may be negative, and seconds
 * and microseconds, which are not.
 */
public final class Timedelta {

    private static final long SECONDS_PER_DAY = 86_400;

    private Timedelta() {}

    /** The attributes of a timedelta by name: {@code days}, {@code seconds} and {@code microseconds}. */
    public static Map<String, Long> parts(Duration time) {
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("days", Math.floorDiv(time.getSeconds(), SECONDS_PER_DAY));
        parts.put("seconds", Math.floorMod(time.getSeconds(), SECONDS_PER_DAY));
        parts.put("microseconds", time.getNano() / 1_000L);
        return parts;
    }

    static String repr(Duration time) {
        String parts = parts(time).entrySet().stream()
                .filter(part -> part.getValue() != 0)
                .map(part -> part.getKey() + "=" + part.getValue())
                .collect(Collectors.joining(", "));
        return "datetime.timedelta(" + (parts.isEmpty() ? "0" : parts) + ")";
    }

    static String str(Duration time) {
        Map<String, Long> parts = parts(time);
        long days = parts.get("days");
        long seconds = parts.get("seconds");
        long micros = parts.get("microseconds");
        return (days == 0 ? "" : days + (Math.abs(days) == 1 ? " day, " : " days, "))
                + String.format("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60)
                + (micros == 0 ? "" : String.format(".%06d", micros));
    }
}
