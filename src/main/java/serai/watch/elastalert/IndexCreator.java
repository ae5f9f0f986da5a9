package serai.watch.elastalert;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.elasticsearch.ElasticsearchException;

/** Creates those of ElastAlert's indices that are missing, with the mappings that ElastAlert gives them. */
final class IndexCreator {

    private static final Logger LOG = LoggerFactory.getLogger(IndexCreator.class);

    private final StateServer server;
    private final String writebackIndex;
    private boolean created;

    IndexCreator(StateServer server, String writebackIndex) {
        this.server = server;
        this.writebackIndex = writebackIndex;
    }

    /** Creates them at the first call that succeeds; later calls do nothing. */
    void create() throws ElasticsearchException {
        if (created) {
            return;
        }
        for (StateDocument.Kind kind : StateDocument.Kind.values()) {
            create(kind.index(writebackIndex), kind.name().toLowerCase(Locale.ROOT));
        }
        create(writebackIndex + "_past", "past");
        created = true;
    }

    /** An index is created only when it is missing: a user who may write to it may not be allowed to create one. */
    private void create(String index, String mapping) throws ElasticsearchException {
        try {
            server.send("GET", "/" + index + "/_count", "", null);
        } catch (ElasticsearchException e) {
            if (!String.valueOf(e.getMessage()).contains("no such index")) {
                throw e;
            }
            server.send("PUT", "/" + index, "", "{\"mappings\":" + resource(mapping) + "}");
            LOG.info("index={} was created for ElastAlert's documents", index);
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
