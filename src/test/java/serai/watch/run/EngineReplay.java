package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import serai.watch.alert.AlertDecider;
import serai.watch.alert.AlertDecision;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Enhancement;
import serai.watch.alert.Finding;
import serai.watch.alert.Silence;
import serai.watch.kibana.DiscoverLinks;
import serai.watch.query.ElasticsearchQuery;
import serai.watch.query.Search;
import serai.watch.rule.Recordings;
import serai.watch.rule.Rule;

/**
 * Replays a recorded timeline with the engine's own parts: a run is {@link RuleRun}, then {@link AlertDecider}; its
 * state is written and read back after each run. The outbox is modelled by its contract: a message is sent to each
 * target until the target accepts it, or until it is too old.
 */
public final class EngineReplay {

    private static final RuleRun.Bounds WIDE = new RuleRun.Bounds(1_000_000, 1_000, 1_000_000, Duration.ofDays(7));

    /** A run of a rule that succeeded. */
    public record Status(String rule, Instant start, Instant end, long matches, long hits) {}

    /** A match as ElastAlert writes it to its index. */
    public record Document(String rule, boolean sent, Instant alertTime, Instant matchTime, JsonNode match) {}

    /** The effects of one step. */
    public record Step(
            List<JsonNode> alerts,
            List<Silence> silences,
            List<Document> documents,
            List<Status> statuses,
            List<ElasticsearchQuery> requests,
            Set<String> disabled,
            Set<String> failed) {}

    private record Waits(EngineEnvironment.Queued queued, Instant created) {}

    private final EngineEnvironment environment;
    private final JsonNode config;
    private final List<ObjectNode> files = new ArrayList<>();
    private final List<AlertRule> rules = new ArrayList<>();
    private final List<RuleState> states = new ArrayList<>();
    private final Map<Integer, RuleState> unpaused = new HashMap<>();
    private final AlertDecider decider;
    private final EngineFaults faults;
    private final List<Waits> outbox = new ArrayList<>();
    private final Map<String, List<AlertDecision>> decisions = new HashMap<>();
    private final Set<String> sentBefore = new HashSet<>();
    private final Set<Integer> hasRun = new HashSet<>();
    private boolean reachable = true;
    private Set<String> failing = Set.of();

    /** @param faults faults of upstream that the replay has */
    public EngineReplay(JsonNode recorded, EngineEnvironment environment, Set<EngineFault> faults) throws Exception {
        this.environment = environment;
        this.faults = new EngineFaults(faults);
        this.config = recorded.path("config");
        Map<String, Enhancement> enhancements = new HashMap<>(Enhancement.BUILT_IN);
        enhancements.put("earecord.DropEnh", EngineReplay::dropOrMark);
        this.decider = AlertDecider.standard(new DiscoverLinks(null), enhancements);
        for (JsonNode rule : recorded.get("rules")) {
            files.add(rule.deepCopy());
            rules.add(load(files.get(files.size() - 1)));
            states.add(RuleState.NEW);
        }
        for (JsonNode document : recorded.path("docs")) {
            environment.add(
                    new Search.Hit(
                            document.path("_index")
                                    .asText(
                                            document.path("_index").isMissingNode()
                                                    ? rules.get(0).rule().index()
                                                    : ""),
                            document.get("_id").asText(),
                            Recordings.fields(document.get("_source"))),
                    document.has("visible_at") ? instant(document.get("visible_at")) : Instant.MIN);
        }
    }

    private static void dropOrMark(Rule rule, Map<String, Object> match) throws Enhancement.DropMatchException {
        if (Boolean.TRUE.equals(match.get("drop"))) {
            throw new Enhancement.DropMatchException();
        }
        match.put("enhanced", true);
    }

    private AlertRule load(ObjectNode file) throws Exception {
        ObjectNode recorded = Recordings.JSON.createObjectNode();
        recorded.set("config", config);
        recorded.set("rule", file);
        return RecordAlerter.recording(Recordings.alertRule(recorded));
    }

    static Instant instant(JsonNode text) {
        return OffsetDateTime.parse(text.asText()).toInstant();
    }

