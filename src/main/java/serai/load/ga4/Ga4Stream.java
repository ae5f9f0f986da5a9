package serai.load.ga4;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * A report as CSV, fetched while it is read: one day (or week, or month) after the other, each page by page. Memory and
 * disk do not grow with the number of days. After a day that must not be loaded the stream ends early, and
 * {@link #held} has the reason.
 */
final class Ga4Stream extends InputStream {

    private static final int TRIES = 3;

    private final Ga4Client client;
    private final Ga4Days recorded;
    private final Ga4Options options;
    private final LocalDate firstDay;
    private final LocalDate endDay;
    private final List<Ga4Period.Range> ranges;
    private final Iterator<Ga4Period.Range> next;
    private final PeriodFile file;
    private final List<Ga4Day> days = new ArrayList<>();
    private final List<Ga4Page> pages = new ArrayList<>();
    private long tokens;
    private String held;

    /**
     * @param firstDay of the window
     * @param endDay excluded
     * @param file empty; closed with this stream
     */
    Ga4Stream(
            Ga4Client client,
            Ga4Days recorded,
            Ga4Options options,
            LocalDate firstDay,
            LocalDate endDay,
            PeriodFile file)
            throws IOException {
        this.client = client;
        this.recorded = recorded;
        this.options = options;
        this.firstDay = firstDay;
        this.endDay = endDay;
        this.ranges = options.period().in(firstDay, endDay);
        this.next = ranges.iterator();
        this.file = file;
        file.write((String.join(",", options.query().columns()) + '\n').getBytes(StandardCharsets.UTF_8));
        file.rewind();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        while (true) {
            int n = file.read(buffer, offset, length);
            if (n >= 0) {
                return n;
            }
            if (held != null || !next.hasNext()) {
                return -1;
            }
            fetch(next.next());
        }
    }

    private void fetch(Ga4Period.Range range) throws IOException {
        requireCheap();
        file.reset(0);
        int tries = 1;
        while (!fetchPages(range)) {
            file.reset(0);
            if (++tries > TRIES) {
                throw new IOException("The number of rows of " + range.first() + " changed between the pages of its"
                        + " report, " + TRIES + " times.");
            }
        }
        Ga4Day day = Ga4Day.of(range.first(), pages);
        days.add(day);
        held = refusal(day).orElse(null);
        if (held != null) {
            file.reset(0);
        }
        file.rewind();
    }

    /** @return whether the pages belong together; if not, the data changed meanwhile, and rows are lost or doubled */
    private boolean fetchPages(Ga4Period.Range range) throws IOException {
        pages.clear();
        long offset = 0;
        long rowCount;
        do {
            Ga4Page page = client.page(options.property(), options.quotaFloor(), options.query(), range, offset, file);
            tokens += page.quota().at("/tokensPerDay/consumed").asLong();
            pages.add(page);
            rowCount = pages.get(0).rowCount();
            offset += page.rows();
            if (page.rowCount() != rowCount) {
                return false;
            }
            if (page.rows() == 0 && offset < rowCount) {
                throw new IOException("The report of " + range.first() + " has " + rowCount + " rows, but a page after "
                        + offset + " rows is empty.");
            }
        } while (offset < rowCount);
        return offset == rowCount;
    }

    /** @throws IOException when the run will cost more than it may, judged by the days so far */
    private void requireCheap() throws IOException {
        long expected = days.isEmpty() ? 0 : tokens * ranges.size() / days.size();
        if (expected > options.maxTokens()) {
            throw new IOException("The run would cost about " + expected + " tokens of Google's quota for "
                    + ranges.size() + " requests, more than maxTokens (" + options.maxTokens()
                    + "). Ask for fewer days or dimensions, or raise maxTokens.");
        }
    }

    private Optional<String> refusal(Ga4Day day) throws IOException {
        if (day.zone().isEmpty() || !sameRules(day.zone(), options.zone())) {
            return Optional.of("The time zone of property " + options.property() + " is '" + day.zone()
                    + "', but 'zone' is " + options.zone() + ". Set 'zone' to the property's.");
        }
        if (days.size() == 1) {
            Optional<Ga4Day> other = recorded.other(options.source(), firstDay, endDay, day.zone(), day.currency());
            if (other.isPresent()) {
                return Optional.of(change(day, other.get()));
            }
        }
        if (!day.zone().equals(days.get(0).zone())
                || !day.currency().equals(days.get(0).currency())) {
            return Optional.of("The property's time zone or currency changed during the run.");
        }
        return options.acceptance().refusal(day);
    }

    private static boolean sameRules(String zone, ZoneId other) {
        try {
            return ZoneId.of(zone).getRules().equals(other.getRules());
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static String change(Ga4Day now, Ga4Day before) {
        String all = "load all days again, by one run with 'lookback: all'.";
        return now.currency().equals(before.currency())
                ? "The property's time zone changed from " + before.zone() + " to " + now.zone() + ", and days up to "
                        + before.day() + " are in the old one. To change to the new one, " + all
                : "The property's currency changed from " + before.currency() + " to " + now.currency()
                        + ", and amounts up to " + before.day() + " are in the old one. Set 'currency: "
                        + before.currency() + "' to stay with it, or " + all;
    }

    /** Why the report must not be loaded; null when it may, as far as it was read. */
    String held() {
        return held;
    }

    /** The days that were fetched so far. */
    List<Ga4Day> days() {
        return days;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
