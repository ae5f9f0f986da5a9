package serai.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import serai.settings.Settings;

class StatusSettingsTest {

    @Test
    void durationsAreReadAsOperatorsWriteThem() throws Exception {
        assertThat(settings("show.grace", "90s"))
                .isEqualTo(new StatusSettings(
                        Duration.ofSeconds(90), Duration.ofHours(1), Duration.ofMinutes(1), Duration.ofDays(7)));
    }

    @Test
    void aSettingThatIsNoDurationIsNamed() {
        assertThatThrownBy(() -> settings("show.grace", "a while"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("show.grace = a while is not a duration; write one such as 500ms, 30s, 10m, 1h or 7d");
    }

    private static StatusSettings settings(String key, String value) {
        return StatusSettings.of(Settings.of(Map.of(key, value)));
    }
}
