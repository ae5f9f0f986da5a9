package serai.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import serai.command.CommandContext;
import serai.command.DoctorFinding;
import serai.elasticsearch.ElasticsearchServer;
import serai.elasticsearch.ElasticsearchSettings;
import serai.elasticsearch.ServerOptionException;
import serai.http.HostAlias;
import serai.settings.Settings;

/** Whether the search server can be reached, and where messages go. */
public final class WatchDiagnosis {

    private static final String SEARCH = "elasticsearch";
    private static final String SLACK = "slack";

    private WatchDiagnosis() {}

    /** Asks each host of {@code watch.elasticsearch} for its version. Nothing is sent to Slack. */
    public static List<DoctorFinding> look(CommandContext context) {
        List<DoctorFinding> findings = new ArrayList<>(search(context.settings()));
        findings.add(
                new WatchSettings(context.settings()).slackWebhook().isBlank()
                        ? DoctorFinding.ok(
                                SLACK,
                                "watch.slack-webhook is not set: only rules with a webhook of their own reach"
                                        + " Slack")
                        : DoctorFinding.ok(SLACK, "watch.slack-webhook is an address; nothing was sent"));
        return findings;
    }

    private static List<DoctorFinding> search(Settings settings) {
        ElasticsearchSettings configured = new ElasticsearchSettings(settings);
        List<DoctorFinding> findings = new ArrayList<>();
        try {
            ElasticsearchServer server = configured.server(configured::value);
            server.http().tls().check();
            try (CloseableHttpClient client = server.http().newClient()) {
                for (URI host : server.hosts()) {
                    findings.add(ask(client, host, server.authorization()));
                }
            }
        } catch (ServerOptionException | IOException e) {
            findings.add(DoctorFinding.problem(SEARCH, e.getMessage(), "check the settings watch.elasticsearch*"));
        }
        return findings;
    }

    private static DoctorFinding ask(CloseableHttpClient client, URI host, String authorization) {
        String name = HostAlias.real(host.toString());
        HttpGet request = new HttpGet(host + "/");
        if (authorization != null) {
            request.setHeader("Authorization", authorization);
        }
        try {
            return client.execute(request, reply -> {
                String body = EntityUtils.toString(reply.getEntity());
                if (reply.getCode() != 200) {
                    return DoctorFinding.problem(
                            SEARCH,
                            name + " answered " + reply.getCode(),
                            "check the login in the settings watch.elasticsearch*");
                }
                JsonNode version = new ObjectMapper().readTree(body).path("version");
                return DoctorFinding.ok(
                        SEARCH,
                        name + " is reached: " + version.path("distribution").asText("elasticsearch") + " "
                                + version.path("number").asText("of unknown version"));
            });
        } catch (IOException e) {
            return DoctorFinding.problem(
                    SEARCH,
                    name + " cannot be reached: " + e.getMessage(),
                    "check watch.elasticsearch and the network; without rules over logs it is not needed");
        }
    }
}
