package serai.refresh;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import serai.edits.EditRefusedException;
import serai.settings.SettingType;

/**
 * {@code @fresh warn 2h, error 6h}: how old a model's data may be.
 *
 * @param warn null when only the other one is given
 * @param error null when only the other one is given
 */
record Freshness(Duration warn, Duration error) {

    private static final Pattern FRESH = Pattern.compile("(?:warn (\\S+?))?(, ?)?(?:error (\\S+))?");

    /** The value of the header; null when there is none. */
    static Freshness read(ModelHeader header) throws EditRefusedException {
        String text = header.value("fresh");
        if (text == null) {
            return null;
        }
        Matcher m = FRESH.matcher(text.replaceAll("\\s+", " "));
        if (!m.matches() || (m.group(2) != null) != (m.group(1) != null && m.group(3) != null)) {
            throw header.refuse("fresh", "write: @fresh warn 2h, error 6h; or only one of both");
        }
        Freshness fresh = new Freshness(duration(header, m.group(1)), duration(header, m.group(3)));
        if (fresh.warn() != null && fresh.error() != null && fresh.warn().compareTo(fresh.error()) >= 0) {
            throw header.refuse("fresh", "the warning must come before the error: exchange them");
        }
        return fresh;
    }

    private static Duration duration(ModelHeader header, String text) throws EditRefusedException {
        try {
            return text == null ? null : SettingType.duration().parse(text);
        } catch (IllegalArgumentException e) {
            throw header.refuse("fresh", "'" + text + "' " + e.getMessage());
        }
    }
}
