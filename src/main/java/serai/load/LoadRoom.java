package serai.load;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import serai.edits.RouteClaims;
import serai.http.BoundedReplies;
import serai.request.RequestHandler;
import serai.room.Room;
import serai.room.RoomContext;
import serai.settings.Setting;
import serai.settings.SettingType;
import serai.settings.Settings;
import serai.spool.KeptFiles;
import serai.spool.TemporaryFolder;
import serai.status.StatusSection;
import serai.status.StatusSettings;
import serai.warehouse.Instance;

/**
 * The room of imports, as far as it is the same for all sources. It binds {@link Imports} for the rooms of the sources,
 * which are opened after it.
 */
public final class LoadRoom implements Room {

    private static final Setting<LocalDate> SINCE = Setting.of(
            "load.since",
            SettingType.day(),
            "2024-01-01",
            "First day of the product's data. The first import begins there.");
    private static final Setting<String> USERS = Setting.of(
            "load.users.cron",
            SettingType.cron(),
            "0 5 * * * ?",
            "When users are imported. All crons are Quartz expressions with seconds.");
    private static final Setting<String> LOGINS =
            Setting.of("load.logins.cron", SettingType.cron(), "0 10 * * * ?", "When logins are imported.");
    private static final Setting<String> WEB_SESSIONS = Setting.of(
            "load.web-sessions.cron", SettingType.cron(), "0 15 0/6 * * ?", "When web sessions are imported.");
    private static final Setting<String> CRON = Setting.optional(
            "load.*.cron", SettingType.cron(), "When an import of your own runs, if its route names this setting.");
    private static final Setting<String> MARKETING_SPEND = Setting.of(
            "load.marketing-spend.inbox",
            SettingType.text(),
            "inbox/spend",
            "Folder into which marketing's spend is dropped as CSV files. It is created if there is none.");
    private static final Setting<Long> MAX_BYTES = Setting.of(
            "load.max-bytes",
            SettingType.number(1, 1L << 50),
            "4000000000",
            "Largest reply, in bytes of the unpacked body, and largest file.");
    private static final Setting<Duration> MAX_DURATION = Setting.of(
            "load.max-duration",
            SettingType.duration(),
            "30m",
            "Longest time from a request to the last byte of its reply.");
    private static final Setting<Long> SPOOL_MAX_BYTES = Setting.of(
            "load.spool-max-bytes",
            SettingType.number(1, 1L << 50),
            "20000000000",
            "Largest size of all reports together that wait in data/spool/import for the warehouse, in bytes.");
    private static final Setting<Duration> KEEP_HELD = Setting.of(
            "load.keep-held",
            SettingType.duration(),
            "7d",
            "How long a reply that was held can be accepted. Its size counts for load.spool-max-bytes.");
    private static final Setting<Duration> LOCK_TIMEOUT = Setting.of(
            "load.lock-timeout",
            SettingType.duration(),
            "1m",
            "Longest wait of an import for a lock that another session holds on its table.");
    private static final Setting<Boolean> COMPRESSION = Setting.of(
            "load.compression",
            SettingType.flag(),
            "true",
            "Whether reports are requested compressed. Set it to false if Metabase is near and CPU time is scarce.");
    private static final Setting<Duration> RETRY = Setting.of(
            "load.retry",
            SettingType.duration(),
            "1m",
            "Wait before a failed or held import is tried again. It doubles with each further failure.");
    private static final Setting<Duration> RETRY_AT_MOST = Setting.of(
            "load.retry-at-most",
            SettingType.duration(),
            "1h",
            "Longest wait before a failed or held import is tried again.");
    private static final Setting<String> CONFIGURER = Setting.of(
            "camel.component.http.httpClientConfigurer",
            SettingType.text(),
            "#bean:boundedReplies",
            "Bounds every HTTP reply by load.max-bytes and load.max-duration. Do not change it.");
    private static final Setting<Integer> CONNECT_TIMEOUT = Setting.of(
            "camel.component.http.connectTimeout",
            SettingType.count(Integer.MAX_VALUE),
            "10000",
            "Milliseconds to connect.");
    private static final Setting<Integer> RESPONSE_TIMEOUT = Setting.of(
            "camel.component.http.responseTimeout",
            SettingType.count(Integer.MAX_VALUE),
            "120000",
            "Milliseconds until the first byte of a reply to a route of your own. Metabase may take"
                    + " load.max-duration.");
    private static final Setting<Integer> CONNECTIONS = Setting.of(
            "camel.component.http.connectionsPerRoute",
            SettingType.count(10_000),
            "200",
            "Connections to one server at the same time, of routes of your own.");
    private static final Setting<Integer> ALL_CONNECTIONS = Setting.of(
            "camel.component.http.maxTotalConnections",
            SettingType.count(10_000),
            "400",
            "Connections to all servers at the same time, of routes of your own.");
    private static final Setting<Integer> SO_TIMEOUT = Setting.of(
            "camel.component.http.soTimeout",
            SettingType.count(Integer.MAX_VALUE),
            "120000",
            "Milliseconds between two packets of a reply to a route of your own.");

