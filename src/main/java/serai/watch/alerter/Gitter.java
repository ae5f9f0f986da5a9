package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;

/** Messages to a room of Gitter. */
final class Gitter {

    private static final int LONGEST_BODY = 100_000;

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<List<String>> WEBHOOKS = OPTIONS.required().urls("gitter_webhook_url");
    private static final Option<String> LEVEL = OPTIONS.oneOf("gitter_msg_level", "error", "error", "info");
    private static final Option<HttpOptions> CONNECTION = ConnectionOptions.of(OPTIONS, "gitter");

    static final AlerterType TYPE = new AlerterType("gitter", "Gitter", OPTIONS, Gitter::open);

    private Gitter() {}

    private static Alerter open(AlerterOptions options) {
        return HttpAlerter.of(options, options.destinations(WEBHOOKS, CONNECTION), alert -> payload(options, alert));
    }

    private static ObjectNode payload(AlerterOptions options, Alert alert) {
        return Json.object()
                .put("message", MessageLimits.text(options.text().body(alert), LONGEST_BODY))
                .put("level", alert.resolved() ? "info" : options.get(LEVEL));
    }
}
