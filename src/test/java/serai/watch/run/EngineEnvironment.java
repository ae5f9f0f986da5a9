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

/** Where a recording of the engine is played: an index with documents, and an alert store. */
public interface EngineEnvironment {

    /** A message that waits for its delivery. */
    record Queued(String alertId, Alerter.Message message) {}

    Search search();

    /** Makes a document searchable from a time on. */
    void add(Search.Hit document, Instant visibleAt) throws Exception;

    /** Sets the clock. */
    void at(Instant now) throws Exception;

    /** Searches that are asked from now on fail, after so many that succeed. */
    void fail(Predicate<ElasticsearchQuery> which, int after);

    /** The requests since the last call. */
    List<ElasticsearchQuery> takeAsked();

    /** One commit: what is done to the store in it is kept or dropped together. */
    void commit(Consumer<AlertStore> work) throws Exception;

    /** Says how far a rule has come. */
    void covered(String rule, Instant end) throws Exception;

    List<Silence> silences() throws Exception;

    /** The messages queued since the last call, in order. */
    List<Queued> takeQueued() throws Exception;
}
