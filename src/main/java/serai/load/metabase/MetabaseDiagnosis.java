package serai.load.metabase;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import serai.command.CommandContext;
import serai.command.DoctorFinding;
import serai.metabase.MetabaseClient;

/** Whether Metabase can be reached and accepts the key or login. */
public final class MetabaseDiagnosis {

    private static final String CHECK = "metabase";

    private MetabaseDiagnosis() {}

    /** Asks Metabase who we are. */
    public static List<DoctorFinding> look(CommandContext context) throws Exception {
        if (!MetabaseClient.hasLogin(context.settings())) {
            return List.of(DoctorFinding.ok(CHECK, "left out: neither metabase.api-key nor metabase.user is set"));
        }
        CamelContext camel = context.startedCamel();
        try (MetabaseClient client = MetabaseClient.of(camel, context.settings(), context.warehouse());
                ProducerTemplate http = camel.createProducerTemplate()) {
            Exchange reply = http.request(
                    MetabaseClient.uri(context.settings(), "/api/user/current", "GET"), client::authenticate);
            if (reply.getException() != null) {
                return List.of(DoctorFinding.problem(
                        CHECK,
                        "it cannot be reached, or refused the login: "
                                + reply.getException().getMessage(),
                        "check metabase.url and " + client.credentials()));
            }
            int status = reply.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, int.class);
            return List.of(
                    status == 200
                            ? DoctorFinding.ok(CHECK, "it is reached and accepts " + client.credentials())
                            : DoctorFinding.problem(
                                    CHECK,
                                    "it answered " + status,
                                    "check " + (status == 401 ? client.credentials() : "metabase.url")));
        } catch (IllegalStateException e) {
            return List.of(DoctorFinding.problem(CHECK, "left out: " + e.getMessage(), "solve this first"));
        }
    }
}
