package serai.show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import serai.RoomSections;
import serai.status.Condition;
import serai.status.HumanText;
import serai.status.Status;
import serai.status.StatusRow;
import serai.testing.TestDatabase;

class StatusIT {

    private static final String HOURLY = "0 0 * * * ?";
    private static final String NEVER_SOON = "0 0 0 1 1 ? 2099";

    private static final List<String> ROW_KEYS = List.of(
            "name",
            "kind",
            "status",
            "reason",
            "error",
            "cause",
            "dataAsOf",
            "completeTo",
            "loadedAt",
            "checkedAt",
            "schedule",
            "dueBy",
            "since",
            "attempt",
            "nextTry",
            "paused",
            "reads",
            "actions");

    private final TestDatabase database = new TestDatabase();
    private final RoomSections sections = new RoomSections(database, Map.of("show.rules-grace", "30m"));
    private final LedgerRows rows = new LedgerRows(database);
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    @AfterEach
    void close() throws Exception {
        sections.close();
        database.close();
    }

    @Test
    void anEmptyWarehouseIsShownAsNotLoaded() throws Exception {
        assertThat(StatusSummary.of(read())).isEqualTo("Nothing is loaded yet: no route reads a source.");
        assertThat(read().worst()).isEqualTo(Condition.OK);
    }

    @Test
    void theThreeClocksAreShownApart() throws Exception {
        rows.source("s", NEVER_SOON, ago("10d"));
        rows.run("s", "ok", ago("3h"), ago("2h"), ago("5h"), null);
        rows.run("s", "unchanged", ago("40m"), ago("30m"), ago("5h"), null);

        StatusRow s = source();
        assertThat(s.condition()).isEqualTo(Condition.OK);
        assertThat(s.dataAsOf()).isEqualTo(ago("5h"));
        assertThat(s.loadedAt()).isEqualTo(ago("2h"));
        assertThat(s.checkedAt()).isEqualTo(ago("30m"));
        assertThat(s.dueBy()).isEqualTo("2099-01-01T00:10:00Z");
        assertThat(s.figure("lastRun.millis")).isEqualTo(600_000L);
        assertThat(s.reason()).isNull();
    }

    @Test
    void reloadingAnOldWindowDoesNotMakeTheDataOlder() throws Exception {
        rows.source("s", NEVER_SOON, ago("10d"));
        rows.run("s", "ok", ago("3h"), ago("2h"), ago("4h"), null);
        rows.run("s", "ok", ago("1h"), ago("1h"), ago("90d"), null);

        assertThat(source().dataAsOf()).isEqualTo(ago("4h"));
        assertThat(source().loadedAt()).isEqualTo(ago("1h"));
    }

    @Test
    void aSourceIsLateEvenWhenNoSchedulerRuns() throws Exception {
        rows.source("web_sessions", HOURLY, ago("10d"));
        rows.run("web_sessions", "ok", ago("4h"), ago("4h"), ago("4h"), null);

        StatusRow s = source();
        Instant due = ago("4h").truncatedTo(ChronoUnit.HOURS).plus(70, ChronoUnit.MINUTES);
        assertThat(s.condition()).isEqualTo(Condition.LATE);
        assertThat(s.dueBy()).isEqualTo(due);
        assertThat(s.reason()).isEqualTo("Late by " + HumanText.span(Duration.between(due, now)) + ".");
        assertThat(StatusSummary.of(read()))
                .isEqualTo("0 of 1 source fresh; web_sessions late by " + HumanText.span(Duration.between(due, now))
                        + ".");
    }

    @Test
    void aRunUnderWayDoesNotExcuseALateSource() throws Exception {
        rows.source("s", HOURLY, ago("10d"));
        rows.run("s", "ok", ago("4h"), ago("4h"), ago("4h"), null);
        rows.run("s", "running", ago("10s"), null, null, null);

        assertThat(source().condition()).isEqualTo(Condition.LATE);
        assertThat(source().figure("lastRun.startedAt")).isEqualTo(ago("10s"));
        assertThat(source().figure("lastRun.millis")).isNull();
    }

    @Test
    void theDueTimeIsMeantInTheSourcesZone() throws Exception {
        rows.run(
                "insert into meta.sources (source, kind, cron, zone) values ('s', 'report', '0 30 6 1 6 ? 2098', 'Europe/London')");

        assertThat(source().dueBy()).isEqualTo("2098-06-01T05:40:00Z");
    }

