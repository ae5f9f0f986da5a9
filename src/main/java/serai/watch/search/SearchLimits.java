package serai.watch.search;

import java.util.List;
import serai.settings.Setting;
import serai.settings.SettingType;
import serai.settings.Settings;

/**
 * How much is asked of one server.
 *
 * @param requests under way at one time
 * @param queries that wait
 */
record SearchLimits(int requests, int queries) {

    private static final Setting<Integer> REQUESTS =
            Setting.of("watch.search-requests", SettingType.count(64), "4", "Most requests in progress at one server.");
    private static final Setting<Integer> QUERIES = Setting.of(
            "watch.search-max-questions",
            SettingType.count(1_000_000),
            "20000",
            "Most queries that wait for one server. Further ones fail and are repeated by the rule's next run.");

    /** The settings {@code watch.search-requests} and {@code watch.search-max-questions}. */
    static final List<Setting<?>> ALL = List.of(REQUESTS, QUERIES);

    static SearchLimits of(Settings settings) {
        return new SearchLimits(settings.get(REQUESTS), settings.get(QUERIES));
    }
}
