package serai.watch.search;

import serai.demo.ElasticsearchNode;
import serai.testing.TestElasticsearch;

class Elasticsearch8IT extends ServerContract {

    @Override
    ElasticsearchNode node() {
        return TestElasticsearch.node();
    }

    @Override
    String product() {
        return "Elasticsearch 8.19.20";
    }
}
