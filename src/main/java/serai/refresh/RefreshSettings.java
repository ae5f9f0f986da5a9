package serai.refresh;

import java.time.Duration;
import org.apache.camel.CamelContext;

/**
 * The settings {@code refresh.*}.
 *
 * @param maxDays most days that a model recalculates in one run; the rest is left for the next
 * @param lockTimeout how long to wait for the readers of a table that is to be replaced
 * @param maxTime after what time a refresh starts no further run, even if days are left
 */
record RefreshSettings(int maxDays, Duration lockTimeout, Duration maxTime) {

    static RefreshSettings of(CamelContext camel) {
        return new RefreshSettings(
                Integer.parseInt(camel.resolvePropertyPlaceholders("{{refresh.max-days:40}}")),
                duration(camel, "{{refresh.lock-timeout:2s}}"),
                duration(camel, "{{refresh.max-time:10m}}"));
    }

    private static Duration duration(CamelContext camel, String setting) {
        return camel.getTypeConverter().convertTo(Duration.class, camel.resolvePropertyPlaceholders(setting));
    }
}