    /** Replays one step of the timeline. */
    public Step step(JsonNode step) throws Exception {
        Instant now = instant(step.get("at"));
        environment.at(now);
        List<Status> statuses = new ArrayList<>();
        List<Document> documents = new ArrayList<>();
        List<JsonNode> alerts = new ArrayList<>();
        Set<String> failed = new LinkedHashSet<>();
        switch (step.get("do").asText()) {
            case "run" -> {
                for (int i = 0; i < rules.size(); i++) {
                    if (rules.get(i).rule().enabled()) {
                        run(i, now, statuses, failed, alerts, documents);
                    }
                }
            }
            case "pending" -> {
                if (faults.finds(failing)) {
                    environment.commit(store -> decider.release(this::rule, now, store));
                    deliver(now, alerts, documents, true);
                }
            }
            case "restart" -> restart(now);
            case "edit_rule" -> edit(step, now);
            case "silence" -> silence(step, now);
            case "outage_on" -> outage(step);
            case "outage_off" -> outage(Recordings.JSON.createObjectNode());
            case "alerter_fail" -> reachable = false;
            case "alerter_ok" -> reachable = true;
            default -> throw new IllegalArgumentException("no step " + step.get("do"));
        }
        Set<String> disabled = new LinkedHashSet<>();
        rules.stream()
                .filter(rule -> !rule.rule().enabled())
                .forEach(rule -> disabled.add(rule.rule().name()));
        return new Step(
                alerts, environment.silences(), documents, statuses, environment.takeRequests(), disabled, failed);
    }

