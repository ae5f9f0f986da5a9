package serai.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How tests wait for what other threads and processes do. */
public final class Waiting {

    private Waiting() {}

    /** Waits a minute at most, as a busy machine needs, and looks often: {@code soon().until(...)}. */
    public static ConditionFactory soon() {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(25))
                .pollDelay(Duration.ZERO);
    }
}
