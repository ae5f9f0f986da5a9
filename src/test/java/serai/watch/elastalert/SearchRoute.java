package serai.watch.elastalert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import serai.settings.Settings;
import serai.watch.rule.Options;
import serai.watch.rule.RuleException;
import serai.watch.search.BatchingSearch;

/** The project's own route to a search server. */
final class SearchRoute implements AutoCloseable {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final BatchingSearch search;

    SearchRoute(String address) throws Exception {
        search = BatchingSearch.open(context, Settings.of(Map.of("watch.elasticsearch", address)));
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(ResourceHelper.fromString(
                        "search.camel.yaml", Files.readString(Path.of("routes/watch/search.camel.yaml"))));
        context.start();
    }

    /** The server that the settings name. */
    StateServer server() throws RuleException {
        return search.client(new Options(Map.of(), Map.of()))::send;
    }

    @Override
    public void close() throws IOException {
        search.close();
        context.close();
    }
}