    private AlertRule rule(String name) {
        return rules.stream()
                .filter(rule -> rule.rule().name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private void run(
            int place,
            Instant now,
            List<Status> statuses,
            Set<String> failed,
            List<JsonNode> alerts,
            List<Document> documents)
            throws Exception {
        AlertRule alertRule = rules.get(place);
        Rule rule = alertRule.rule();
        Optional<Instant> pause = ExecutionLimit.of(rule).flatMap(limit -> limit.pausedUntil(now));
        if (hasRun.add(place) && pause.isPresent()) {
            hasRun.remove(place);
            pause(place, pause.get());
            return;
        }
        RuleState before = faults.before(rule, states.get(place), now, failing);
        if (before == null) {
            return;
        }
        states.set(place, before);
        List<Instant> starts = new ArrayList<>();
        Search watched = query -> {
            if (query.window() != null) {
                starts.add(query.window().from());
            }
            return environment.search().ask(query);
        };
        RuleRun.Result result;
        try {
            result = new RuleRun(rule, before, watched, WIDE, now).run().join();
        } catch (CompletionException e) {
            failed.add(rule.name());
            return;
        }
        Instant start = starts.isEmpty() ? null : starts.get(0);
        environment.commit(store -> {
            List<Finding> findings = decider.prepare(
                            alertRule, result.matches(), result.hits(), now, store, environment.search())
                    .join();
            List<AlertDecision> decided = faults.decide(decider, alertRule, findings, now, store);
            decided.forEach(decision -> {
                if (decision.outcome() == AlertDecision.Outcome.GROUPED) {
                    documents.add(document(rule.name(), decision, false));
                }
                if (decision.alertId() != null) {
                    decisions
                            .computeIfAbsent(decision.alertId(), id -> new ArrayList<>())
                            .add(decision);
                }
            });
        });
        unpaused.remove(place);
        states.set(
                place,
                RuleState.of(
                        result.after().endsAt(),
                        result.after().rememberedFrom(),
                        Recordings.json(result.after().stored(rule.fingerprint())),
                        rule.fingerprint()));
        environment.covered(rule.name(), result.after().endsAt());
        if (pause.isPresent()) {
            pause(place, pause.get());
        }
        deliver(now, alerts, documents, false);
        if (start == null) {
            return;
        }
        statuses.add(new Status(
                rule.name(), start, result.after().endsAt(), result.matches().size(), result.hits()));
    }

    /** A pause is not stored: a new process calculates it again. */
    private void pause(int place, Instant until) throws Exception {
        unpaused.putIfAbsent(place, states.get(place));
        states.set(
                place, ExecutionLimit.of(rules.get(place).rule()).orElseThrow().paused(states.get(place), until));
    }

    private static Document document(String rule, AlertDecision decision, boolean sent) {
        return new Document(
                rule,
                sent,
                decision.alertAt(),
                decision.finding().time(),
                Recordings.json(decision.finding().match()));
    }

    /** The messages of an alert are in sequence; the alert counts as sent when one of its targets has accepted it. */
    private void deliver(Instant now, List<JsonNode> alerts, List<Document> documents, boolean again) throws Exception {
        List<Waits> tried = outbox.stream()
                .filter(waits -> again && waits.created().isBefore(now))
                .collect(Collectors.toList());
        environment.takeQueued().stream()
                .filter(queued -> !faults.isUnsaid(queued))
                .forEach(queued -> tried.add(new Waits(queued, now)));
        outbox.removeAll(tried);
        Map<String, Boolean> sent = new LinkedHashMap<>();
        for (Waits waits : tried) {
            if (waits.created().plus(timeLimit()).isBefore(now)) {
                continue;
            }
            boolean taken = reachable
                    && waits.queued().message().destination().identity().equals("record");
            sent.merge(waits.queued().alertId(), taken, Boolean::logicalOr);
            if (taken) {
                ObjectNode payload = waits.queued().message().payload().deepCopy();
                alerts.add(payload.without(List.of("suppressed", "resolved")));
            } else {
                outbox.add(waits);
            }
        }
        outbox.sort(Comparator.comparing(Waits::created));
        sent.forEach((alertId, taken) -> {
            if (!sentBefore.contains(alertId)) {
                String rule = ruleOf(tried, alertId);
                decisions
                        .getOrDefault(alertId, List.of())
                        .forEach(decision -> documents.add(document(rule, decision, taken)));
            }
            if (taken) {
                sentBefore.add(alertId);
            }
        });
    }

    private static String ruleOf(List<Waits> tried, String alertId) {
        return tried.stream()
                .filter(waits -> waits.queued().alertId().equals(alertId))
                .findFirst()
                .orElseThrow()
                .queued()
                .message()
                .payload()
                .get("rule")
                .asText();
    }

    private Duration timeLimit() {
        JsonNode limit = config.path("alert_time_limit");
        return limit.isMissingNode() ? Duration.ofDays(2) : time(limit);
    }

    private static Duration time(JsonNode units) {
        Duration time = Duration.ZERO;
        for (Map.Entry<String, JsonNode> unit : units.properties()) {
            time = time.plus(unit(unit.getKey()).multipliedBy(unit.getValue().asLong()));
        }
        return time;
    }

    private static Duration unit(String name) {
        return name.equals("weeks")
                ? Duration.ofDays(7)
                : Duration.of(1, ChronoUnit.valueOf(name.toUpperCase(Locale.ROOT)));
    }

    /** A new process, which has only what was stored. */
    private void restart(Instant now) throws Exception {
        for (int i = 0; i < files.size(); i++) {
            rules.set(i, load(files.get(i)));
            RuleState written = unpaused.getOrDefault(i, states.get(i));
            states.set(i, faults.restarted(rules.get(i).rule(), written, environment.search(), now));
        }
        unpaused.clear();
        hasRun.clear();
    }

    private void edit(JsonNode step, Instant now) throws Exception {
        JsonNode which = step.has("rule") ? step.get("rule") : step.path("name");
        for (int i = 0; i < files.size(); i++) {
            if (which.isMissingNode()
                    || which.isInt() && which.asInt() == i
                    || rules.get(i).rule().name().equals(which.asText())) {
                ObjectNode file = files.get(i);
                ObjectNode old = file.deepCopy();
                step.get("set").properties().forEach(option -> {
                    if (option.getValue().isNull()) {
                        file.remove(option.getKey());
                    } else {
                        file.set(option.getKey(), option.getValue());
                    }
                });
                RuleState before = states.get(i);
                String meaning = rules.get(i).rule().fingerprint();
                rules.set(i, load(file));
                if (before.endsAt() != null) {
                    states.set(
                            i,
                            RuleState.of(
                                    before.endsAt(),
                                    before.rememberedFrom(),
                                    Recordings.json(before.stored(meaning)),
                                    rules.get(i).rule().fingerprint()));
                }
                if (!file.equals(old)) {
                    states.set(i, faults.edited(rules.get(i).rule(), states.get(i), environment.search(), now));
                }
                return;
            }
        }
        throw new IllegalArgumentException("no rule " + which);
    }

    private void silence(JsonNode step, Instant now) throws Exception {
        AlertRule rule = step.has("rule") ? rule(step.get("rule").asText()) : rules.get(0);
        String[] wait = step.get("for").asText().split("=");
        Instant until = now.plus(unit(wait[0]).multipliedBy(Long.parseLong(wait[1])));
        String key = step.has("qk")
                ? rule.rule().realertKey() + "." + step.get("qk").asText()
                : Silence.keyOfRule(rule.rule().name());
        environment.commit(store -> store.setSilence(Silence.of(key, rule.rule().name(), until)));
    }

    private void outage(JsonNode step) {
        Set<String> kinds = new LinkedHashSet<>();
        StreamSupport.stream(step.path("kinds").spliterator(), false).forEach(kind -> kinds.add(kind.asText()));
        failing = kinds;
        environment.fail(
                request -> kinds.contains(request.rule().mode() == Rule.Mode.COUNT ? "count" : "search"),
                step.path("after").asInt(0));
    }
}
