package serai.watch.kibana;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.watch.alert.AlertRule;
import serai.watch.alert.MatchEnricher;
import serai.watch.query.Search;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * Puts {@code kibana_discover_url} and {@code opensearch_discover_url} into a match; the link to Kibana as a short link
 * where the rule asks for one.
 */
public final class DiscoverLinks implements MatchEnricher {

    private static final Logger LOG = LoggerFactory.getLogger(DiscoverLinks.class);

    private final KibanaShortLinks shortLinks;

    /** @param shortLinks makes short links; null for long links only, without a request to Kibana */
    public DiscoverLinks(KibanaShortLinks shortLinks) {
        this.shortLinks = shortLinks;
    }

    @Override
    public CompletableFuture<Void> enrich(AlertRule alertRule, Map<String, Object> match, Instant now, Search search) {
        Rule rule = alertRule.rule();
        for (DiscoverLink link : DiscoverLink.values()) {
            link.url(rule, match).ifPresent(url -> match.put(link.field(), url));
        }
        if (shortLinks == null
                || !rule.flag("shorten_kibana_discover_url", false)
                || !match.containsKey(DiscoverLink.KIBANA.field())) {
            return CompletableFuture.completedFuture(null);
        }
        String path = DiscoverLink.KIBANA.withTenant(
                rule, fromRoot(DiscoverLink.KIBANA.relative(rule, match).orElseThrow()));
        return shortLinks.shorten(rule, path).handle((url, failure) -> {
            if (failure == null) {
                match.put(DiscoverLink.KIBANA.field(), url);
            } else {
                LOG.warn("rule=\"{}\" The alert has the long link: {}", rule.name(), reason(failure));
            }
            return null;
        });
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static String fromRoot(String url) {
        return url.contains("://") || url.startsWith("/") ? url : "/" + url;
    }

    /**
     * Notices about links that a rule asks for and that cannot be made; the rule runs without them.
     *
     * @throws RuleException when short links are asked for without {@code kibana_url}
     */
    public static List<String> notices(Options options) throws RuleException {
        List<String> notices = new ArrayList<>();
        for (String product : List.of("kibana", "opensearch")) {
            for (String needed : List.of(product + "_discover_app_url", product + "_discover_index_pattern_id")) {
                if (options.flag("generate_" + product + "_discover_url", false)
                        && options.text(needed, "").isEmpty()) {
                    notices.add(options.line("generate_" + product + "_discover_url") + ": generate_" + product
                            + "_discover_url: no link is made without " + needed + "; set it");
                }
            }
        }
        if (options.flag("shorten_kibana_discover_url", false)
                && options.text("kibana_url", "").isEmpty()) {
            throw options.refused(
                    "shorten_kibana_discover_url",
                    "needs kibana_url, the address of the Kibana that makes short links");
        }
        return notices;
    }
}
