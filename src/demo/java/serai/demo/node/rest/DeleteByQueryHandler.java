package serai.demo.node.rest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import org.elasticsearch.action.bulk.BulkItemResponse;
import org.elasticsearch.action.bulk.BulkRequest;
import org.elasticsearch.action.delete.DeleteRequest;
import org.elasticsearch.action.search.SearchResponse;
import org.elasticsearch.client.internal.node.NodeClient;
import org.elasticsearch.rest.BaseRestHandler;
import org.elasticsearch.rest.RestChannel;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.search.SearchHit;
import org.elasticsearch.search.builder.SearchSourceBuilder;
import org.elasticsearch.xcontent.XContentBuilder;
import org.elasticsearch.xcontent.XContentParser;

/** {@code POST /index/_delete_by_query}: searches, deletes what it found, and refreshes, until nothing is found. */
final class DeleteByQueryHandler extends BaseRestHandler {

    private static final int BATCH = 1000;

    @Override
    public String getName() {
        return "serai_delete_by_query";
    }

    @Override
    public List<Route> routes() {
        return List.of(new Route(RestRequest.Method.POST, "/{index}/_delete_by_query"));
    }

    @Override
    protected Set<String> responseParams() {
        return Set.of("refresh", "conflicts", "wait_for_completion");
    }

    @Override
    protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) throws IOException {
        String[] indices = request.param("index").split(",");
        SearchSourceBuilder source = new SearchSourceBuilder();
        try (XContentParser parser = request.contentParser()) {
            source.parseXContent(parser, true, feature -> true);
        }
        source.size(BATCH).fetchSource(false);
        // on a thread of the server's own: others lose the headers by which clients know Elasticsearch
        return channel -> client.threadPool().generic().execute(() -> answer(channel, client, indices, source));
    }

    private static void answer(RestChannel channel, NodeClient client, String[] indices, SearchSourceBuilder source) {
        try {
            channel.sendResponse(deleteAll(channel, client, indices, source));
        } catch (Exception e) {
            try {
                channel.sendResponse(new RestResponse(channel, e));
            } catch (IOException unsendable) {
                throw new UncheckedIOException(unsendable);
            }
        }
    }

    private static RestResponse deleteAll(
            RestChannel channel, NodeClient client, String[] indices, SearchSourceBuilder source) throws IOException {
        long start = System.nanoTime();
        long total = 0;
        int batches = 0;
        client.admin().indices().prepareRefresh(indices).get();
        for (BulkRequest bulk = found(client, indices, source);
                bulk.numberOfActions() > 0;
                bulk = found(client, indices, source)) {
            for (BulkItemResponse item : client.bulk(bulk).actionGet()) {
                if (item.isFailed()) {
                    throw new IOException(item.getFailureMessage());
                }
            }
            client.admin().indices().prepareRefresh(indices).get();
            total += bulk.numberOfActions();
            batches++;
        }
        XContentBuilder body = channel.newBuilder()
                .startObject()
                .field("took", (System.nanoTime() - start) / 1_000_000)
                .field("timed_out", false)
                .field("total", total)
                .field("deleted", total)
                .field("batches", batches)
                .field("version_conflicts", 0)
                .field("noops", 0)
                .startObject("retries")
                .field("bulk", 0)
                .field("search", 0)
                .endObject()
                .field("throttled_millis", 0)
                .field("requests_per_second", -1.0)
                .field("throttled_until_millis", 0)
                .startArray("failures")
                .endArray()
                .endObject();
        return new RestResponse(RestStatus.OK, body);
    }

    private static BulkRequest found(NodeClient client, String[] indices, SearchSourceBuilder source) {
        BulkRequest bulk = new BulkRequest();
        SearchResponse response =
                client.prepareSearch(indices).setSource(source).get();
        try {
            for (SearchHit hit : response.getHits().getHits()) {
                bulk.add(new DeleteRequest(hit.getIndex(), hit.getId()));
            }
        } finally {
            response.decRef();
        }
        return bulk;
    }
}
