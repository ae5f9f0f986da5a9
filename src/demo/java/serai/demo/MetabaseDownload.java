package serai.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/** Sends one CSV download, complete or with a failure: docs/reference/metabase.md, "Replies" and "Query failures". */
final class MetabaseDownload {

    private static final Pattern COMPRESSED = Pattern.compile("gzip|\\*");
    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Answer answer;
    private final Card card;
    private final MetabaseQuery query;
    private final Failure failure;
    private final MetabaseSettings settings;
    private final boolean compressed;
    private OutputStream wire;
    private OutputStream out;

    MetabaseDownload(
            Request request,
            Answer answer,
            Card card,
            MetabaseQuery query,
            Failure failure,
            MetabaseSettings settings) {
        this.answer = answer;
        this.card = card;
        this.query = query;
        this.failure = failure;
        this.settings = settings;
        boolean asked = request.header("Accept-Encoding")
                .filter(COMPRESSED.asPredicate())
                .isPresent();
        this.compressed = asked || failure.name().startsWith("GZIP");
    }

    /** @throws IllegalStateException when the report does not allow the failure: an error in the test */
    void send() throws IOException {
        if (failure == Failure.A_PRE || failure == Failure.B_PRE) {
            refuse("ERROR: relation \"web_sessions\" does not exist", failure == Failure.A_PRE);
            return;
        }
        CardReport report;
        try {
            report = card.source().report(query.parameters());
        } catch (IOException | RuntimeException e) {
            refuse(e.getMessage(), settings.version() <= 58);
            return;
        }
        begin();
        if (failure == Failure.HTML_AS_CSV) {
            out.write(MetabaseErrors.PAGE.getBytes(StandardCharsets.UTF_8));
            out.close();
        } else if (report.raw() != null && failure == Failure.OK) {
            try (var raw = report.raw()) {
                raw.transferTo(out);
            }
            out.close();
        } else {
            lines(MetabaseBody.of(report, query.formatted(), settings.zone(), failure, settings.settledRows()));
        }
    }

    /**
     * Answers a query that fails before its first row.
     *
     * @param asIfWell whether with status 200 and as CSV, as older versions do
     */
    void refuse(String error, boolean asIfWell) throws IOException {
        String body = RequestRefusal.write(MetabaseErrors.failedQuery(error));
        if (asIfWell) {
            begin();
            out.write(body.getBytes(StandardCharsets.UTF_8));
            out.close();
        } else {
            answer.send(500, "application/json;charset=utf-8", body);
        }
    }

    private void begin() throws IOException {
        String slug = card.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
        OffsetDateTime now = OffsetDateTime.now().truncatedTo(ChronoUnit.MILLIS);
        answer.header("Content-Disposition", "attachment; filename=\"" + slug + "_" + now + ".csv\"");
        if (compressed) {
            answer.header("Content-Encoding", "gzip");
        }
        boolean chunked = failure == Failure.C_MID || failure == Failure.CUT_CHUNKED || settings.version() >= 60;
        wire = answer.stream(200, "text/csv", chunked ? Answer.Framing.CHUNKED : Answer.Framing.UNTIL_CLOSE);
        OutputStream paced = failure == Failure.SLOW_DRIP ? new Drip(wire, settings.bytesPerSecond()) : wire;
        out = compressed ? new GZIPOutputStream(paced, 64 * 1024, true) : paced;
        if (query.bom() || failure == Failure.BOM) {
            out.write(BOM);
        }
    }

    private void lines(Iterator<byte[]> lines) throws IOException {
        out.write(lines.next());
        out.flush();
        MetabaseRows rows = new MetabaseRows(answer, wire, out, failure, settings);
        try {
            rows.send(failure == Failure.ENDLESS ? this::again : null, lines);
        } catch (IllegalStateException e) {
            answer.reset();
            throw e;
        } catch (RuntimeException e) {
            rows.failInTheMiddle(e.getMessage(), settings.version() >= 60);
        }
    }

    private Iterator<byte[]> again() {
        try {
            CardReport report = card.source().report(query.parameters());
            Iterator<byte[]> again = MetabaseBody.of(report, query.formatted(), settings.zone(), failure, 0);
            again.next();
            return again;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
