package serai.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name that stands for a host whose own name has an underscore, as services of docker-compose have. {@link URI}, and
 * Camel's and Apache's clients that read it, take such an address for one without a host. So it has the other name from
 * the moment it is read, and the connection, the request and messages have the real one again.
 */
public final class HostAlias {

    private static final Pattern WITH_UNDERSCORE = Pattern.compile(
            "(?<before>[a-z]+://(?:[^/?#]*@)?)(?<host>[\\w.-]*_[\\w.-]*)(?<after>(?::\\d*)?(?:[/?#].*)?)",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern ALIAS = Pattern.compile("x(?<hex>(?:[0-9a-f]{2})+)\\.host-alias\\.invalid");

    private HostAlias() {}

    /**
     * An address with a scheme; a host with an underscore has its other name.
     *
     * @throws URISyntaxException when the text is no address; the exception quotes it
     */
    public static URI uri(String address) throws URISyntaxException {
        return new URI(in(address));
    }

    /** The text of an address, whose host has its other name if it needs one. */
    public static String in(String address) {
        Matcher parts = WITH_UNDERSCORE.matcher(address);
        return parts.matches() ? parts.group("before") + alias(parts.group("host")) + parts.group("after") : address;
    }

    private static String alias(String host) {
        return "x" + HexFormat.of().formatHex(host.getBytes(StandardCharsets.US_ASCII)) + ".host-alias.invalid";
    }

    /** A text, such as an address, with the real names of hosts. */
    public static String real(String text) {
        return ALIAS.matcher(text)
                .replaceAll(alias -> new String(HexFormat.of().parseHex(alias.group(1)), StandardCharsets.US_ASCII));
    }
}
