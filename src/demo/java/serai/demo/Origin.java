package serai.demo;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Where a visitor came from, and the channel that it belongs to: the truth that rules over (source, medium) are held
 * against.
 *
 * @param source as Google Analytics prints it, or null
 * @param medium likewise
 * @param weight visits in a thousand, about
 */
record Origin(String channel, String source, String medium, int weight) {

    static final List<Origin> ALL = List.of(
            new Origin("organic search", "google", "organic", 260),
            new Origin("organic search", "bing", "organic", 40),
            new Origin("organic search", "duckduckgo", "organic", 25),
            new Origin("paid search", "google", "cpc", 140),
            new Origin("paid search", "bing", "ppc", 20),
            new Origin("direct", "(direct)", "(none)", 180),
            new Origin("referral", "news.example.com", "referral", 60),
            new Origin("referral", "bücher.example", "referral", 15),
            new Origin("e-mail", "newsletter", "email", 60),
            new Origin("e-mail", "lifecycle", "e-mail", 20),
            new Origin("social", "linkedin", "social", 50),
            new Origin("social", "mastodon", "social", 10),
            new Origin("affiliate", "partner-hub", "affiliate", 30),
            new Origin("in-product invite", "app", "invite", 60),
            new Origin("unknown", "(not set)", "(not set)", 15),
            new Origin("unknown", null, null, 15));

    private static final int TOTAL = ALL.stream().mapToInt(Origin::weight).sum();

    static Origin pick(SplittableRandom random) {
        int at = random.nextInt(TOTAL);
        for (Origin origin : ALL) {
            at -= origin.weight;
            if (at < 0) {
                return origin;
            }
        }
        throw new AssertionError();
    }
}
