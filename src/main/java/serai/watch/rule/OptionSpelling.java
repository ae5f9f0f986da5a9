package serai.watch.rule;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Says which option a name that nothing reads may have meant: options that are not known are kept, so a slip would go
 * unseen.
 */
final class OptionSpelling {

    private static final int SHORTEST = 5;
    private static final int MOST_SLIPS = 2;

    private OptionSpelling() {}

    static List<String> notices(Options options) {
        return options.values().keySet().stream()
                .filter(name -> options.line(name) != null && !OptionTypes.NAMES.contains(name))
                .flatMap(name -> meant(name).stream()
                        .map(known -> options.line(name) + ": " + name + ": nothing reads this option; did you mean "
                                + known + "?"))
                .toList();
    }

    private static Optional<String> meant(String name) {
        String plain = name.toLowerCase(java.util.Locale.ROOT).replace('-', '_').replace(' ', '_');
        if (plain.length() < SHORTEST) {
            return Optional.empty();
        }
        return OptionTypes.NAMES.stream()
                .filter(known -> Math.abs(known.length() - plain.length()) <= MOST_SLIPS)
                .filter(known -> slips(plain, known) <= (plain.length() < 9 ? 1 : MOST_SLIPS))
                .min(Comparator.<String>comparingInt(known -> slips(plain, known))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Letters that were left out, put in, exchanged, or swapped with the next one, from one text to the other. */
    private static int slips(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                cost[i][j] =
                        Math.min(cost[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
