package serai.watch.rule;

import java.util.Map;
import java.util.regex.Pattern;
import serai.settings.Secrets;

/** Masks the secrets of rules in all output: options whose name says that they are one, and headers with a login. */
final class RuleSecrets {

    private static final Pattern OPTION = Pattern.compile("(?:.*_)?(?:password|pass|token|bearer|apikey|secret_id"
            + "|(?:api|app|service|routing|integration|access|secret|opsgenie)_key)");
    private static final Pattern HEADERS = Pattern.compile(".*_headers");
    private static final Pattern HEADER = Pattern.compile("(?i).*(?:authorization|token|key|secret|password|cookie).*");
    /** A shorter one is a placeholder, and may be a part of ordinary words. */
    private static final int SHORTEST = 8;

    private RuleSecrets() {}

    /** From now on, the secrets among these options are masked. */
    static void mask(Options options) {
        options.values().forEach((name, value) -> {
            if (OPTION.matcher(name).matches()) {
                add(value);
            } else if (HEADERS.matcher(name).matches() && value instanceof Map<?, ?> headers) {
                headers.forEach((header, text) -> {
                    if (HEADER.matcher(String.valueOf(header)).matches()) {
                        add(text);
                    }
                });
            }
        });
    }

    private static void add(Object value) {
        if (value instanceof String text && text.length() >= SHORTEST) {
            // without the scheme, as in "Bearer ..."
            Secrets.add(text.substring(text.lastIndexOf(' ') + 1));
        }
    }
}
