package serai.watch.alert;

import java.time.DateTimeException;
import java.util.Map;
import serai.watch.rule.Rule;
import serai.watch.rule.Timestamps;

/** Changes a match before its alert, or drops it (option {@code match_enhancements}). */
@FunctionalInterface
public interface Enhancement {

    /** The match leads to no alert and sets no silence. */
    final class DropMatchException extends Exception {
        /** Without a stack trace: it is not a failure. */
        public DropMatchException() {
            super("dropped by an enhancement", null, false, false);
        }
    }

    /** Changes the match in place. */
    void process(Rule rule, Map<String, Object> match) throws DropMatchException;

    /** The enhancements that are part of ElastAlert, by the names that rule files give them. */
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
            // a match without a readable time stays as it is
            match.put("@timestamp", time);
        }
    }
}
