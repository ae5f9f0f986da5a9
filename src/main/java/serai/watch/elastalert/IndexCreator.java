package serai.watch.elastalert;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.watch.query.Search;

/** Makes those of ElastAlert's indices that are missing, once. */
final class IndexCreator {

    private static final Logger LOG = LoggerFactory.getLogger(IndexCreator.class);

    private final StateServer server;
    private final StateIndices indices;
    private boolean created;

    IndexCreator(StateServer server, StateIndices indices) {
        this.server = server;
        this.indices = indices;
    }

    /** With the mappings that ElastAlert gives them. */
    void make() throws Search.FailedException {
        if (created) {
            return;
        }
        for (StateDocument.Kind kind : StateDocument.Kind.values()) {
            create(indices.of(kind), kind.name().toLowerCase(Locale.ROOT));
        }
        create(indices.past(), "past");
        created = true;
    }

    /** Who may write an index may not always make one: that is asked for only where it is missing. */
    private void create(String index, String mapping) throws Search.FailedException {
        try {
            server.send("GET", "/" + index + "/_count", "", null);
        } catch (Search.FailedException e) {
            if (!String.valueOf(e.getMessage()).contains("no such index")) {
                throw e;
            }
            server.send("PUT", "/" + index, "", "{\"mappings\":" + resource(mapping) + "}");
            LOG.info("index={} was made for ElastAlert's documents", index);
        }
    }

    private static String resource(String mapping) {
        try (InputStream in = IndexCreator.class.getResourceAsStream(mapping + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
