package serai.watch.alerter;

import serai.http.HttpOptions;

/**
 * A project of a Jira server.
 *
 * @param server its address, no secret
 * @param account the login, a secret
 * @param plan what becomes of an alert there, as the rule says
 * @param connection how the server is reached
 */
public record JiraDestination(
        String server,
        String project,
        String user,
        String password,
        String apiKey,
        JiraPolicy plan,
        HttpOptions connection)
        implements Destination {

    /** How the server is reached: ElastAlert uses a rule's proxy for https addresses only. */
    public HttpOptions options() {
        return server.startsWith("https:") ? connection : connection.withoutProxy();
    }

    @Override
    public String channel() {
        return "jira";
    }

    @Override
    public String identity() {
        return server + " " + project + " " + user;
    }

    @Override
    public String toString() {
        return "Jira project " + project;
    }
}
