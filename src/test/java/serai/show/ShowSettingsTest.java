package serai.show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Properties;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class ShowSettingsTest {

    @Test
    void durationsAreReadAsOperatorsWriteThem() throws Exception {
        assertThat(settings("show.grace", "90s"))
                .isEqualTo(new ShowSettings(Duration.ofSeconds(90), Duration.ofHours(1), Duration.ofMinutes(1)));
    }

    @Test
    void aSettingThatIsNoDurationIsNamed() {
        assertThatThrownBy(() -> settings("show.grace", "a while"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("show.grace is 'a while', which is not a duration. Write it as 10m.");
    }

    private static ShowSettings settings(String key, String value) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Properties properties = new Properties();
            properties.setProperty(key, value);
            context.getPropertiesComponent().setInitialProperties(properties);
            context.build();
            return ShowSettings.of(context);
        }
    }
}