    @Test
    void aSourceThatNeverRanIsUnknownUntilItIsDueAndThenLate() throws Exception {
        rows.source("waits", NEVER_SOON, ago("1m"));
        assertThat(source().condition()).isEqualTo(Condition.UNKNOWN);
        assertThat(source().reason()).isEqualTo("It has not run yet.");

        rows.run("update meta.sources set cron = ?, registered_at = ?", HOURLY, ago("3h"));
        assertThat(source().condition()).isEqualTo(Condition.LATE);
        assertThat(source().figure("lastRun")).isNull();
    }

    @Test
    void aFailedRunIsFailedEvenWhenTheOldRowsAreGood() throws Exception {
        rows.source("crm", NEVER_SOON, ago("10d"));
        rows.run("crm", "ok", ago("2h"), ago("2h"), ago("2h"), null);
        rows.run("crm", "failed", ago("1h"), ago("1h"), null, "Metabase answered 500.");

        StatusRow s = source();
        assertThat(s.condition()).isEqualTo(Condition.FAILED);
        assertThat(s.error()).isEqualTo("Metabase answered 500.");
        assertThat(s.reason()).isEqualTo("The last run failed. The rows loaded 2 h ago stay.");
        assertThat(s.loadedAt()).isEqualTo(ago("2h"));
        assertThat(StatusSummary.of(read())).isEqualTo("0 of 1 source fresh; crm failed.");
    }

    @Test
    void anErrorIsForgottenOnceARunSucceeds() throws Exception {
        rows.source("crm", NEVER_SOON, ago("10d"));
        rows.run("crm", "failed", ago("2h"), ago("2h"), null, "Metabase answered 500.");
        rows.run("crm", "unchanged", ago("1h"), ago("1h"), ago("2h"), null);

        assertThat(source().condition()).isEqualTo(Condition.OK);
        assertThat(source().error()).isNull();
    }

    @Test
    void anErrorStandsWhileTheNextRunIsUnderWay() throws Exception {
        rows.source("crm", NEVER_SOON, ago("10d"));
        rows.run("crm", "failed", ago("2h"), ago("2h"), null, "Metabase answered 500.");
        rows.run("crm", "running", ago("1s"), null, null, null);

        assertThat(source().condition()).isEqualTo(Condition.FAILED);
        assertThat(source().error()).isEqualTo("Metabase answered 500.");
    }

    @Test
    void anImportThatWasHeldIsHeldAndOneThatWasCutOffIsAWarning() throws Exception {
        rows.source("crm", NEVER_SOON, ago("10d"));
        rows.run("crm", "held", ago("2h"), ago("2h"), null, "The answer is an HTML page.");
        assertThat(source().condition()).isEqualTo(Condition.HELD);
        assertThat(source().reason())
                .isEqualTo("The reply of the last run was not trusted. Nothing has been loaded yet.");

        rows.run("crm", "interrupted", ago("1h"), ago("1h"), null, "The process ended during this run.");
        assertThat(source().condition()).isEqualTo(Condition.WARN);
    }

    @Test
    void aSourceThatNoRouteReadsAnyMoreIsPausedAndNotAwaited() throws Exception {
        rows.source("old", HOURLY, ago("10d"));
        rows.source("new", NEVER_SOON, ago("10d"));
        rows.source("tried", HOURLY, ago("10d"));
        rows.run("old", "ok", ago("3d"), ago("3d"), ago("3d"), null);
        rows.run("new", "ok", ago("1h"), ago("1h"), ago("1h"), null);
        rows.pause("old");
        rows.source("long gone", HOURLY, ago("90d"));
        rows.run("long gone", "ok", ago("40d"), ago("40d"), ago("40d"), null);
        rows.pause("tried");
        rows.pause("long gone");

        Status status = read();
        assertThat(status.rows("sources")).extracting(StatusRow::name).containsExactly("old", "new");
        assertThat(status.rows("sources").get(0).condition()).isEqualTo(Condition.PAUSED);
        assertThat(status.rows("sources").get(0).dueBy()).isNull();
        assertThat(StatusSummary.of(status)).isEqualTo("The one source is fresh; old paused.");
    }

