package serai.watch.rule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Options that a rule can run with, but that have no effect or look like mistakes. */
final class RuleNotices {

    private static final Map<String, String> STRFTIME_SLIPS = new TreeMap<>(
            Map.of("%y", "the year without its century", "%M", "the minute", "%D", "a whole date with slashes"));
    /** Shorter names have too many neighbors. */
    private static final int SHORTEST_NAME = 5;

    private static final int MOST_EDITS = 2;

    private RuleNotices() {}

    /** The notices about a rule's options, each with its line and a fix. */
    static List<String> of(Options options) throws RuleException {
        List<String> notices = common(options);
        notices.addAll(OwnMetadata.notices(options));
        if (options.flag("use_strftime_index", false)) {
            String index = options.text("index", "");
            STRFTIME_SLIPS.forEach((directive, meaning) -> {
                if (index.contains(directive)) {
                    notices.add(options.line("index") + ": index: " + directive + " is " + meaning
                            + "; did you mean %Y, %m or %d?");
                }
            });
        }
        return List.copyOf(notices);
    }

    /** Those that may also occur in {@code config.yaml}. */
    static List<String> common(Options options) throws RuleException {
        List<String> notices = new ArrayList<>();
        List<String> filters = options.texts("jinja_filters");
        if (options.line("jinja_filters") != null && !filters.isEmpty()) {
            notices.add(options.line("jinja_filters") + ": jinja_filters: " + String.join(", ", filters)
                    + ": Python classes cannot run here; use the filters of Jinja itself");
        }
        options.values().keySet().stream()
                .filter(name -> options.line(name) != null && !OptionTypes.NAMES.contains(name))
                .forEach(name -> similar(name)
                        .ifPresent(known -> notices.add(options.line(name) + ": " + name
                                + ": nothing reads this option; did you mean " + known + "?")));
        return notices;
    }

    /** The known option that a misspelled name is closest to; unknown options are kept, as in ElastAlert. */
    private static Optional<String> similar(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replace('-', '_').replace(' ', '_');
        int most = plain.length() < 9 ? 1 : MOST_EDITS;
        return plain.length() < SHORTEST_NAME
                ? Optional.empty()
                : OptionTypes.NAMES.stream()
                        .filter(known -> Math.abs(known.length() - plain.length()) <= most)
                        .filter(known -> distance(plain, known) <= most)
                        .min(Comparator.<String>comparingInt(known -> distance(plain, known))
                                .thenComparing(Comparator.naturalOrder()));
    }

    /** The Damerau-Levenshtein distance: letters that are missing, added, exchanged, or swapped with the next one. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int exchange = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(cost[i - 1][j - 1] + exchange, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
