package serai.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.apache.camel.CamelContext;
import org.apache.camel.NoTypeConversionAvailableException;
import serai.warehouse.TimeWindow;

/**
 * A source of rows as its route describes it.
 *
 * @param name the route's id, under which the source is in {@code meta.*}
 * @param kind the kamelet that fetches its reports
 * @param lookback how far back rows may still change; null for everything since {@code since}
 * @param since first day of the source's data, or null
 * @param zone in which the source's days begin
 */
public record ImportSource(String name, String kind, Duration lookback, LocalDate since, ZoneId zone) {

    private static final LocalDate BEGINNING = LocalDate.of(2000, 1, 1);

    /**
     * A source as a kamelet's properties describe it.
     *
     * @param lookback a duration such as {@code 96h}, or {@code all}
     * @param since a day, or empty
     * @throws NoTypeConversionAvailableException when the lookback is no duration
     */
    public static ImportSource of(
            CamelContext context, String name, String kind, String lookback, String since, String zone)
            throws NoTypeConversionAvailableException {
        return new ImportSource(
                name,
                kind,
                lookback.equals("all") ? null : context.getTypeConverter().mandatoryConvertTo(Duration.class, lookback),
                since.isBlank() ? null : LocalDate.parse(since),
                ZoneId.of(zone));
    }

    /**
     * The window that a run at {@code now} asks for: whole days in the source's zone, up to the end of today. It
     * reaches back {@code lookback} from now, or from the last successful run if that was earlier, so that what was
     * missed while Serai was down is asked for again.
     *
     * @param position what {@link #position} returned for the last run that succeeded; empty before the first
     */
    TimeWindow window(JsonNode position, Instant now) {
        LocalDate first;
        if (lookback == null) {
            first = since == null ? BEGINNING : since;
        } else if (position.hasNonNull("asked")) {
            Instant last = Instant.parse(position.get("asked").asText());
            first = day((last.isBefore(now) ? last : now).minus(lookback));
        } else {
            first = since == null ? day(now.minus(lookback)) : since;
        }
        return new TimeWindow(start(first), start(day(now).plusDays(1)));
    }

    /** The window of some days. */
    TimeWindow window(LocalDate first, LocalDate end) {
        return new TimeWindow(start(first), start(end));
    }

    /** The day of an instant in the source's zone. */
    LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, zone);
    }

    private Instant start(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }
}
