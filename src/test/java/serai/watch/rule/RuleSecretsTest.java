package serai.watch.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import serai.settings.Secrets;

class RuleSecretsTest {

    @Test
    void keysTokensPasswordsAndLoginsInHeadersOfARuleAreMasked() {
        RuleSecrets.mask(new Options(
                Map.of(
                        "pagerduty_service_key", "service-key-1",
                        "telegram_bot_token", "110201543:bot-token-2",
                        "alertmanager_basic_auth_password", "password-3",
                        "http_post_headers", Map.of("X-Token", "Custom header-4", "X-Team", "visible-5"),
                        "query_key", "visible-6",
                        "es_password", "short"),
                Map.of()));
        assertThat(Secrets.mask("service-key-1 110201543:bot-token-2 password-3 header-4 visible-5 visible-6 short"))
                .isEqualTo("*** *** *** *** visible-5 visible-6 short");
    }
}
