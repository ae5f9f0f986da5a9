package serai.request;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * That a source or a model is paused.
 *
 * @param by who paused it
 * @param why the reason that was given, or null
 */
public record Pause(Subject subject, String by, String why, Instant since) {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    /** A sentence: since when it is paused, by whom and why. */
    public String text() {
        return subject + " is paused since " + TIME.format(since) + " by " + by + (why == null ? "" : ": " + why) + ".";
    }

    /** The same with what to do. */
    public String refusal() {
        return text() + " Resume it first: resume " + subject.name();
    }
}
