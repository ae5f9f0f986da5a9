package serai.settings;

import java.util.List;
import java.util.stream.Stream;

/**
 * Settings under one heading of the documentation.
 *
 * @param title the heading
 * @param settings in the order in which they are documented
 */
public record SettingGroup(String title, List<Setting<?>> settings) {

    /** Two lists under one heading. */
    public static SettingGroup of(String title, List<Setting<?>> first, List<Setting<?>> second) {
        return new SettingGroup(
                title,
                Stream.<Setting<?>>concat(first.stream(), second.stream()).toList());
    }
}
