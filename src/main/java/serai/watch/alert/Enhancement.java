package serai.watch.alert;

import java.time.DateTimeException;
import java.util.Map;
import serai.watch.rule.Rule;
import serai.watch.rule.Timestamps;

/** Changes a match before it is told, or drops it (option {@code match_enhancements}). */
@FunctionalInterface
public interface Enhancement {

    /** The match is not to be told; it silences nothing. */
    final class DropMatch extends Exception {
        public DropMatch() {
            super("dropped by an enhancement", null, false, false);
        }
    }

    void process(Rule rule, Map<String, Object> match) throws DropMatch;

    /** Those that stand in ElastAlert itself, by the names that rule files give them. */
    Map<String, Enhancement> BUILT_IN = Map.of(
            "elastalert.enhancements.TimeEnhancement",
            Enhancement::prettyTime,
            "TimeEnhancement",
            Enhancement::prettyTime);

    /** TimeEnhancement: the time as messages show it. */
    private static void prettyTime(Rule rule, Map<String, Object> match) {
        Object time = match.get("@timestamp");
        try {
            match.put("@timestamp", rule.prettyTime(Timestamps.read(time)));
        } catch (DateTimeException e) {
            // a match without a time, or with an odd one, is told as it is
            match.put("@timestamp", time);
        }
    }
}
