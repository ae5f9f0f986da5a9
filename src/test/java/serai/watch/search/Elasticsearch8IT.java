package serai.watch.search;

import serai.demo.ElasticsearchNode;
import serai.demo.SharedElasticsearch;

class Elasticsearch8IT extends ServerContract {

    @Override
    ElasticsearchNode node() {
        return SharedElasticsearch.node();
    }

    @Override
    String product() {
        return "Elasticsearch 8.19.20";
    }
}
