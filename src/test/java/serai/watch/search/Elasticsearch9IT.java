package serai.watch.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import serai.demo.ElasticsearchNode;

/** Run by {@code mvn verify -Pes9 -Des9.java=DIR}: the server needs a newer Java than the project. */
class Elasticsearch9IT extends ServerContract {

    @Override
    ElasticsearchNode node() throws Exception {
        Path java = Path.of(System.getProperty("serai.es9.java", ""));
        assertThat(java.resolve("bin/java"))
                .as("Elasticsearch 9 needs Java 21 or newer: give its folder by -Des9.java=DIR")
                .isExecutable();
        return ElasticsearchNode.start(Path.of("target", "elasticsearch-9"), java, ServerJars.of("elasticsearch-9"));
    }

    @Override
    void end(ElasticsearchNode own) throws Exception {
        own.close();
    }

    @Override
    String product() {
        return "Elasticsearch 9.1.7";
    }
}
