package serai.settings;

import java.util.regex.Pattern;

/**
 * One setting. Its declaration is the only place that describes it: values are checked by it, and
 * {@code application.properties} and {@code docs/configure.md} are generated from it.
 *
 * @param name its key; {@code *} stands for a part that operators choose, as in {@code load.*.cron}
 * @param type which values it can have
 * @param defaultText its value when nothing sets it; empty when it may be unset
 * @param description one or two sentences for operators
 */
public record Setting<T>(String name, SettingType<T> type, String defaultText, String description) {

    /** A setting that is unset by default. */
    public static <T> Setting<T> optional(String name, SettingType<T> type, String description) {
        return new Setting<>(name, type, "", description);
    }

    /** A setting with a default. */
    public static <T> Setting<T> of(String name, SettingType<T> type, String defaultText, String description) {
        return new Setting<>(name, type, defaultText, description);
    }

    /** Whether it is a family of settings, of which operators choose a part of the name. */
    public boolean isPattern() {
        return name.contains("*");
    }

    /** The environment variable that sets it: capitals, with {@code _} for dots and dashes. */
    public static String variable(String name) {
        return name.toUpperCase(java.util.Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** Whether this declares the key. */
    boolean declares(String key) {
        return isPattern() ? key.matches(Pattern.quote(name).replace("*", "\\E[^.]+\\Q")) : key.equals(name);
    }

    /**
     * The value that a text stands for; null or the empty text when it is unset, see {@link SettingType}.
     *
     * @throws IllegalArgumentException when the text is wrong; the message says what is wrong and what to write, after
     *     the words "name = value"
     */
    T read(String text) {
        if (!text.isBlank()) {
            return type.parse(text);
        }
        if (defaultText.isEmpty()) {
            return type.unset();
        }
        throw new IllegalArgumentException("is empty; write one such as " + defaultText);
    }
}