    @Test
    void whatAnOperatorPausedIsShownWithWhoWhyAndSinceWhen() throws Exception {
        rows.source("crm", HOURLY, ago("10d"));
        rows.run("crm", "failed", ago("3h"), ago("3h"), null, "No answer.");
        rows.model("dim_users", "table", "failed", null, null, "no such column");
        rows.run(
                "insert into meta.paused (kind, name, paused_by, why, since) values"
                        + " ('source', 'crm', 'ann', 'the CRM moves', ?), ('model', 'dim_users', 'ben', null, ?)",
                ago("2h"),
                ago("1h"));
        StatusRow source = source();
        assertThat(source.condition()).isEqualTo(Condition.PAUSED);
        assertThat(source.paused()).isEqualTo(new StatusRow.Paused("ann", "the CRM moves", ago("2h")));
        assertThat(source.reason()).startsWith("Paused by ann since ").contains(" UTC: the CRM moves. ");
        assertThat(source.actions()).containsExactly("resume crm");
        assertThat(read().rows("models").get(0).condition()).isEqualTo(Condition.PAUSED);
    }

    @Test
    void aCronThatCannotBeReadIsSaidAndBreaksNothing() throws Exception {
        rows.source("s", "every day", ago("10d"));
        rows.run("s", "ok", ago("1h"), ago("1h"), ago("1h"), null);

        assertThat(source().condition()).isEqualTo(Condition.WARN);
        assertThat(source().reason()).contains("'every day' cannot be read");
    }

    @Test
    void theWorstStandsFirst() throws Exception {
        for (String name : new String[] {"a", "b", "c"}) {
            rows.source(name, NEVER_SOON, ago("10d"));
        }
        rows.run("a", "ok", ago("1h"), ago("1h"), ago("1h"), null);
        rows.run("b", "failed", ago("1h"), ago("1h"), null, "x");
        rows.run("c", "ok", ago("1h"), ago("1h"), ago("1h"), null);

        assertThat(read().rows("sources")).extracting(StatusRow::name).containsExactly("b", "a", "c");
        assertThat(StatusSummary.of(read())).isEqualTo("2 of 3 sources fresh; b failed.");
        assertThat(read().worst()).isEqualTo(Condition.FAILED);
    }

    @Test
    void aModelIsLateWhenItsChangedDaysWaitTooLong() throws Exception {
        rows.model("fact_logins", "recalc", "ok", ago("1h"), 1200L, null);
        rows.dirtyDay("fact_logins", "2026-11-01", ago("20m"));
        assertThat(read().rows("models").get(0).condition()).isEqualTo(Condition.OK);
        assertThat(read().rows("models").get(0).figure("dirtyDays")).isEqualTo(1L);

        rows.dirtyDay("fact_logins", "2026-11-02", ago("2h"));
        assertThat(read().rows("models").get(0).condition()).isEqualTo(Condition.LATE);
        assertThat(read().rows("models").get(0).reason()).startsWith("2 changed days wait to be recalculated, since ");
    }

    @Test
    void changedDaysThatNoRefreshTakesUpAreSaid() throws Exception {
        rows.source("s", NEVER_SOON, ago("1d"));
        rows.run("s", "ok", ago("5m"), ago("5m"), ago("5m"), null);
        rows.run(
                "insert into meta.dirty (relation, day, run_id, marked_at) values ('landing.s', '2026-11-01', 1, ?)",
                ago("50m"));
        assertThat(StatusSummary.of(read())).isEqualTo("The one source is fresh.");

        rows.run(
                "insert into meta.dirty (relation, day, run_id, marked_at) values ('landing.s', '2026-11-02', 1, ?)",
                ago("2h"));
        assertThat(StatusSummary.of(read()))
                .startsWith("The one source is fresh; no refresh has processed 2 changed days since ");
        assertThat(read().worst()).isEqualTo(Condition.LATE);
    }

    @Test
    void aModelShowsWhatRefreshWrote() throws Exception {
        rows.model("a", "recalc", "failed", null, null, "column x does not exist");
        rows.model("b", "table", "unknown", null, null, null);
        rows.model("c", "once", "changed", ago("1h"), 5L, "history not rebuilt");
        rows.model("d", "recalc", "blocked", ago("1h"), 5L, "model a failed");

        assertThat(read().rows("models"))
                .extracting(StatusRow::condition)
                .containsExactly(Condition.FAILED, Condition.LATE, Condition.WARN, Condition.UNKNOWN);
        assertThat(StatusSummary.of(read()))
                .contains("model a failed, model d late, model c needs attention, model b not run yet");
    }

