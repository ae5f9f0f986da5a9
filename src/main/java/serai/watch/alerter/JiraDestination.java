package serai.watch.alerter;

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
