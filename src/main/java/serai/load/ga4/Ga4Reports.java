package serai.load.ga4;

import java.io.IOException;
import java.nio.file.Path;
import serai.load.ImportRun;
import serai.load.Report;

/**
 * Makes reports for the kamelet's beans.
 *
 * @param data folder for the files of reports while they are read
 */
record Ga4Reports(Ga4Client client, Ga4Days recorded, Path data) {

    /** The report of a run's window, of which nothing was requested yet. */
    Report report(Ga4Options options, ImportRun run) throws IOException {
        Ga4Stream stream =
                new Ga4Stream(client, recorded, options, run.firstDay(), run.endDay(), PeriodFile.create(data));
        return new Report(stream, new Ga4Check(options.source(), stream, recorded));
    }
}
