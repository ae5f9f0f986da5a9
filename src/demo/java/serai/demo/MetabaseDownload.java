package serai.demo;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/** Sends one CSV download, well or badly; contracts 1.4 and 1.5. */
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
    private boolean damaged;

    MetabaseDownload(Request request, Answer answer, Card card, MetabaseQuery query, Failure failure, MetabaseSettings settings) {
        this.answer = answer;
        this.card = card;
        this.query = query;
        this.failure = failure;
        this.settings = settings;
        this.compressed = failure.name().startsWith("GZIP") || request.header("Accept-Encoding").filter(COMPRESSED.asPredicate()).isPresent();
    }

    /** @throws IllegalStateException when the report does not allow the failure: a mistake of the test */
    void send() throws IOException {
        if (failure == Failure.A_PRE || failure == Failure.B_PRE) {
            refuse("ERROR: relation \"web_sessions\" does not exist", failure == Failure.A_PRE);
            return;
        }
        Report report;
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

    /** A query that fails before its first row. */
    void refuse(String error, boolean asIfWell) throws IOException {
        String body = Refusal.write(MetabaseErrors.failedQuery(error));
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
        answer.header("Content-Disposition", "attachment; filename=\"" + slug + "_" + OffsetDateTime.now().truncatedTo(ChronoUnit.MILLIS) + ".csv\"");
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
        if (failure == Failure.EMPTY) {
            out.close();
            return;
        }
        try {
            if (rows(lines)) {
                out.close();
            }
        } catch (IllegalStateException e) {
            answer.reset();
            throw e;
        } catch (RuntimeException e) {
            failInTheMiddle(e.getMessage(), settings.version() >= 60);
        }
    }

    /** @return whether the body is to be ended well */
    private boolean rows(Iterator<byte[]> lines) throws IOException {
        Iterator<byte[]> now = lines;
        for (long row = 0; row < settings.rowLimit() && (now.hasNext() || failure == Failure.ENDLESS); row++) {
            if (!now.hasNext()) {
                now = again();
            }
            byte[] line = now.next();
            if (row >= settings.settledRows() && spoiled(line)) {
                return false;
            }
            out.write(line);
        }
        return !spoiledAtTheEnd();
    }

    private Iterator<byte[]> again() throws IOException {
        Iterator<byte[]> again = MetabaseBody.of(card.source().report(query.parameters()), query.formatted(), settings.zone(), failure, 0);
        again.next();
        if (!again.hasNext()) {
            throw new IllegalStateException("ENDLESS needs a report with rows");
        }
        return again;
    }

    private boolean spoiled(byte[] line) throws IOException {
        switch (failure) {
            case CUT_AT_LINE_END:
                break;
            case CUT_IN_ROW:
                out.write(line, 0, line.length / 2);
                break;
            case CUT_IN_QUOTES:
                int lineBreak = new String(line, StandardCharsets.ISO_8859_1).indexOf('\n') + 1;
                if (lineBreak == line.length) {
                    return false;
                }
                out.write(line, 0, lineBreak);
                break;
            case GZIP_CORRUPT:
                if (!damaged) {
                    damaged = true;
                    out.flush();
                    wire.write(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});
                }
                return false;
            case GZIP_CUT:
                out.flush();
                wire.close();
                return true;
            default:
                return spoiledAtTheEnd();
        }
        out.close();
        return true;
    }

    /** The failures that need no further line. */
    private boolean spoiledAtTheEnd() throws IOException {
        switch (failure) {
            case A_MID, C_MID:
                failInTheMiddle("ERROR: canceling statement due to statement timeout", failure == Failure.C_MID);
                return true;
            case CUT_CHUNKED:
                out.flush();
                answer.cut();
                return true;
            case STALL:
                out.flush();
                answer.hang();
                return true;
            case GZIP_CORRUPT, CUT_AT_LINE_END, CUT_IN_ROW, CUT_IN_QUOTES, GZIP_CUT:
                if (damaged) {
                    return false;
                }
                throw new IllegalStateException(failure + " found no place for itself after row " + settings.settledRows());
            default:
                return false;
        }
    }

    private void failInTheMiddle(String error, boolean aborted) throws IOException {
        out.flush();
        if (aborted) {
            answer.reset();
        } else {
            out.write(Refusal.write(MetabaseErrors.failedQuery(error)).getBytes(StandardCharsets.UTF_8));
            out.close();
        }
    }

    /** Lets some bytes through a second, ten times a second a tenth of them. */
    private static final class Drip extends FilterOutputStream {
        private final int bytes;

        Drip(OutputStream out, int bytesPerSecond) {
            super(out);
            this.bytes = Math.max(1, bytesPerSecond / 10);
        }

        @Override
        public void write(byte[] buffer, int from, int length) throws IOException {
            for (int i = 0; i < length; i += bytes) {
                out.write(buffer, from + i, Math.min(bytes, length - i));
                out.flush();
                LockSupport.parkNanos(100_000_000);
            }
        }
    }
}
