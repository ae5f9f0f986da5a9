package serai.watch.kibana;

import java.util.concurrent.CompletableFuture;
import serai.watch.rule.Rule;

/** Makes short addresses of long ones. */
@FunctionalInterface
public interface ShortLinks {

    /** For tests of rules: no Kibana is asked, links stay long. */
    ShortLinks NONE = (rule, path) -> CompletableFuture.failedFuture(new IllegalStateException("no Kibana is asked"));

    /**
     * Asks without waiting; a failure means that the long address is told.
     *
     * @param rule whose options say where, and as whom
     * @param path the address to shorten, as Kibana takes it: from its root
     */
    CompletableFuture<String> shorten(Rule rule, String path);
}