    /** The settings {@code load.*}, and those of the HTTP component. */
    public static final List<Setting<?>> SETTINGS = List.of(
            SINCE,
            USERS,
            LOGINS,
            WEB_SESSIONS,
            CRON,
            MARKETING_SPEND,
            MAX_BYTES,
            MAX_DURATION,
            SPOOL_MAX_BYTES,
            KEEP_HELD,
            LOCK_TIMEOUT,
            COMPRESSION,
            RETRY,
            RETRY_AT_MOST,
            CONFIGURER,
            CONNECT_TIMEOUT,
            RESPONSE_TIMEOUT,
            CONNECTIONS,
            ALL_CONNECTIONS,
            SO_TIMEOUT);

    private final CamelContext context;
    private final SourceRegistry sources;
    private final LoadRequests requests;
    private final AcceptRequests acceptances;
    private final ReplayRequests replays;
    private final AbandonedRuns abandoned;
    private final TemporaryFolder spool;
    private final StatusSettings shown;

    private LoadRoom(
            CamelContext context,
            SourceRegistry sources,
            LoadRequests requests,
            AcceptRequests acceptances,
            ReplayRequests replays,
            AbandonedRuns abandoned,
            TemporaryFolder spool,
            StatusSettings shown) {
        this.spool = spool;
        this.acceptances = acceptances;
        this.replays = replays;
        this.abandoned = abandoned;
        this.context = context;
        this.sources = sources;
        this.requests = requests;
        this.shown = shown;
    }

    /** Opens the room with the settings {@code load.*}. */
    public static LoadRoom open(RoomContext opened) {
        CamelContext context = opened.camel();
        Clock clock = Clock.systemUTC();
        Settings settings = opened.settings();
        ImportScheduler scheduler =
                new ImportScheduler(context, opened.warehouse(), settings.get(RETRY), settings.get(RETRY_AT_MOST));
        var beans = context.getRegistry();
        ImportLimits limits = limits(opened.root(), settings);
        beans.bind("imports", new Imports(context, opened.warehouse(), limits, scheduler, clock));
        beans.bind("sqlFiles", new StepSqlFiles(opened.root()));
        beans.bind("messageWriters", new MessageWriters(opened.warehouse(), settings.get(MAX_BYTES)));
        context.addRoutePolicyFactory(new PausedPolls(opened.warehouse()));
        beans.bind("boundedReplies", HttpClientConfigurer.class, compressed(settings, bounds(settings)));
        SourceRegistry sources = new SourceRegistry(opened.warehouse(), scheduler, clock);
        context.getManagementStrategy().addEventNotifier(sources);
        return new LoadRoom(
                context,
                sources,
                new LoadRequests(context, opened.warehouse(), sources, scheduler),
                new AcceptRequests(opened.warehouse(), limits, sources, scheduler),
                new ReplayRequests(opened.warehouse(), context, sources),
                new AbandonedRuns(opened.warehouse(), sources, scheduler),
                limits.spool(),
                StatusSettings.of(settings));
    }

    /**
     * The limits that the settings {@code load.*} name, with the files of the instance in a folder.
     *
     * @throws IllegalStateException when the files cannot be read
     */
    static ImportLimits limits(Path root, Settings settings) {
        TemporaryFolder spool = new TemporaryFolder(
                root.resolve("data/spool/import"), settings.get(SPOOL_MAX_BYTES), "load.spool-max-bytes");
        Path held = root.resolve("data/spool/held");
        try {
            return new ImportLimits(
                    spool,
                    new HeldReplies(
                            new KeptFiles(held, spool),
                            spool,
                            () -> Instance.idOf(root.resolve("data")),
                            settings.get(KEEP_HELD)),
                    settings.get(LOCK_TIMEOUT));
        } catch (IOException e) {
            throw new IllegalStateException(held + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The bounds of a reply that may be large. */
    public static BoundedReplies bounds(Settings settings) {
        return new BoundedReplies(
                settings.get(MAX_BYTES), settings.get(MAX_DURATION), "load.max-bytes", "load.max-duration");
    }

    /** A client that requests replies compressed, or not, as it is set. */
    public static HttpClientConfigurer compressed(Settings settings, HttpClientConfigurer client) {
        if (settings.get(COMPRESSION)) {
            return client;
        }
        return builder -> {
            client.configureHttpClient(builder);
            builder.disableContentCompression();
        };
    }

    @Override
    public List<RouteClaims> routeClaims() {
        return List.of(route -> ClaimedRows.of(context, route));
    }

    /**
     * Imports a source whose route was started by a command, unless that has begun already, because it is overdue.
     *
     * @throws IllegalStateException when it is paused, or no route of this process imports it
     */
    public void importNow(String source) {
        requests.refuseIdle(source);
        if (!sources.wasOverdue(source)) {
            requests.obey(source);
        }
    }

    @Override
    public void filesRead() {
        sources.deactivateOthers();
        abandoned.start();
        acceptances.start();
    }

    @Override
    public List<RequestHandler> requestHandlers() {
        return List.of(requests, acceptances, replays);
    }

    @Override
    public List<StatusSection> statusSections() {
        return List.of(new SourceSection(shown));
    }

    @Override
    public void close() throws InterruptedException {
        replays.close();
        acceptances.close();
        abandoned.close();
        spool.close();
    }
}
