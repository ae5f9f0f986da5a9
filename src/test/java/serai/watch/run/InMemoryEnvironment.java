package serai.watch.run;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import serai.watch.alert.AlertStore;
import serai.watch.alert.InMemoryAlertStore;
import serai.watch.alert.Silence;
import serai.watch.query.ElasticsearchQuery;
import serai.watch.query.MemoryIndex;
import serai.watch.query.Search;

/** An index and an alert store in memory. */
final class InMemoryEnvironment implements EngineEnvironment {

    private final MemoryIndex index = new MemoryIndex();
    private final InMemoryAlertStore store = new InMemoryAlertStore();

    @Override
    public Search search() {
        return index;
    }

    @Override
    public void add(Search.Hit document, Instant visibleAt) {
        index.add(document, visibleAt);
    }

    @Override
    public void at(Instant now) {
        index.at(now);
    }

    @Override
    public void fail(Predicate<ElasticsearchQuery> which, int after) {
        index.fail(which, after);
    }

    @Override
    public List<ElasticsearchQuery> takeRequests() {
        return index.takeAsked();
    }

    @Override
    public void commit(Consumer<AlertStore> work) {
        work.accept(store);
    }

    @Override
    public void covered(String rule, Instant end) {
        store.setCoveredUntil(rule, end);
    }

    @Override
    public List<Silence> silences() {
        return store.silences();
    }

    @Override
    public List<Queued> takeQueued() {
        return store.takeQueued().stream()
                .flatMap(queued -> queued.rule().alerters().stream()
                        .flatMap(alerter -> alerter.messages(queued.alert()).stream())
                        .map(message -> new Queued(queued.alert().id(), message)))
                .toList();
    }
}
