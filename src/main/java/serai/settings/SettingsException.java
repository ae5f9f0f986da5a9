package serai.settings;

import java.util.List;
import java.util.stream.Collectors;

/** Settings are refused; the message has a line for each. */
public final class SettingsException extends IllegalStateException {

    private final transient List<SettingRefusal> refusals;

    SettingsException(List<SettingRefusal> refusals) {
        super(refusals.stream().map(SettingRefusal::toString).collect(Collectors.joining("\n")));
        this.refusals = refusals;
    }

    /** All refusals, those of the file first, by line. */
    public List<SettingRefusal> refusals() {
        return refusals;
    }
}
