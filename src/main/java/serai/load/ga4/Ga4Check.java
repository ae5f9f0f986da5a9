package serai.load.ga4;

import java.sql.SQLException;
import serai.load.CsvRecord;
import serai.load.ReportCheck;
import serai.load.ReportHeldException;

/** Holds a report that {@link Ga4Stream} refused, and records what Google stated about its days. */
final class Ga4Check implements ReportCheck {

    private final String source;
    private final Ga4Stream stream;
    private final Ga4Days recorded;

    Ga4Check(String source, Ga4Stream stream, Ga4Days recorded) {
        this.source = source;
        this.stream = stream;
        this.recorded = recorded;
    }

    @Override
    public void firstLine(String line) {
        // our own
    }

    @Override
    public void record(CsvRecord record, long before) {
        // pages are checked while they are read
    }

    @Override
    public void end(long records, boolean endsWithLineEnd) throws ReportHeldException {
        try {
            recorded.write(source, stream.days());
        } catch (SQLException e) {
            throw new ReportHeldException("What Google stated about the days cannot be recorded: " + e.getMessage());
        }
        if (stream.held() != null) {
            throw new ReportHeldException(stream.held());
        }
        long rows = stream.days().stream().mapToLong(Ga4Day::rows).sum();
        if (rows != records) {
            throw new ReportHeldException("Google gave " + rows + " rows, but " + records + " were read.");
        }
    }

    @Override
    public boolean hasRowLimits() {
        // Google says how many rows there are, and all are fetched
        return false;
    }

    @Override
    public String windowAdvice() {
        return "Let the column 'date' of the report fill the window column.";
    }
}
