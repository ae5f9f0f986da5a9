package serai.settings;

import java.util.Map;
import java.util.TreeMap;

/** The values of all settings, checked by {@link SettingsReader}. */
public final class Settings {

    private final Map<String, String> texts;

    private Settings(Map<String, String> texts) {
        this.texts = new TreeMap<>(texts);
    }

    /** Settings with these texts by name; the others have their defaults. */
    public static Settings of(Map<String, String> texts) {
        return new Settings(texts);
    }

    /** The value of a setting; what {@link SettingType} says when it is unset. */
    public <T> T get(Setting<T> setting) {
        String text = texts.getOrDefault(setting.name(), setting.defaultText());
        try {
            return setting.read(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    SettingRefusal.sentence(setting.name(), setting.type().shown(text), e.getMessage()), e);
        }
    }

    /** All settings as text, by name, for what resolves placeholders. */
    public Map<String, String> texts() {
        return Map.copyOf(texts);
    }
}
