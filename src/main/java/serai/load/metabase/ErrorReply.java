package serai.load.metabase;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reply that is not the CSV of a report: who sent it, in whose words, and what to do. Between Serai and Metabase may
 * be proxies, firewalls and login pages, which answer in HTML; Metabase's API answers in JSON or plain text.
 *
 * @param status the HTTP status
 * @param type {@code Content-Type}, or empty
 * @param server the header {@code Server}, or empty
 * @param location the header {@code Location}, or empty
 * @param body the beginning of the body
 */
record ErrorReply(int status, String type, String server, String location, String body) {

    private static final int MAX_MESSAGE = 300;
    private static final Pattern TITLE = Pattern.compile("(?is)<title[^>]*>(.*?)</title>");
    private static final Pattern NO_TEXT = Pattern.compile("(?is)<(script|style)\\b.*?</\\1>|<[^>]*>");
    private static final Pattern QUESTION = Pattern.compile("/api/card/\\d+/query/csv.*");
    private static final Pattern LOGIN = Pattern.compile("(?i)log-?in|sign-?in|sso|oauth|saml|auth");

    /** @param credentials the settings with which requests are authenticated */
    String problem(String credentials) {
        if (status >= 300 && status < 400) {
            return redirect();
        }
        if (isPage()) {
            return isMetabasesPage()
                    ? "Metabase answered " + status + " with its web page and not the CSV of a report. "
                            + MetabaseCheck.CHECK_URL
                    : "Not Metabase answered, but something before it, with " + status + sentBy() + ": "
                            + shortened(pageText()) + ". " + adviceForProxy();
        }
        if (status == 200) {
            return "The reply is " + type.split(";")[0] + " and not the CSV of a report. " + MetabaseCheck.CHECK_URL;
        }
        String message = body.startsWith("{") ? QueryError.message(body) : body.strip();
        return "Metabase answered " + status + ": " + shortened(message) + advice(credentials);
    }

    private boolean isPage() {
        return type.startsWith("text/html") || body.stripLeading().startsWith("<");
    }

    private boolean isMetabasesPage() {
        return body.contains("metabaseBootstrap") || body.contains("<title>Metabase</title>");
    }

    private String sentBy() {
        return server.isBlank() ? "" : " (Server: " + shortened(server) + ")";
    }

    /** The title of an HTML page, or else its text. */
    private String pageText() {
        Matcher title = TITLE.matcher(body);
        String text = title.find() && !title.group(1).isBlank()
                ? title.group(1)
                : NO_TEXT.matcher(body).replaceAll(" ");
        text = text.replaceAll("\\s+", " ").strip();
        return text.isEmpty() ? "an HTML page without text" : text;
    }

    private String adviceForProxy() {
        return status >= 500
                ? "Check that Metabase runs, and that the proxy before it reaches it."
                : "Ask those who run it to let requests to metabase.url through; if it requires a header, set"
                        + " metabase.headers.";
    }

    private String redirect() {
        String target = withoutQuery(location);
        String problem =
                "The reply is a redirect (" + status + ") to " + (target.isEmpty() ? "nowhere" : target) + ". ";
        Matcher question = QUESTION.matcher(target);
        if (question.find()) {
            String base = target.substring(0, question.start());
            return problem + "Set metabase.url to " + (base.isEmpty() ? "the address without this redirect" : base)
                    + ".";
        }
        return problem
                + (LOGIN.matcher(target).find()
                        ? "It is the login of something before Metabase: let requests to /api through without it or set"
                                + " metabase.headers."
                        : MetabaseCheck.CHECK_URL);
    }

    /** What follows the path may hold a token. */
    private static String withoutQuery(String address) {
        try {
            URI uri = URI.create(address);
            String host = uri.getHost() == null
                    ? ""
                    : uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
            return shortened(host + (uri.getPath() == null ? "" : uri.getPath()));
        } catch (IllegalArgumentException e) {
            return "an address that cannot be read";
        }
    }

    private String advice(String credentials) {
        return switch (status) {
            case 401 -> " Check " + credentials + ".";
            case 403 -> " Give the key's or user's group access to the question's collection and database.";
            case 404 -> " Check the card's number and metabase.url.";
            default -> "";
        };
    }

    private static String shortened(String text) {
        return text.length() > MAX_MESSAGE ? text.substring(0, MAX_MESSAGE) + "..." : text;
    }
}
