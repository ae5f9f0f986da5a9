package serai.load.ga4;

import java.time.ZoneId;
import java.util.Optional;
import org.apache.camel.Exchange;
import serai.load.ImportRun;
import serai.load.ImportSource;
import serai.load.Imports;
import serai.load.Report;

/**
 * The bean of the kamelet {@code ga4-report}, one for each use, with the kamelet's properties. Nothing is requested
 * before the next step reads the report.
 */
public final class Ga4Report {

    private static final String KIND = "ga4-report";
    private static final int MAX_DIMENSIONS = 9;
    private static final int MAX_METRICS = 10;

    private String source;
    private String property;
    private String dimensions;
    private String metrics;
    private String filter;
    private String period;
    private String lookback;
    private String since;
    private String zone;
    private String currency;
    private String accept;
    private long maxTokens;
    private double quotaFloor;

    /** The id of the route that uses the kamelet. */
    public void setSource(String source) {
        this.source = source;
    }

    /** Number of the property. */
    public void setProperty(String property) {
        this.property = property;
    }

    /**
     * Names of dimensions, separated by commas; empty for none.
     *
     * @throws IllegalArgumentException when Google does not allow them
     */
    public void setDimensions(String dimensions) {
        Ga4Query.names("dimensions", dimensions, MAX_DIMENSIONS);
        this.dimensions = dimensions;
    }

    /**
     * Names of metrics, separated by commas.
     *
     * @throws IllegalArgumentException when Google does not allow them
     */
    public void setMetrics(String metrics) {
        Ga4Query.names("metrics", metrics, MAX_METRICS);
        this.metrics = metrics;
    }

    /**
     * Conditions {@code FIELD=VALUE[,VALUE]} or {@code FIELD!=VALUE[,VALUE]}, separated by semicolons.
     *
     * @throws IllegalArgumentException when they are not of this form
     */
    public void setFilter(String filter) {
        Ga4Query.filter(filter);
        this.filter = filter;
    }

    /** {@code day}, {@code week} or {@code month}. */
    public void setPeriod(String period) {
        this.period = period;
    }

    /** How far back rows can still change: a duration such as {@code 96h}, or {@code all}. */
    public void setLookback(String lookback) {
        this.lookback = lookback;
    }

    /** First day of the data, or empty. */
    public void setSince(String since) {
        this.since = since;
    }

    /** The property's reporting time zone. */
    public void setZone(String zone) {
        this.zone = zone;
    }

    /** Code of the currency of amounts; empty for the property's own. */
    public void setCurrency(String currency) {
        this.currency = currency;
    }

    /** Imperfections that do not hold the load, separated by commas: see {@link Ga4Acceptance}. */
    public void setAccept(String accept) {
        this.accept = accept;
    }

    /** Tokens of Google's quota that a run may cost. */
    public void setMaxTokens(long maxTokens) {
        this.maxTokens = maxTokens;
    }

    /** Share of each quota that is left to others, in per cent. */
    public void setQuotaFloor(double quotaFloor) {
        this.quotaFloor = quotaFloor;
    }

    /** Begins a run; the message is then its {@link Report}. */
    public void begin(Exchange exchange) throws Exception {
        Optional<ImportRun> run = bean(exchange, Imports.class)
                .begin(exchange, ImportSource.of(exchange.getContext(), source, KIND, lookback, since, zone));
        if (run.isEmpty()) {
            return;
        }
        if (lookback.equals("all") && since.isBlank()) {
            throw new IllegalArgumentException("'lookback: all' needs 'since', the first day to ask for.");
        }
        Ga4Options options = new Ga4Options(
                source,
                property,
                new Ga4Query(
                        Ga4Query.names("dimensions", dimensions, MAX_DIMENSIONS),
                        Ga4Query.names("metrics", metrics, MAX_METRICS),
                        filter,
                        currency),
                Ga4Period.of(period),
                ZoneId.of(zone),
                Ga4Acceptance.of(accept),
                maxTokens,
                quotaFloor);
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(bean(exchange, Ga4Reports.class).report(options, run.get()));
    }

    private static <T> T bean(Exchange exchange, Class<T> type) {
        return exchange.getContext().getRegistry().findSingleByType(type);
    }
}