    @Test
    void aModelIsCompleteUpToTheLeastOfWhatItReads() throws Exception {
        rows.source("a", NEVER_SOON, ago("1d"));
        rows.source("b", NEVER_SOON, ago("1d"));
        rows.source("removed", NEVER_SOON, ago("1d"));
        rows.pause("removed");
        rows.run(
                "insert into meta.completeness values ('landing.t', 'a', ?), ('landing.t', 'b', ?),"
                        + " ('landing.t', 'removed', ?), ('landing.u', 'b', ?)",
                ago("2h"),
                ago("3h"),
                ago("9d"),
                ago("1h"));
        rows.run("""
                insert into meta.model_state (model, kind, status, complete_to, reads) values
                ('seed', 'seed', 'ok', null, '{}'),
                ('dim', 'table', 'ok', 'infinity', '{seed}'),
                ('fact', 'recalc', 'ok', ?, '{landing.t,dim}'),
                ('behind', 'view', 'ok', null, '{fact,landing.u}'),
                ('live', 'view', 'ok', null, '{landing.u,dim}'),
                ('open', 'view', 'ok', null, '{dim,landing.unknown}')""", ago("5h"));

        assertThat(read().rows("sources").stream().map(StatusRow::completeTo))
                .containsExactlyInAnyOrder(ago("2h"), ago("3h"));
        assertThat(read().rows("models"))
                .extracting(StatusRow::name, StatusRow::completeTo)
                .containsExactly(
                        tuple("behind", ago("5h")),
                        tuple("dim", null),
                        tuple("fact", ago("5h")),
                        tuple("live", ago("1h")),
                        tuple("open", null),
                        tuple("seed", null));
    }

    @Test
    void routesThatFailAreListedAndTheOthersCounted() throws Exception {
        rows.instance("one", Instant.now(), null);
        rows.instance("killed", Instant.now().minusSeconds(60), null);
        rows.run(
                "insert into meta.route_runs (instance, route, failing_since, failures, error) values"
                        + " ('one', 'a', null, 0, null), ('one', 'b', ?, 4, 'no answer'), ('killed', 'c', ?, 1, 'x')",
                ago("2h"),
                ago("2h"));
        Status status = read();
        assertThat(status.rows("routes"))
                .extracting(StatusRow::name, StatusRow::condition, StatusRow::since, StatusRow::error)
                .containsExactly(tuple("b", Condition.FAILED, ago("2h"), "no answer"));
        assertThat(status.part("routes").orElseThrow().rows().all()).isEqualTo(2);
        assertThat(StatusSummary.of(status)).contains("route b failed");
    }

    @Test
    void aRuleCountsOnlyTheAlertsThatWereDelivered() throws Exception {
        rows.rule("burst", "frequency", "ok", ago("1m"), 120, 4, null);
        rows.message("1", "burst", "sent", ago("1h"));
        rows.message("2", "burst", "sent", ago("50m"));
        rows.message("3", "burst", "pending", ago("3m"));
        rows.message("4", "burst", "sending", ago("2m"));
        rows.message("5", "burst", "failed", ago("25h"));
        rows.message("6", "gone", "failed", ago("1h"));

        Status status = read();
        assertThat(status.rows("rules").get(0).figure("alertsSent")).isEqualTo(2L);
        assertThat(status.rows("rules").get(0).condition()).isEqualTo(Condition.OK);
        assertThat(status.rows("messages").get(0).figures())
                .isEqualTo(
                        Map.of("sent", 2L, "pending", 2L, "failed", 2L, "failedToday", 1L, "oldestWaits", ago("3m")));
        assertThat(StatusSummary.of(status)).contains("1 message not delivered in the last 24 h");
    }

