package serai.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.function.Supplier;

/** Sends a download's rows after its header: all of them, or up to the failure that the test chose. */
final class MetabaseRows {

    private final Answer answer;
    private final OutputStream wire;
    private final OutputStream out;
    private final Failure failure;
    private final MetabaseSettings settings;
    private boolean damaged;

    /**
     * @param wire the body as it is sent
     * @param out the body before compression, if it is compressed
     */
    MetabaseRows(Answer answer, OutputStream wire, OutputStream out, Failure failure, MetabaseSettings settings) {
        this.answer = answer;
        this.wire = wire;
        this.out = out;
        this.failure = failure;
        this.settings = settings;
    }

    /**
     * @param again gives the rows once more, for a body without end; otherwise null
     * @throws IllegalStateException when no row fits the failure: an error in the test
     */
    void send(Supplier<Iterator<byte[]>> again, Iterator<byte[]> first) throws IOException {
        long most = failure == Failure.EMPTY ? 0 : settings.rowLimit();
        Iterator<byte[]> lines = first;
        for (long row = 0; row < most && (lines.hasNext() || again != null); row++) {
            if (!lines.hasNext()) {
                lines = again.get();
                most = Long.MAX_VALUE;
            }
            byte[] line = lines.next();
            if (row >= settings.settledRows() && (endedAt(line) || ended())) {
                return;
            }
            out.write(line);
        }
        if (!ended()) {
            requirePlace();
            out.close();
        }
    }

    /** The failures that cut or damage the next line; whether the body has ended. */
    private boolean endedAt(byte[] line) throws IOException {
        switch (failure) {
            case CUT_AT_LINE_END -> {
                return closedAfter(line, 0);
            }
            case CUT_IN_ROW -> {
                return closedAfter(line, line.length / 2);
            }
            case CUT_IN_QUOTES -> {
                int lineBreak = new String(line, StandardCharsets.ISO_8859_1).indexOf('\n') + 1;
                return lineBreak < line.length && closedAfter(line, lineBreak);
            }
            case GZIP_CUT -> {
                out.flush();
                wire.close();
                return true;
            }
            case GZIP_CORRUPT -> damage();
            default -> {}
        }
        return false;
    }

    private boolean closedAfter(byte[] line, int bytes) throws IOException {
        out.write(line, 0, bytes);
        out.close();
        return true;
    }

    private void damage() throws IOException {
        if (!damaged) {
            damaged = true;
            out.flush();
            wire.write(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});
        }
    }

    /** The failures that need no further line; whether the body has ended. */
    private boolean ended() throws IOException {
        switch (failure) {
            case A_MID, C_MID ->
                failInTheMiddle("ERROR: canceling statement due to statement timeout", failure == Failure.C_MID);
            case CUT_CHUNKED -> {
                out.flush();
                answer.cut();
            }
            case STALL -> {
                out.flush();
                answer.hang();
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void requirePlace() {
        boolean placed = switch (failure) {
            case CUT_AT_LINE_END, CUT_IN_ROW, CUT_IN_QUOTES, GZIP_CUT -> false;
            case GZIP_CORRUPT -> damaged;
            default -> true;
        };
        if (!placed) {
            throw new IllegalStateException(failure + " fits no row after row " + settings.settledRows());
        }
    }

    void failInTheMiddle(String error, boolean aborted) throws IOException {
        out.flush();
        if (aborted) {
            answer.reset();
        } else {
            out.write(RequestRefusal.write(MetabaseErrors.failedQuery(error)).getBytes(StandardCharsets.UTF_8));
            out.close();
        }
    }
}
