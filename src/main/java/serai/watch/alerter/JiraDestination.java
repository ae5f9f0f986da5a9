package serai.watch.alerter;

import serai.http.HttpOptions;

/**
 * A project of a Jira server.
 *
 * @param server its address; not a secret
 * @param user null when there is a key
 * @param password a secret
 * @param apiKey a secret, or null
 * @param policy what the rule wants done there
 * @param connection how the server is reached
 */
public record JiraDestination(
        String server,
        String project,
        String user,
        String password,
        String apiKey,
        JiraPolicy policy,
        HttpOptions connection)
        implements Destination {

    /** How the server is reached: ElastAlert uses a rule's proxy for https addresses only. */
    public HttpOptions options() {
        return server.startsWith("https:") ? connection : connection.withoutProxy();
    }

    @Override
    public String channel() {
        return Jira.TYPE.name();
    }

    @Override
    public String identity() {
        return server + " " + project + " " + user;
    }

    /** The value of the header {@code Authorization}. */
    public String authorization() {
        return apiKey == null ? HttpDestination.basicAuth(user, password) : "Bearer " + apiKey;
    }

    /** Without the login. */
    @Override
    public String toString() {
        return "Jira project " + project;
    }
}
