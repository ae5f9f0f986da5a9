package serai.load.ga4;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.http.BoundedReplies;
import serai.http.HttpOptions;
import serai.http.TlsOptions;
import serai.settings.Setting;
import serai.settings.SettingType;
import serai.settings.Settings;
import serai.warehouse.Warehouse;

/**
 * Requests to Google's Data API. To one property this process sends one request at a time, which leaves the rest of its
 * concurrent requests to others. What is repeated, and what ends in a wait: docs/reference/google-analytics.md,
 * "Errors".
 */
final class Ga4Client implements Closeable {

    private static final Setting<String> URL = Setting.of(
            "ga4.url",
            SettingType.address(),
            "https://analyticsdata.googleapis.com",
            "Address of Google's Analytics Data API.");
    private static final Setting<String> KEY_FILE = Setting.optional(
            "ga4.key-file", SettingType.file(), "Key file (JSON) of the service account that reads Google Analytics.");
    private static final Setting<Duration> PAUSE = Setting.of(
            "ga4.pause",
            SettingType.duration(),
            "30s",
            "Wait before a request is repeated that failed at Google's side, or met the quota of concurrent requests.");

    private static final Setting<Long> PAGE_ROWS = Setting.of(
            "ga4.page-rows",
            SettingType.number(1, 250_000),
            "100000",
            "Rows of a page, at most. Each page costs tokens of its own.");

    /** The settings {@code ga4.*}. */
    static final List<Setting<?>> SETTINGS = List.of(URL, KEY_FILE, PAUSE, PAGE_ROWS);

    private static final Logger LOG = LoggerFactory.getLogger(Ga4Client.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofMinutes(2);
    private static final BoundedReplies REPLIES = BoundedReplies.of(1L << 30, Duration.ofMinutes(10));
    /** Ten answers of 500 or 503 in an hour lock the project out of the property. */
    static final int TRIES = 3;

    private static final int MAX_ERROR = 1 << 16;
    private static final long SLICE_MILLIS = 100;

    private final String url;
    private final Duration pause;
    private final long pageRows;
    private final CloseableHttpClient http;
    private final Ga4Login login;
    private final QuotaWait wait;
    private final BooleanSupplier stopping;
    private final Map<String, ReentrantLock> properties = new ConcurrentHashMap<>();

    /** @param stopping whether the process ends, which ends pauses */
    Ga4Client(Settings settings, Warehouse warehouse, BooleanSupplier stopping) {
        this.url = settings.get(URL);
        this.pause = settings.get(PAUSE);
        this.pageRows = settings.get(PAGE_ROWS);
        this.stopping = stopping;
        this.http = new HttpOptions(TlsOptions.DEFAULT, null, CONNECT_TIMEOUT, RESPONSE_TIMEOUT, REPLIES).newClient();
        this.login = login(settings, http);
        this.wait = new QuotaWait(warehouse, Clock.systemUTC());
    }

    /** Whether a key file is set. */
    static boolean hasLogin(Settings settings) {
        return !settings.get(KEY_FILE).isBlank();
    }

    /** The login by the key file. */
    static Ga4Login login(Settings settings, CloseableHttpClient http) {
        return new Ga4Login(http, settings.get(KEY_FILE), Clock.systemUTC());
    }

    /**
     * One page of a report. Its rows are appended to the file.
     *
     * @param property number of the property
     * @param quotaFloor share of each quota that is left to others, in per cent
     * @throws IOException when there is none; the message has the reason and the fix
     */
    Ga4Page page(
            String property, double quotaFloor, Ga4Query query, Ga4Period.Range range, long offset, PeriodFile file)
            throws IOException {
        String body = query.body(range.first(), range.last(), offset, pageRows);
        ReentrantLock alone = properties.computeIfAbsent(property, p -> new ReentrantLock());
        alone.lock();
        try {
            wait.requireOver(property);
            long mark = file.mark();
            boolean renewed = false;
            for (int attempt = 1; ; attempt++) {
                String token = login.token();
                Answer answer = send(property, body, token, in -> Ga4Page.read(in, query, range.first(), file));
                if (answer.page != null) {
                    wait.look(property, answer.page.quota(), quotaFloor);
                    return answer.page;
                }
                file.reset(mark);
                if (answer.error != null && answer.error.status() == 401 && !renewed) {
                    login.discard(token);
                    renewed = true;
                    attempt--;
                } else {
                    requireRepeatable(property, answer, attempt);
                    LOG.info("property={} {} It is asked again in {} s.", property, answer, pause.toSeconds());
                    sleep();
                }
            }
        } finally {
            alone.unlock();
        }
    }

    /** @throws IOException unless the request is to be sent again */
    private void requireRepeatable(String property, Answer answer, int attempt) throws IOException {
        Ga4Error error = answer.error;
        if (error == null) {
            if (attempt >= TRIES) {
                throw answer.broken;
            }
        } else if (error.status() == 429) {
            Ga4Quota quota = Ga4Quota.named(error.message());
            if (quota != Ga4Quota.CONCURRENT_REQUESTS) {
                throw wait.begin(property, quota, "The quota '" + quota.text() + "' is used up: " + error.message());
            }
            if (attempt >= TRIES) {
                throw error.failure(property, login.account().email());
            }
        } else if (!error.isServerError()) {
            throw error.failure(property, login.account().email());
        } else if (attempt >= TRIES) {
            throw wait.begin(
                    property,
                    Ga4Quota.SERVER_ERRORS,
                    "Google Analytics answered " + error.status() + " " + TRIES + " times: " + error.message());
        }
    }

    private interface Reader {
        Ga4Page read(InputStream answer) throws IOException;
    }

    /** Exactly one is not null: the page, Google's error, or why there is neither. */
    private record Answer(Ga4Page page, Ga4Error error, IOException broken) {

        @Override
        public String toString() {
            return error == null
                    ? "The answer is lost: " + broken.getMessage()
                    : "The answer is " + error.status() + ": " + error.message();
        }
    }

    private Answer send(String property, String body, String token, Reader reader) {
        HttpPost request = new HttpPost(url + "/v1beta/properties/" + property + ":runReport");
        request.setHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token);
        request.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON));
        try {
            return http.execute(request, response -> {
                InputStream in = response.getEntity() == null
                        ? InputStream.nullInputStream()
                        : response.getEntity().getContent();
                if (response.getCode() == 200) {
                    return new Answer(reader.read(in), null, null);
                }
                String text = new String(in.readNBytes(MAX_ERROR), StandardCharsets.UTF_8);
                return new Answer(null, Ga4Error.of(response.getCode(), text), null);
            });
        } catch (IOException e) {
            return new Answer(null, null, e);
        }
    }

    private void sleep() throws IOException {
        long end = System.nanoTime() + pause.toNanos();
        try {
            while (System.nanoTime() < end) {
                if (stopping.getAsBoolean()) {
                    throw new InterruptedIOException("Serai stops.");
                }
                Thread.sleep(Math.min(SLICE_MILLIS, pause.toMillis()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Serai stops.");
        }
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}
