package serai.settings;

import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The secrets of this process, and the one place where they are masked: {@link #maskOutput} has everything that is
 * printed or logged pass through {@link #mask}, whichever library writes it.
 */
public final class Secrets {

    /** What is printed instead of a secret. */
    public static final String MASK = "***";

    /** Shorter ones are masked only where a value is expected: they are parts of ordinary words. */
    private static final int SHORTEST = 4;

    /** A shorter path of an address is no secret. */
    private static final int SHORTEST_PATH = 16;

    /** A login that was made of a secret, or that this process never saw as a setting, such as a session. */
    private static final Pattern HEADER = Pattern.compile(
            "(?i)((?:(?:proxy-)?authorization|x-api-key|x-metabase-session|set-cookie|cookie|access_token"
                    + "|metabase\\.session)"
                    + "[\\\\\"']*\\s*[:=]\\s*[\\\\\"'\\[]*)(?!\\*\\*\\*)[^\"'\\\\\\r\\n\\[\\]{},;]+");

    /** Metabase's answer to a login, as the HTTP client logs it before anything knows the session. */
    private static final Pattern SESSION =
            Pattern.compile("(\\{\\\\?\"id\\\\?\":\\\\?\")[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=\\\\?\"})");

    private static final Set<String> VALUES = ConcurrentHashMap.newKeySet();
    /** As libraries print them. */
    private static final Set<String> FORMS = ConcurrentHashMap.newKeySet();

    /**
     * How long forms are that begin with these characters, the longest first: thousands of rules may have webhooks that
     * begin alike.
     */
    private static final Map<String, Set<Integer>> LENGTHS = new ConcurrentHashMap<>();

    /** Those that are too short for that. */
    private static final Set<String> SHORT_FORMS = new TreeSet<>();

    private static volatile Pattern shortForms;

    private Secrets() {}

    /** From now on, the text is masked, in the forms in which libraries print it. A blank text is none. */
    public static synchronized void add(String secret) {
        if (secret != null && !secret.isBlank() && VALUES.add(secret)) {
            forms(secret).forEach(Secrets::addForm);
        }
    }

    private static void addForm(String form) {
        if (form.length() >= SHORTEST) {
            FORMS.add(form);
            LENGTHS.computeIfAbsent(
                            form.substring(0, SHORTEST),
                            beginning -> new ConcurrentSkipListSet<>(Comparator.reverseOrder()))
                    .add(form.length());
        } else if (SHORT_FORMS.add(form)) {
            shortForms = Pattern.compile(SHORT_FORMS.stream()
                    .sorted(Comparator.comparingInt(String::length).reversed())
                    .map(Pattern::quote)
                    .collect(Collectors.joining("|", "(?<=[:=]\\s?[\\\\\"']{0,4})(?:", ")(?!\\w)")));
        }
    }

    /** As {@link #add}, also for the header of a login with user and password. */
    public static void addLogin(String user, String password) {
        add(password);
        if (password != null && !password.isBlank()) {
            add(Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** As {@link #add}, for an address whose path is secret, such as a webhook. */
    public static void addAddress(String address) {
        addressParts(address).forEach(Secrets::add);
    }

    /** The address and its path: libraries print either. */
    static List<String> addressParts(String address) {
        int host = address.indexOf("://") + 3;
        int path = address.indexOf('/', host);
        return path < 0 || address.length() - path < SHORTEST_PATH
                ? List.of(address)
                : List.of(address, address.substring(path));
    }

    private static Set<String> forms(String value) {
        Set<String> forms = new TreeSet<>(List.of(value, value.strip()));
        if (value.length() >= SHORTEST) {
            String json = value.replace("\\", "\\\\").replace("\"", "\\\"");
            forms.add(json);
            // a document in a log line that is a document
            forms.add(json.replace("\\", "\\\\").replace("\"", "\\\""));
            forms.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
            forms.add(Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
        }
        return forms;
    }

    /** The text with {@link #MASK} instead of each secret, of each header that holds a login, and of a session. */
    public static String mask(String text) {
        if (text == null || text.isEmpty()) {
            return text;
        }
        Pattern known = shortForms;
        String masked = maskForms(text);
        masked = known == null ? masked : known.matcher(masked).replaceAll(MASK);
        return maskMatches(SESSION, maskMatches(HEADER, masked));
    }

    private static String maskForms(String text) {
        StringBuilder masked = new StringBuilder(text.length());
        int done = 0;
        for (int i = 0; i + SHORTEST <= text.length(); i++) {
            int length = lengthOfFormAt(text, i);
            if (length > 0) {
                masked.append(text, done, i).append(MASK);
                done = i + length;
                i = done - 1;
            }
        }
        return done == 0 ? text : masked.append(text, done, text.length()).toString();
    }

    /** 0 where none stands. */
    private static int lengthOfFormAt(String text, int place) {
        for (int length : LENGTHS.getOrDefault(text.substring(place, place + SHORTEST), Set.of())) {
            if (place + length <= text.length() && FORMS.contains(text.substring(place, place + length))) {
                return length;
            }
        }
        return 0;
    }

    private static String maskMatches(Pattern beginning, String text) {
        Matcher matcher = beginning.matcher(text);
        return matcher.find() ? matcher.replaceAll("$1" + Matcher.quoteReplacement(MASK)) : text;
    }

    /** Has standard output and standard error masked. Call it before anything is logged. */
    public static void maskOutput() {
        System.setOut(masked(System.out));
        System.setErr(masked(System.err));
    }

    private static PrintStream masked(PrintStream target) {
        return new PrintStream(new MaskedOutput(target), true, StandardCharsets.UTF_8);
    }
}
