package serai.watch.search;

import java.nio.file.Path;
import serai.demo.ElasticsearchNode;

class OpenSearch2IT extends ServerContract {

    @Override
    ElasticsearchNode node() throws Exception {
        return ElasticsearchNode.startOpenSearch(Path.of("target", "opensearch-2"), ServerJars.of("opensearch-2"));
    }

    @Override
    void end(ElasticsearchNode own) throws Exception {
        own.close();
    }

    @Override
    String product() {
        return "OpenSearch 2.19.1";
    }
}
