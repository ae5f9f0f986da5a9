package serai.edits;

import static org.assertj.core.api.Assertions.assertThat;
import static serai.edits.EditFixture.answering;
import static serai.edits.EditFixture.soon;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.ServiceStatus;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.Trigger.TriggerState;
import org.quartz.TriggerKey;
import org.quartz.impl.matchers.GroupMatcher;
import serai.demo.CardReport;
import serai.demo.Failure;

/**
 * Edits leave alone what they do not concern: imports under way, routes stopped by hand, the live context's services.
 */
class EditsUnderWayIT {

    private static final String SESSIONS = "routes/load/load-web-sessions.camel.yaml";
    private static final String RULE = "routes/alerts/error-burst.yaml";
    private static final String FILE = "routes/show/probe.camel.yaml";
    private static final String ASKED = "/api/card/12/query/csv";
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private EditFixture edited;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        edited = EditFixture.start(folder, Map.of("edits.let-finish", "6s"));
        edited.metabase.forget();
    }

    @AfterEach
    void stop() throws Exception {
        executor.shutdownNow();
        edited.close();
    }

    /** Starts a poll of about this many seconds, and returns when Metabase has been asked. */
    private CompletableFuture<String> slowPoll(int seconds) {
        // the report is about 1200 bytes as it is sent, compressed
        edited.metabase.dripping(1200 / seconds).next(Failure.SLOW_DRIP);
        return startRun();
    }

    /** Starts an import run, and returns when Metabase has been asked. */
    private CompletableFuture<String> startRun() {
        CompletableFuture<String> run = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return edited.serai.runImport("load-web-sessions");
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                executor);
        soon("the question")
                .until(() -> !edited.metabase.requests("POST", ASKED).isEmpty());
        return run;
    }

    private void awaitTheTimersEnd() {
        TriggerKey timer = new TriggerKey("load-web-sessions", "load");
        soon("the timer to stop").until(() -> scheduler().getTriggerState(timer) == TriggerState.PAUSED);
    }

    private List<String> sessionRuns() throws Exception {
        return edited.database.rows(
                "select status, rows_read from meta.runs where source = 'load-web-sessions' order by run_id");
    }

    @Test
    void anImportGoesOnWhileOtherFilesAreEdited() throws Exception {
        CompletableFuture<String> poll = slowPoll(12);
        edited.project.write(FILE, answering("probe", "one"));
        edited.awaitAnswer("probe", "one");
        edited.project.write(FILE, "- route: [");
        edited.awaitRefusal(FILE);
        edited.project.write(
                "routes/load/load-users.camel.yaml",
                edited.project.read("routes/load/load-users.camel.yaml") + "# edited\n");
        edited.delete(FILE);
        edited.project.write(RULE, edited.project.read(RULE).replace("type: frequency", "type: frequence"));
        edited.awaitRefusal(RULE);
        edited.awaitAnswer("probe", "404");
        assertThat(poll).isNotDone();
        assertThat(poll.get(30, TimeUnit.SECONDS)).isEqualTo("unchanged");
        assertThat(edited.metabase.requests("POST", ASKED)).hasSize(1);
        assertThat(sessionRuns()).containsExactly("ok|300", "unchanged|300");
    }

    @Test
    void anImportFinishesBeforeItsOwnEditTakesEffect() throws Exception {
        CompletableFuture<String> poll = slowPoll(4);
        edited.project.write(SESSIONS, edited.project.read(SESSIONS).replace("lookback: 96h", "lookback: 240h"));
        awaitTheTimersEnd();
        assertThat(poll).isNotDone();
        assertThat(poll.get(30, TimeUnit.SECONDS)).isEqualTo("unchanged");
        edited.awaitLook();
        edited.metabase.forget();
        assertThat(edited.serai.runImport("load-web-sessions")).isIn("ok", "unchanged");
        assertThat(edited.metabase.requests("POST", ASKED)).hasSize(1);
        assertThat(sessionRuns()).containsExactly("ok|300", "unchanged|300", "unchanged|300");
        assertThat(edited.database.rows(
                        "select window_to - window_from from meta.runs where source = 'load-web-sessions'"
                                + " order by run_id desc limit 1"))
                .containsExactly("11 days");
        assertThat(routeIds())
                .containsOnlyOnce(
                        "load-web-sessions", "load-web-sessions.metabase-report", "load-web-sessions.replace-window");
        assertThat(jobs()).containsOnlyOnce("load.load-web-sessions");
    }

    @Test
    void anImportThatTakesTooLongEndsWithTheOldRowsOrTheNewAndTheNextRunIsWhole() throws Exception {
        CompletableFuture<String> poll = slowPoll(15);
        edited.project.write(SESSIONS, edited.project.read(SESSIONS) + "# edited\n");
        awaitTheTimersEnd();
        assertThat(poll).isNotDone();
        assertThat(poll.get(40, TimeUnit.SECONDS)).isIn("failed", "unchanged");
        edited.awaitLook();
        assertThat(edited.database.rows("select count(*) from landing.web_sessions"))
                .containsExactly("300");
        assertThat(edited.serai.runImport("load-web-sessions")).isEqualTo("unchanged");
        assertThat(edited.database.rows("select count(*) from meta.runs where status in ('running', 'interrupted')"))
                .containsExactly("0");
    }

    @Test
    void aRestartWithBrokenFilesRunsTheRest() throws Exception {
        edited.project.write(SESSIONS, edited.project.read(SESSIONS).replace("steps:", "stepz:"));
        edited.project.write("routes/kamelets/other.kamelet.yaml", "kind: [");
        edited.awaitRefusal(SESSIONS);
        assertThat(edited.serai.runImport("load-web-sessions")).isIn("ok", "unchanged");
        edited.restart();
        assertThat(edited.edit(SESSIONS)).startsWith("refused|9|").contains("stepz");
        assertThat(edited.edit("routes/kamelets/other.kamelet.yaml")).startsWith("refused|2|");
        assertThat(edited.edit("routes/load/load-users.camel.yaml")).isEqualTo("accepted|null|null");
        assertThat(edited.serai.runImport("load-users")).isIn("ok", "unchanged");
        edited.project.write(SESSIONS, edited.project.read(SESSIONS).replace("stepz:", "steps:"));
        edited.awaitStatus(SESSIONS, "accepted");
        assertThat(edited.serai.runImport("load-web-sessions")).isIn("ok", "unchanged");
    }

    @Test
    void fiftyEditsLeaveNothingBehind() throws Exception {
        edited.database.execute("create table if not exists landing.again (like landing.web_sessions including all)");
        for (int i = 0; i < 5; i++) {
            edit(i);
        }
        Map<String, Integer> before = holdings();
        for (int i = 5; i < 55; i++) {
            edit(i);
        }
        Map<String, Integer> after = holdings();
        int threads = after.remove("threads") - before.remove("threads");
        assertThat(after).isEqualTo(before);
        // pools of the process breathe; fifty of anything would not
        assertThat(threads).isLessThan(10);
    }

    private void edit(int i) throws Exception {
        String load = edited.project
                .read(SESSIONS)
                .replace("load-web-sessions", "load-again")
                .replace("landing.web_sessions", "landing.again")
                .replace("{{load.web-sessions.cron}}", "0 0 0 1 1 ? " + (2030 + i));
        edited.project.write(FILE, answering("probe", "edit " + i) + load);
        edited.awaitAnswer("probe", "edit " + i);
    }

    private Map<String, Integer> holdings() throws Exception {
        CamelContext context = edited.serai.context();
        Map<String, Integer> holdings = new TreeMap<>();
        holdings.put("routes", routeIds().size());
        holdings.put("endpoints", context.getEndpoints().size());
        holdings.put("jobs", jobs().size());
        holdings.put(
                "paths",
                context.getComponent("platform-http", PlatformHttpComponent.class)
                        .getHttpEndpoints()
                        .size());
        holdings.put("lifecycle strategies", context.getLifecycleStrategies().size());
        holdings.put("routes in JMX", inJmx("routes"));
        holdings.put("processors in JMX", inJmx("processors"));
        holdings.put("endpoints in JMX", inJmx("endpoints"));
        holdings.put(
                "schedulers",
                org.quartz.impl.SchedulerRepository.getInstance().lookupAll().size());
        holdings.put(
                "supervised", context.getRouteController().getControlledRoutes().size());
        holdings.put("threads", ManagementFactory.getThreadMXBean().getThreadCount());
        return holdings;
    }

    private static int inJmx(String type) throws Exception {
        return ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("org.apache.camel:type=" + type + ",*"), null)
                .size();
    }

    private ServiceStatus status(String route) {
        return edited.serai.context().getRouteController().getRouteStatus(route);
    }

    private List<String> routeIds() {
        return edited.serai.context().getRoutes().stream()
                .map(r -> r.getRouteId())
                .toList();
    }

    private List<String> jobs() throws Exception {
        return scheduler().getJobKeys(GroupMatcher.anyGroup()).stream()
                .map(JobKey::toString)
                .toList();
    }

    private Scheduler scheduler() {
        return edited.serai
                .context()
                .getComponent("quartz", QuartzComponent.class)
                .getScheduler();
    }

    @Test
    void aRouteWhoseStartFailedIsStartedAgain() throws Exception {
        Path inbox = edited.project.root().resolve("inbox");
        edited.project.write(FILE, """
                - route:
                    id: probe
                    from:
                      uri: "file:%s?autoCreate=false&startingDirectoryMustExist=true&initialDelay=0&delay=50"
                      steps:
                        - process: { ref: probeSeen }
                """.formatted(inbox));
        List<String> seen = new ArrayList<>();
        edited.serai.context().getRegistry().bind("probeSeen", (Processor)
                e -> seen.add(e.getMessage().getBody(String.class)));
        soon("it to be known").until(() -> !edited.edit(FILE).isEmpty());
        edited.project.write("inbox/one.txt", "one");
        org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(60))
                .until(() -> seen.contains("one"));
        edited.awaitStatus(FILE, "accepted");
    }

    @Test
    void routesKeepTheStateThatTheOperatorSet() throws Exception {
        String kamelet = """
                # Logs a text, for a test.
                kind: Kamelet
                metadata: { name: probe-answer }
                spec:
                  definition: { title: Answer, description: Answers. }
                  template:
                    from:
                      uri: kamelet:source
                      steps:
                        - setBody: { constant: "ANSWER" }
                """;
        edited.project.write("routes/kamelets/probe-answer.kamelet.yaml", kamelet.replace("ANSWER", "one"));
        String use = "        - to: kamelet:probe-answer\n";
        edited.project.write(FILE, answering("probe", "x") + use);
        edited.project.write(
                "routes/show/manual.camel.yaml",
                answering("manual", "x").replace("id: manual", "id: manual\n    autoStartup: false") + use);
        edited.awaitAnswer("probe", "one");
        edited.awaitStatus("routes/show/manual.camel.yaml", "accepted");
        assertThat(edited.get("manual")).isEqualTo("404");
        edited.serai.context().getRouteController().startRoute("manual");
        edited.serai.context().getRouteController().stopRoute("probe");
        edited.awaitAnswer("manual", "one");
        edited.awaitAnswer("probe", "404");

        edited.project.write("routes/kamelets/probe-answer.kamelet.yaml", kamelet.replace("ANSWER", "two"));
        edited.awaitAnswer("manual", "two");
        edited.awaitLook();
        assertThat(edited.get("probe")).isEqualTo("404");
        assertThat(status("probe")).isEqualTo(ServiceStatus.Stopped);

        edited.project.write(FILE, answering("probe", "x") + use + "# edited\n");
        edited.awaitAnswer("probe", "two");
    }

    @Test
    void aStoppedImportDoesNotAsk() throws Exception {
        String file = "routes/load/load-manual.camel.yaml";
        edited.metabase.card(14, p -> CardReport.raw(EditFixture.NO_USERS));
        edited.database.execute("create table if not exists landing.manual (like landing.users including all)");
        edited.project.write(
                file,
                edited.project
                        .read("routes/load/load-users.camel.yaml")
                        .replace("card: 11", "card: 14")
                        .replace("id: load-users", "id: load-manual\n    autoStartup: false")
                        .replace("landing.users", "landing.manual")
                        .replace("{{load.users.cron}}", "0/1 * * * * ?"));
        edited.awaitStatus(file, "accepted");
        assertThat(status("load-manual.metabase-report")).isEqualTo(ServiceStatus.Stopped);
        edited.serai.context().getRouteController().startRoute("load-manual");
        soon("it to ask")
                .until(() -> !edited.metabase
                        .requests("POST", "/api/card/14/query/csv")
                        .isEmpty());
        edited.serai.context().getRouteController().stopRoute("load-manual");
        assertThat(status("load-manual.metabase-report")).isEqualTo(ServiceStatus.Stopped);
        assertThat(
                        edited.database.rows(
                                "select status from meta.runs where source = 'load-manual' and status not in ('ok', 'unchanged')"))
                .isEmpty();
    }

    @Test
    void aTimerThatFiresBeforeItsRouteIsThereDoesNotAsk() throws Exception {
        String file = "routes/load/load-manual.camel.yaml";
        edited.metabase.card(14, p -> CardReport.raw(EditFixture.NO_USERS));
        edited.database.execute("create table if not exists landing.manual (like landing.users including all)");
        edited.serai.context().getRegistry().bindAsPrototype("slowToFind", Processor.class, () -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2500));
            return (Processor) e -> {};
        });
        edited.project.write(
                file,
                edited.project
                                .read("routes/load/load-users.camel.yaml")
                                .replace("card: 11", "card: 14")
                                .replace("id: load-users", "id: load-manual\n    autoStartup: false")
                                .replace("landing.users", "landing.manual")
                                .replace("{{load.users.cron}}", "0/1 * * * * ?")
                        + "        - process: { ref: slowToFind }\n");
        edited.awaitStatus(file, "accepted");
        assertThat(edited.metabase.requests("POST", "/api/card/14/query/csv")).isEmpty();
        assertThat(edited.database.rows("select * from meta.runs where source = 'load-manual'"))
                .isEmpty();
    }

    @Test
    void anImportUnderWayFinishesWhenItsRouteIsStopped() throws Exception {
        edited.metabase.card(EditFixture.SESSIONS_CARD, p -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2500));
            return EditFixture.sessionsReport();
        });
        CompletableFuture<String> run = startRun();
        edited.serai.context().getRouteController().stopRoute("load-web-sessions");
        assertThat(run.get(5, TimeUnit.SECONDS)).isEqualTo("unchanged");
        assertThat(status("load-web-sessions")).isEqualTo(ServiceStatus.Stopped);
        assertThat(status("load-web-sessions.metabase-report")).isEqualTo(ServiceStatus.Stopped);
        assertThat(sessionRuns()).containsExactly("ok|300", "unchanged|300");
    }

    @Test
    void aRehearsalHasNoEffect() throws Exception {
        AtomicInteger fired = new AtomicInteger();
        AtomicInteger events = new AtomicInteger();
        CamelContext context = edited.serai.context();
        context.getRegistry().bind("probeFired", (Processor) e -> fired.incrementAndGet());
        context.getManagementStrategy().addEventNotifier(new EventNotifierSupport() {
            @Override
            public void notify(CamelEvent event) {
                if (event.toString().contains("probe")) {
                    events.incrementAndGet();
                }
            }
        });
        edited.project.write("inbox/one.txt", "one");
        edited.project.write(FILE, """
                - beans:
                    - name: probeBean
                      type: java.util.concurrent.atomic.AtomicInteger
                - route: { id: probe-timer, from: { uri: "timer:probe?delay=0&period=5", steps: [ { process: { ref: probeFired } } ] } }
                - route: { id: probe-quartz, from: { uri: "quartz:probe?cron=*+*+*+*+*+?", steps: [ { process: { ref: probeFired } } ] } }
                - route: { id: probe-file, from: { uri: "file:%s?initialDelay=0&delay=5", steps: [ { process: { ref: probeFired } } ] } }
                - route: { id: probe-http, from: { uri: "platform-http:/probe", steps: [ { process: { ref: probeFired } } ] } }
                - route: { id: probe-new, from: { uri: "file:%s?initialDelay=0&delay=5", steps: [ { process: { ref: noSuchBean } } ] } }
                """.formatted(
                edited.project.root().resolve("inbox"), edited.project.root().resolve("outbox")));
        assertThat(edited.awaitRefusal(FILE)).contains("noSuchBean");
        edited.awaitLook();
        edited.awaitLook();
        assertThat(fired).hasValue(0);
        assertThat(events).hasValue(0);
        assertThat(edited.get("probe")).isEqualTo("404");
        assertThat(edited.project.root().resolve("inbox/one.txt")).exists();
        assertThat(edited.project.root().resolve("outbox")).doesNotExist();
        assertThat(context.getRegistry().lookupByName("probeBean")).isNull();
        assertThat(jobs()).noneMatch(j -> j.contains("probe"));
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(t -> t.getName().contains("dry-run"));
        assertThat(edited.serai.runImport("load-users")).isIn("ok", "unchanged");
        assertThat(edited.database.rows("select 1")).containsExactly("1");
    }
}