    @Test
    void aRuleThatStoppedRunningIsLate() throws Exception {
        rows.rule("burst", "frequency", "ok", ago("2h"), 0, 0, null);
        assertThat(read().rows("rules").get(0).condition()).isEqualTo(Condition.LATE);

        rows.run("update meta.rules set status = 'failed', error = 'no such index'");
        assertThat(read().rows("rules").get(0).condition()).isEqualTo(Condition.FAILED);
        assertThat(read().rows("rules").get(0).error()).isEqualTo("no such index");

        rows.run("update meta.rules set active = false");
        assertThat(read().rows("rules")).isEmpty();
    }

    @Test
    void aRuleThatFailsBecauseItsDocumentsCannotBeReadSaysSo() throws Exception {
        rows.rule("burst", "any", "failed", ago("1m"), 0, 0, "9 of 10 documents were rejected: no time.");
        rows.run(
                "update meta.rules set rejected = 9, rejected_of = 10, rejected_since = ?, rejected_reason = 'no time'",
                ago("20m"));
        StatusRow rule = read().rows("rules").get(0);
        assertThat(rule.reason()).startsWith("Too many of its documents cannot be read");
        assertThat(rule.since()).isEqualTo(ago("20m"));

        rows.run("update meta.rules set failing_since = ?, error = 'no answer'", ago("5m"));
        assertThat(read().rows("rules").get(0).reason()).startsWith("Its last run failed");
    }

    @Test
    void aRuleIsLateByItsOwnInterval() throws Exception {
        rows.rule("hourly", "any", "ok", ago("90m"), 0, 0, null);
        rows.run("update meta.rules set run_every_ms = 3600000, due_at = last_run_at + interval '1 hour'");
        assertThat(read().rows("rules").get(0).condition()).isEqualTo(Condition.OK);

        rows.run("update meta.rules set lag_ms = 5400000");
        assertThat(read().rows("rules").get(0).condition()).isEqualTo(Condition.LATE);
        assertThat(read().rows("rules").get(0).reason()).isEqualTo("It runs 1 h late.");

        rows.run("update meta.rules set status = 'disabled'");
        assertThat(read().rows("rules").get(0).condition()).isEqualTo(Condition.PAUSED);
        assertThat(StatusSummary.of(read())).doesNotContain("hourly");
    }

    @Test
    void ofThousandsOfRulesThoseInTroubleAreNamedAndTheOthersCounted() throws Exception {
        rows.run("""
                insert into meta.rules (rule, type, file, status, last_run_at, run_every_ms, due_at)
                select 'rule ' || to_char(i, 'FM0000'), 'any', 'f', case when i % 1000 = 999 then 'failed' else 'ok' end, clock_timestamp(),
                  10000, clock_timestamp() + interval '10 seconds' from generate_series(1, 5000) i""");
        Status status = read();
        assertThat(status.rows("rules")).hasSize(100);
        assertThat(status.rows("rules").stream().limit(6).map(StatusRow::name))
                .containsExactly("rule 0999", "rule 1999", "rule 2999", "rule 3999", "rule 4999", "rule 0001");
        assertThat(status.part("rules").orElseThrow().rows().all()).isEqualTo(5000);
        assertThat(status.part("rules").orElseThrow().rows().inOrder()).isEqualTo(4995);
        assertThat(StatusSummary.of(status))
                .contains("rule rule 0999 failed, rule rule 1999 failed, rule rule 2999 failed and 2 more");

        rows.run("update meta.rules set status = 'failed'");
        assertThat(StatusSummary.of(read())).contains("rule rule 0003 failed and 4\u2009997 more");
    }

    @Test
    void onlyRefusedEditsAreListed() throws Exception {
        rows.refused("routes/load/a.camel.yaml", 4, "Unsupported field: stepz", ago("1m"));
        rows.run("insert into meta.edits (file, status) values ('routes/load/b.camel.yaml', 'accepted')");

        assertThat(read().rows("edits"))
                .extracting(StatusRow::name, StatusRow::reason, StatusRow::since)
                .containsExactly(tuple("routes/load/a.camel.yaml:4", "Unsupported field: stepz", ago("1m")));
        assertThat(StatusSummary.of(read())).endsWith("; 1 edited file refused.");
    }

