package serai.watch.query;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import serai.watch.python.Strftime;
import serai.watch.rule.Rule;

/**
 * The names of the indices that hold a range of time, with {@code use_strftime_index}
 * ({@code docs/reference/elastalert.md}, "Queries").
 */
final class IndexNames {

    private static final int MOST = 1_000;

    private IndexNames() {}

    /** Each name of a list with commas; of one that holds a time, one for each day (or hour, with %H) of the window. */
    static List<String> of(Rule rule, Window window) {
        return rule.flag("use_strftime_index", false)
                ? of(rule.index(), window.from(), window.to(), rule.flag("search_extra_index", false))
                : each(rule.index(), List::of);
    }

    /**
     * @param oneBefore whether the day (or hour) before is searched too
     * @return the names, in UTC; the pattern with a star when they are more than a request can carry
     */
    static List<String> of(String patterns, Instant from, Instant to, boolean oneBefore) {
        return each(patterns, pattern -> dated(pattern, from, to, oneBefore));
    }

    /**
     * A multi search takes a comma in a name for a part of the name: no index would have it, and nothing would be
     * found.
     */
    private static List<String> each(String list, Function<String, List<String>> names) {
        List<String> all = Stream.of(list.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .map(names)
                .flatMap(List::stream)
                .distinct()
                .toList();
        // an empty list would be every index
        return all.isEmpty() ? List.of(list) : all;
    }

    private static List<String> dated(String pattern, Instant from, Instant to, boolean oneBefore) {
        ChronoUnit step = Strftime.step(pattern);
        ZonedDateTime time = from.atZone(ZoneOffset.UTC).minus(oneBefore ? 1 : 0, step);
        ZonedDateTime last = to.atZone(ZoneOffset.UTC).truncatedTo(step);
        Set<String> names = new LinkedHashSet<>(List.of(Strftime.format(time, pattern)));
        // ElastAlert adds one more name when the range begins with a day; an index that does not exist costs nothing
        while (!time.isAfter(last)) {
            time = time.plus(1, step);
            names.add(Strftime.format(time, pattern));
            if (names.size() > MOST) {
                return List.of(anyTime(pattern));
            }
        }
        return List.copyOf(names);
    }

    /** The pattern with a star for its part that depends on time. */
    static String anyTime(String pattern) {
        int start = pattern.indexOf('%');
        return start < 0
                ? pattern
                : pattern.substring(0, start) + "*"
                        + pattern.substring(Math.min(pattern.length(), pattern.lastIndexOf('%') + 2));
    }
}
