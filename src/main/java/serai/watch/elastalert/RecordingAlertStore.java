package serai.watch.elastalert;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import serai.watch.alert.AlertGroup;
import serai.watch.alert.AlertRule;
import serai.watch.alert.AlertStore;
import serai.watch.alert.Finding;
import serai.watch.alert.Firing;
import serai.watch.alert.Silence;
import serai.watch.message.Alert;

/** A book of alerts that says what is written into it as ElastAlert's documents. */
final class RecordingAlertStore implements AlertStore {

    private final AlertStore book;
    private final Function<String, AlertRule> rules;
    private final boolean metadata;
    private final Instant now;
    private final Consumer<StateDocument> documents;
    private final Map<String, Taken> taken = new HashMap<>();

    /** What was last taken of a group, to be told. */
    private record Taken(AlertGroup group, List<Waiting> matches, String first) {}

    /**
     * @param rules gives a rule by its name, or null
     * @param metadata whether alerts carry their rule's {@code category, description, owner, priority}
     */
    RecordingAlertStore(
            AlertStore book,
            Function<String, AlertRule> rules,
            boolean metadata,
            Instant now,
            Consumer<StateDocument> documents) {
        this.book = book;
        this.rules = rules;
        this.metadata = metadata;
        this.now = now;
        this.documents = documents;
    }

    @Override
    public void silence(Silence silence) {
        book.silence(silence);
        if (book.silence(silence.key())
                .filter(set -> set.until().equals(silence.until()))
                .isPresent()) {
            documents.accept(StateDocument.silence(silence, now));
        }
    }

    @Override
    public void group(AlertGroup group, Finding finding) {
        book.group(group, finding);
        AlertRule rule = rules.apply(group.rule());
        if (rule != null) {
            documents.accept(StateDocument.waiting(
                    rule,
                    finding.match(),
                    new StateDocument.Grouped(finding.identity(), id(group), group.key(), group.alertAt()),
                    metadata,
                    now));
        }
    }

    @Override
    public List<Waiting> take(AlertGroup group, int most) {
        List<Waiting> matches = book.take(group, most);
        if (!matches.isEmpty()) {
            boolean again = taken.containsKey(group.id());
            taken.put(
                    group.id(), new Taken(group, matches, again ? matches.get(0).identity() : id(group)));
        }
        return matches;
    }

    /** The id of a group's first document; that of ElastAlert's own where the group was taken over from it. */
    private static String id(AlertGroup group) {
        return group.id().startsWith(StateImport.GROUP) ? group.id().substring(StateImport.GROUP.length()) : group.id();
    }

    @Override
    public void tell(AlertRule rule, Alert alert, Instant at) {
        book.tell(rule, alert, at);
        if (alert.resolved()) {
            // ElastAlert does not know the end of a trouble
            return;
        }
        int slash = alert.id().lastIndexOf('/');
        Taken group = slash < 0 ? null : taken.get(alert.id().substring(0, slash));
        for (int i = 0; i < alert.matches().size(); i++) {
            StateDocument.Grouped grouped = group == null
                    ? new StateDocument.Grouped(alert.id(), alert.id(), null, at)
                    : new StateDocument.Grouped(
                            i == 0 ? group.first() : group.matches().get(i).identity(),
                            group.first(),
                            group.group().key(),
                            group.group().alertAt());
            documents.accept(StateDocument.told(rule, alert.matches().get(i), grouped, alert.id(), metadata, at));
        }
    }

    @Override
    public void expect(Collection<String> keys, Collection<String> identities, Collection<String> grouping) {
        book.expect(keys, identities, grouping);
    }

    @Override
    public Optional<Silence> silence(String key) {
        return book.silence(key);
    }

    @Override
    public void suppressed(String key, String rule, Instant at) {
        book.suppressed(key, rule, at);
    }

    @Override
    public long takeSuppressed(String key) {
        return book.takeSuppressed(key);
    }

    @Override
    public boolean isTold(String identity) {
        return book.isTold(identity);
    }

    @Override
    public void told(String identity, Instant at) {
        book.told(identity, at);
    }

    @Override
    public List<AlertGroup> groups(String rule) {
        return book.groups(rule);
    }

    @Override
    public List<AlertGroup> due(Instant time, Collection<String> without) {
        return book.due(time, without);
    }

    @Override
    public Optional<Firing> firing(String rule, String key) {
        return book.firing(rule, key);
    }

    @Override
    public void firing(Firing firing) {
        book.firing(firing);
    }

    @Override
    public List<Firing> over(Instant time) {
        return book.over(time);
    }

    @Override
    public void resolved(Firing firing) {
        book.resolved(firing);
    }

    @Override
    public void forget(Instant before) {
        book.forget(before);
    }
}