    @Test
    void theJsonHasThePromisedShape() throws Exception {
        rows.source("web_sessions", NEVER_SOON, ago("10d"));
        rows.run(
                "web_sessions",
                "held",
                Instant.parse("2026-11-22T10:00:00Z"),
                Instant.parse("2026-11-22T10:00:01.250Z"),
                null,
                "HTML");
        rows.model("dim_users", "table", "ok", Instant.parse("2026-11-22T00:00:00Z"), 7L, null);
        rows.rule("burst", "frequency", "ok", null, 3, 2, null);
        rows.refused("sql/facts/f.sql", null, "no such column", Instant.parse("2026-11-22T11:00:00Z"));
        rows.instance("one", Instant.now(), null);
        rows.instance("ended", Instant.now(), Instant.now());
        rows.instance("killed", Instant.now().minusSeconds(60), null);
        Status status = read();

        ObjectMapper mapper = new ObjectMapper();
        JsonNode json = mapper.readTree(mapper.writeValueAsString(StatusJson.of(status)));
        assertHas(json, mapper.readTree("""
                {"now": "%s",
                 "summary": "0 of 1 source fresh; web_sessions held; 1 edited file refused.",
                 "sources": [{"name": "web_sessions", "kind": "metabase-report", "status": "HELD", "dataAsOf": null, "loadedAt": null,
                   "checkedAt": null, "completeTo": null, "dueBy": "2099-01-01T00:10:00Z", "since": "2026-11-22T10:00:00Z",
                   "schedule": {"cron": "0 0 0 1 1 ? 2099", "zone": "UTC", "graceMillis": 600000}, "attempt": 0, "nextTry": null,
                   "paused": null, "actions": ["load now web_sessions", "pause web_sessions"], "reads": [],
                   "lastRun": {"startedAt": "2026-11-22T10:00:00Z", "millis": 1250, "read": 48210, "inserted": 48207, "updated": 12,
                     "deleted": 47995, "rejected": 3}, "error": "HTML"}],
                 "models": [{"name": "dim_users", "kind": "table", "status": "OK", "coveredTo": "2026-11-22T00:00:00Z", "rows": 7,
                   "dirtyDays": 0, "cause": null}],
                 "rules": [{"name": "burst", "type": "frequency", "status": "OK", "lastRun": null, "hits": 3, "matches": 2,
                   "alertsSent": 0, "everyMillis": 60000, "lagMillis": 12, "error": null}],
                 "ruleCount": {"all": 1, "inOrder": 1},
                 "messages": {"sent": 0, "pending": 0, "failed": 0},
                 "edits": [{"file": "sql/facts/f.sql", "line": null, "reason": "no such column", "since": "2026-11-22T11:00:00Z"}],
                 "instances": [{"id": "one", "host": "h", "pid": 7, "version": "1.0", "startedAt": "2026-11-22T11:00:00Z",
                   "seenAt": "%s"}]}""".formatted(
                        status.now(), status.rows("instances").get(0).figure("seenAt"))));
        assertThat(json.get("sources").get(0).fieldNames()).toIterable().containsAll(ROW_KEYS);
        assertThat(json.get("rules").get(0).fieldNames()).toIterable().containsAll(ROW_KEYS);
    }

    /** Keys may be added to what is promised. */
    private static void assertHas(JsonNode json, JsonNode promised) {
        promised.properties().forEach(field -> {
            JsonNode value = json.get(field.getKey());
            if (field.getValue().isObject()) {
                assertHas(value, field.getValue());
            } else if (field.getValue().isArray()
                    && !field.getValue().isEmpty()
                    && field.getValue().get(0).isObject()) {
                assertThat(value).hasSameSizeAs(field.getValue());
                for (int i = 0; i < value.size(); i++) {
                    assertHas(value.get(i), field.getValue().get(i));
                }
            } else {
                assertThat(value).as(field.getKey()).isEqualTo(field.getValue());
            }
        });
    }

    private Status read() throws Exception {
        return sections.read();
    }

    private StatusRow source() throws Exception {
        return read().rows("sources").get(0);
    }

    /** {@code ago("3h")}: that time before the test began. */
    private Instant ago(String span) {
        long n = Long.parseLong(span.substring(0, span.length() - 1));
        return now.minus(
                n,
                switch (span.charAt(span.length() - 1)) {
                    case 's' -> ChronoUnit.SECONDS;
                    case 'm' -> ChronoUnit.MINUTES;
                    case 'h' -> ChronoUnit.HOURS;
                    default -> ChronoUnit.DAYS;
                });
    }
}
