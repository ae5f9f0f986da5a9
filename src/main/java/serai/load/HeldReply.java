package serai.load;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import serai.load.WindowTotals.DayTotal;
import serai.spool.TemporaryFile;
import serai.warehouse.Reject;
import serai.warehouse.Relation;
import serai.warehouse.TimeWindow;

/**
 * A report that was read to its end and then held, as it is kept for an operator who accepts it: all that is needed to
 * load it, but for its rows, which are in the file of a {@link RowSpool}.
 *
 * @param asked when it was asked for
 * @param reload what its window is a part of; null for the source's usual window
 * @param read its records, with those rejected
 * @param rows the part of the file that has the rows
 * @param days the rows by day
 * @param newest the newest event time; null without rows
 * @param rejects the records that did not fit when they were read
 */
record HeldReply(
        ImportSource source,
        Instant asked,
        TimeWindow window,
        Reload reload,
        ReplacePlan plan,
        List<String> columns,
        long read,
        RowSpool.Part rows,
        List<HeldDay> days,
        Instant newest,
        List<Reject> rejects) {

    private static final ObjectMapper JSON = new ObjectMapper().registerModule(texts());

    /** The rows of one day. */
    record HeldDay(LocalDate day, DayTotal total) {}

    /** @param rejects how many of the report's rejects are of the reading, and not of the writing */
    static HeldReply of(ImportRun run, ReplacePlan plan, SpooledReport report, int rejects) {
        return new HeldReply(
                run.source(),
                run.startedAt(),
                run.window(),
                run.reload(),
                plan,
                report.columns(),
                report.read(),
                report.all(),
                report.totals().days().entrySet().stream()
                        .map(day -> new HeldDay(day.getKey(), day.getValue()))
                        .toList(),
                report.totals().newest(),
                report.rejects().first(rejects));
    }

    /** The report as it was before it was judged. */
    SpooledReport report(ImportRun run, ReportTable table, TemporaryFile file) throws ReportHeldException {
        WindowTotals totals = new WindowTotals(run, table, "");
        Map<LocalDate, DayTotal> byDay = new TreeMap<>();
        days.forEach(day -> byDay.put(day.day(), day.total()));
        totals.restore(byDay, newest);
        RejectList list = new RejectList();
        for (Reject reject : rejects) {
            list.add(reject);
        }
        return new SpooledReport(table, columns, read, false, list, totals, new RowSpool(file), rows);
    }

    void write(OutputStream file) throws IOException {
        JSON.writeValue(file, this);
    }

    /** @throws IOException also when another version has written it in another form */
    static HeldReply read(InputStream file) throws IOException {
        return JSON.readValue(file, HeldReply.class);
    }

    /** Values that are written as texts. */
    private static SimpleModule texts() {
        SimpleModule module = new SimpleModule();
        asText(module, Instant.class, Instant::parse);
        asText(module, LocalDate.class, LocalDate::parse);
        asText(module, Duration.class, Duration::parse);
        asText(module, ZoneId.class, ZoneId::of);
        asText(module, Relation.class, Relation::of);
        asText(module, Scope.class, Scope::of);
        return module;
    }

    private static <T> void asText(SimpleModule module, Class<T> type, Function<String, T> parse) {
        module.addSerializer(type, ToStringSerializer.instance);
        module.addDeserializer(type, new Text<>(type, parse));
    }

    private static final class Text<T> extends StdDeserializer<T> {

        private static final long serialVersionUID = 1;

        private final transient Function<String, T> parse;

        Text(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return parse.apply(json.getText());
        }
    }
}
