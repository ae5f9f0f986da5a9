package serai.settings;

/**
 * Why a setting is refused.
 *
 * @param place where it is set, such as {@code application.properties:12}
 * @param name its name
 * @param reason the whole sentence: name, value (never that of a secret), what is wrong, and what to write
 */
public record SettingRefusal(String place, String name, String reason) {

    private static final int LONGEST = 200;

    static String sentence(String name, String value, String problem) {
        String printed = value.length() > LONGEST ? value.substring(0, LONGEST) + "..." : value;
        return name + " = " + printed + (value.isEmpty() ? "" : " ") + problem;
    }

    @Override
    public String toString() {
        return place + ": " + reason;
    }
}
