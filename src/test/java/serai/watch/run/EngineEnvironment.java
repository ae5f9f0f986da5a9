package serai.watch.run;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import serai.watch.alert.AlertStore;
import serai.watch.alert.Silence;
import serai.watch.alerter.Alerter;
import serai.watch.query.ElasticsearchQuery;
import serai.watch.query.Search;

/** Where a recording of the engine is replayed: an index with documents, and an alert store. */
public interface EngineEnvironment {

    /** A message that waits for its delivery. */
    record Queued(String alertId, Alerter.Message message) {}

    Search search();

    /** Makes a document searchable from a time on. */
    void add(Search.Hit document, Instant visibleAt) throws Exception;

    /** Sets the clock. */
    void at(Instant now) throws Exception;

    /** Searches fail from now on, after a number of searches that succeed. */
    void fail(Predicate<ElasticsearchQuery> which, int after);

    /** The requests since the last call. */
    List<ElasticsearchQuery> takeRequests();

    /** One commit: its changes of the store are kept or lost together. */
    void commit(Consumer<AlertStore> work) throws Exception;

    /** Records that a rule has covered the time up to here. */
    void covered(String rule, Instant end) throws Exception;

    List<Silence> silences() throws Exception;

    /** The messages queued since the last call, in order. */
    List<Queued> takeQueued() throws Exception;
}
