package serai.show;

import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.support.CamelContextHelper;

/**
 * When something counts as late.
 *
 * @param grace how long after its cron fired a source may take ({@code show.grace})
 * @param modelsWithin how long changed days may wait for a refresh ({@code show.models-within})
 * @param rulesGrace how late a rule may run, or an interval of its own where that is longer ({@code show.rules-grace})
 */
record ShowSettings(Duration grace, Duration modelsWithin, Duration rulesGrace) {

    /** @throws IllegalArgumentException when a setting is not a duration such as {@code 10m}; the message names it */
    static ShowSettings of(CamelContext context) {
        return new ShowSettings(
                duration(context, "show.grace", "10m"),
                duration(context, "show.models-within", "1h"),
                duration(context, "show.rules-grace", "1m"));
    }

    private static Duration duration(CamelContext context, String key, String otherwise) {
        String text = context.resolvePropertyPlaceholders("{{" + key + ":" + otherwise + "}}");
        Duration duration;
        try {
            duration = CamelContextHelper.parseDuration(context, text);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    key + " is '" + text + "', which is not a duration. Write it as " + otherwise + ".", e);
        }
        if (duration == null || duration.isNegative()) {
            throw new IllegalArgumentException(
                    key + " is '" + text + "'; it must be a duration of 0 or more, such as " + otherwise + ".");
        }
        return duration;
    }
}
