package serai.load.ga4;

import java.io.IOException;
import java.util.List;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import serai.command.CommandContext;
import serai.command.DoctorFinding;
import serai.http.HttpOptions;

/**
 * Whether the service account of {@code ga4.key-file} can log in. Which properties it may read, the first run shows.
 */
public final class Ga4Diagnosis {

    private static final String CHECK = "google-analytics";

    private Ga4Diagnosis() {}

    /** Logs in, if a key file is set. */
    public static List<DoctorFinding> look(CommandContext context) throws Exception {
        if (!Ga4Client.hasLogin(context.settings())) {
            return List.of(DoctorFinding.ok(CHECK, "left out: ga4.key-file is not set"));
        }
        try (CloseableHttpClient http = HttpOptions.DEFAULT.newClient()) {
            Ga4Login login = Ga4Client.login(context.settings(), http);
            login.token();
            return List.of(DoctorFinding.ok(CHECK, "Google accepts the key of " + login.account()));
        } catch (IOException e) {
            return List.of(DoctorFinding.problem(CHECK, e.getMessage(), "check ga4.key-file"));
        }
    }
}
