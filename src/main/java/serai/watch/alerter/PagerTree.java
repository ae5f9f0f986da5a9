package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;

/** Incidents at PagerTree, which recognises a repeat by the {@code Id}. */
final class PagerTree {

    private static final int LONGEST_BODY = 100_000;

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<List<String>> ADDRESSES = OPTIONS.required().urls("pagertree_integration_url");
    private static final Option<HttpOptions> CONNECTION = ConnectionOptions.of(OPTIONS, "pagertree");

    static final AlerterType TYPE = new AlerterType("pagertree", "PagerTree", OPTIONS, PagerTree::open);

    private PagerTree() {}

    private static Alerter open(AlerterOptions options) {
        return HttpAlerter.of(options, options.destinations(ADDRESSES, CONNECTION), alert -> payload(options, alert))
                .withExtra("key", "Id");
    }

    private static ObjectNode payload(AlerterOptions options, Alert alert) {
        return Json.object()
                .put("event_type", alert.resolved() ? "resolve" : "create")
                .put("Id", options.incidentKey(alert))
                .put("Title", options.text().title(alert))
                .put("Description", MessageLimits.text(options.text().body(alert), LONGEST_BODY));
    }
}
