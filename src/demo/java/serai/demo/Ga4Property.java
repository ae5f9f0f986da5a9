package serai.demo;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** A property of {@link Ga4Double}: its data, and what Google states about them. All may change while it is asked. */
public final class Ga4Property {

    final String id;
    final Ga4Quotas quotas = new Ga4Quotas();
    final Set<LocalDate> sampled = ConcurrentHashMap.newKeySet();
    final Set<LocalDate> thresholded = ConcurrentHashMap.newKeySet();
    final Set<LocalDate> other = ConcurrentHashMap.newKeySet();
    final Set<String> restricted = ConcurrentHashMap.newKeySet();
    volatile ZoneId zone = ZoneId.of("Europe/Madrid");
    volatile String currency = "EUR";
    private volatile Function<LocalDate, List<Ga4Row>> data;

    Ga4Property(String id, Function<LocalDate, List<Ga4Row>> data) {
        this.id = id;
        this.data = data;
    }

    List<Ga4Row> rows(LocalDate day) {
        return data.apply(day);
    }

    /** Replaces the data of all days. */
    public Ga4Property data(Function<LocalDate, List<Ga4Row>> rows) {
        data = rows;
        return this;
    }

    /** Its reporting time zone; Europe/Madrid at the start. */
    public Ga4Property zone(String name) {
        zone = ZoneId.of(name);
        return this;
    }

    /** Its currency; EUR at the start. */
    public Ga4Property currency(String code) {
        currency = code;
        return this;
    }

    /** Reports of the day are estimates. */
    public Ga4Property sampled(LocalDate day) {
        sampled.add(day);
        return this;
    }

    /** Reports of the day lack rows with fewer than three users. */
    public Ga4Property thresholded(LocalDate day) {
        thresholded.add(day);
        return this;
    }

    /** Reports of the day have all but the first row of each as (other), also the date. */
    public Ga4Property other(LocalDate day) {
        other.add(day);
        return this;
    }

    /** The account gets zeros for the metric. */
    public Ga4Property restricted(String metric) {
        restricted.add(metric);
        return this;
    }

    /** Takes back the four above. */
    public Ga4Property exact() {
        List.of(sampled, thresholded, other).forEach(Set::clear);
        restricted.clear();
        return this;
    }

    /** Another tool spends tokens of the property's quotas. */
    public Ga4Property spend(long tokens) {
        quotas.spend(tokens);
        return this;
    }
}
