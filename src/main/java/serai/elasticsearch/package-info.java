/**
 * Clusters of Elasticsearch and OpenSearch: their settings, login, product and version, and a client that sends one
 * request and reads its reply from the stream. Requests go through a Camel route. Stands on {@code serai.http}. Start
 * reading at {@link serai.elasticsearch.ElasticsearchClient}.
 */
package serai.elasticsearch;
