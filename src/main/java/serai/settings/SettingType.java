package serai.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.quartz.CronExpression;
import serai.http.HostAlias;

/** Which values a setting can have, and which part of a value is secret. */
public final class SettingType<T> {

    private static final Pattern DURATION = Pattern.compile("(?:\\d{1,9}(?:ms|s|m|h|d))+");
    private static final Pattern PART = Pattern.compile("(\\d+)(ms|s|m|h|d)");
    private static final Duration LONGEST = Duration.ofDays(36_500);
    /** The login in an address, and a password among its parameters. */
    private static final Pattern LOGIN = Pattern.compile(
            "(?<=://|^|,|, )[^/@:,\\s]*:(?!//)([^,]+)@|[?&;](?:[a-z]*password|token|secret|api[-_]?key)=([^&;]+)",
            Pattern.CASE_INSENSITIVE);

    private final Function<String, T> reader;
    private final T unset;
    private final Function<String, List<String>> secrets;

    private SettingType(Function<String, T> reader, T unset, Function<String, List<String>> secrets) {
        this.reader = reader;
        this.unset = unset;
        this.secrets = secrets;
    }

    private static <T> SettingType<T> of(Function<String, T> reader) {
        return new SettingType<>(reader, null, text -> List.of());
    }

    /** Any text; the empty text when it is unset. */
    public static SettingType<String> text() {
        return new SettingType<>(String::strip, "", text -> List.of());
    }

    /** A text that must never be printed; the empty text when it is unset. */
    public static SettingType<String> secret() {
        return new SettingType<>(Function.identity(), "", List::of);
    }

    /** {@code true} or {@code false}. */
    public static SettingType<Boolean> flag() {
        return of(text -> switch (text.strip()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("is not a boolean; write true or false");
        });
    }

    /** A whole number between bounds, both included. */
    public static SettingType<Long> number(long least, long most) {
        return of(text -> {
            String digits = text.strip();
            if (!digits.matches("-?\\d{1,18}") || Long.parseLong(digits) < least || Long.parseLong(digits) > most) {
                throw new IllegalArgumentException("is not a whole number; write one from " + least + " to " + most);
            }
            return Long.valueOf(digits);
        });
    }

    /** A whole number from 1 up to a bound. */
    public static SettingType<Integer> count(int most) {
        SettingType<Long> number = number(1, most);
        return of(text -> number.parse(text).intValue());
    }

    /** A port to listen on. */
    public static SettingType<Integer> port() {
        return count(65_535);
    }

    /** A number with decimals between bounds, both included. */
    public static SettingType<Double> decimal(double least, double most) {
        return of(text -> {
            String digits = text.strip();
            if (!digits.matches("\\d{1,9}(\\.\\d{1,9})?")
                    || Double.parseDouble(digits) < least
                    || Double.parseDouble(digits) > most) {
                throw new IllegalArgumentException("is not a number; write one from " + least + " to " + most);
            }
            return Double.valueOf(digits);
        });
    }

    /** A length of time with a unit, such as {@code 500ms} or {@code 1h30m}: more than nothing. */
    public static SettingType<Duration> duration() {
        return duration(Duration.ofMillis(1), LONGEST);
    }

    /** A length of time between bounds, both included. */
    public static SettingType<Duration> duration(Duration least, Duration most) {
        return of(text -> {
            Duration duration = length(text.strip());
            if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                throw new IllegalArgumentException(
                        "is out of bounds; write a duration from " + words(least) + " to " + words(most));
            }
            return duration;
        });
    }

    private static Duration length(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        if (!DURATION.matcher(text).matches()) {
            String problem = text.matches("\\d+") ? "has no unit" : "is not a duration";
            throw new IllegalArgumentException(problem + "; write one such as 500ms, 30s, 10m, 1h or 7d");
        }
        Duration duration = Duration.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            long amount = Long.parseLong(part.group(1));
            duration = duration.plus(
                    switch (part.group(2)) {
                        case "ms" -> Duration.ofMillis(amount);
                        case "s" -> Duration.ofSeconds(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        case "h" -> Duration.ofHours(amount);
                        default -> Duration.ofDays(amount);
                    });
        }
        return duration;
    }

    private static String words(Duration duration) {
        if (duration.toMillis() % 1000 != 0) {
            return duration.toMillis() + "ms";
        }
        long seconds = duration.toSeconds();
        return seconds % 86_400 == 0 && seconds > 0
                ? duration.toDays() + "d"
                : seconds % 3600 == 0 && seconds > 0 ? duration.toHours() + "h" : seconds + "s";
    }

    /** A day, such as {@code 2024-01-01}. */
    public static SettingType<LocalDate> day() {
        return of(text -> {
            try {
                return LocalDate.parse(text.strip());
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("is not a day; write one such as 2024-01-31", e);
            }
        });
    }

    /** A Quartz cron expression, with seconds. */
    public static SettingType<String> cron() {
        return of(text -> {
            try {
                new CronExpression(text.strip());
                // Quartz takes its own codes for * and ? as numbers
                if (text.matches(".*\\b9[89]\\b.*")) {
                    throw new ParseException("98 and 99 are no time", 0);
                }
                return text.strip();
            } catch (ParseException | RuntimeException e) {
                throw new IllegalArgumentException(
                        "is not a cron expression (" + e.getMessage()
                                + "); write one of Quartz, with seconds, such as 0 5 * * * ?",
                        e);
            }
        });
    }

    /**
     * A time zone of the tz database. An offset is refused: PostgreSQL reads {@code GMT-5} with the opposite sign, and
     * Quartz {@code UTC+3} as UTC.
     */
    public static SettingType<ZoneId> region() {
        return of(text -> {
            ZoneId zone = zone().parse(text);
            if (zone.normalized() instanceof ZoneOffset offset
                    && !ZoneRegions.isOne(text.strip())
                    && !offset.equals(ZoneOffset.UTC)) {
                throw new IllegalArgumentException(
                        "is an offset and not a region; write one such as " + ZoneRegions.nearest(offset));
            }
            return zone;
        });
    }

    /** A time zone; that of the machine when it is unset. */
    public static SettingType<ZoneId> zone() {
        return new SettingType<>(
                text -> {
                    try {
                        return ZoneId.of(text.strip());
                    } catch (DateTimeException e) {
                        throw new IllegalArgumentException("is not a time zone; write one such as Europe/Berlin", e);
                    }
                },
                ZoneId.systemDefault(),
                text -> List.of());
    }

    /** The path of a file or folder, which need not exist; the empty text when it is unset. */
    public static SettingType<String> path() {
        return new SettingType<>(SettingType::checkedPath, "", text -> List.of());
    }

    /** The path of a file that can be read, relative to the current folder; the empty text when it is unset. */
    public static SettingType<String> file() {
        return new SettingType<>(
                text -> {
                    Path file = Path.of(checkedPath(text)).toAbsolutePath();
                    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                        throw new IllegalArgumentException(
                                "is no readable file; write the path of one, relative to the current folder");
                    }
                    return text.strip();
                },
                "",
                text -> List.of());
    }

    private static String checkedPath(String text) {
        try {
            Path.of(text.strip());
            return text.strip();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("is not a path; write one such as data/warehouse", e);
        }
    }

    /** An address with http or https; the empty text when it is unset. A login in it is secret. */
    public static SettingType<String> address() {
        return address(text -> requireHttp(text, URI::new, "http://metabase.example.org:3000"), "");
    }

    /** The address of an HTTP proxy with its port, perhaps with a login; null when it is unset. */
    public static SettingType<URI> proxy() {
        return address(
                text -> {
                    String address = text.strip();
                    try {
                        URI proxy = HostAlias.uri(address.contains("://") ? address : "http://" + address);
                        if (proxy.getHost() != null && proxy.getPort() > 0) {
                            return proxy;
                        }
                    } catch (URISyntaxException e) {
                        // the exception quotes the address, which may contain a password
                    }
                    throw new IllegalArgumentException(
                            "is not an address; write one such as http://proxy.example.org:3128");
                },
                null);
    }

    /** HTTP headers, {@code NAME: VALUE}, separated by semicolons; none when it is unset. The values are secret. */
    public static SettingType<Map<String, String>> headers() {
        return new SettingType<>(
                text -> {
                    Map<String, String> headers = new LinkedHashMap<>();
                    for (String header : text.split(";")) {
                        String[] parts = header.strip().split(":", 2);
                        if (parts.length != 2 || !parts[0].matches("[\\w-]+") || parts[1].isBlank()) {
                            throw new IllegalArgumentException(
                                    "is not a list of headers; write NAME: VALUE, separated by semicolons");
                        }
                        headers.put(parts[0], parts[1].strip());
                    }
                    return headers;
                },
                Map.of(),
                text -> Arrays.stream(text.split(";"))
                        .map(header -> header.substring(header.indexOf(':') + 1).strip())
                        .filter(value -> !value.isEmpty())
                        .toList());
    }

    /** An address of another form, in which the login is secret. */
    public static <T> SettingType<T> address(Function<String, T> reader, T unset) {
        return new SettingType<>(reader, unset, SettingType::logins);
    }

    /** An address with http or https that is secret as a whole; the empty text when it is unset. */
    public static SettingType<String> secretAddress() {
        return new SettingType<>(
                text -> requireHttp(text, HostAlias::uri, "https://hooks.slack.com/services/..."),
                "",
                Secrets::addressParts);
    }

    private interface AddressReader {
        URI read(String text) throws URISyntaxException;
    }

    private static String requireHttp(String text, AddressReader reader, String example) {
        try {
            URI address = reader.read(text.strip());
            if (address.getHost() != null && List.of("http", "https").contains(address.getScheme())) {
                return text.strip();
            }
        } catch (URISyntaxException e) {
            // it quotes the address, which may hold a password
        }
        throw new IllegalArgumentException("is not an address with http or https; write one such as " + example);
    }

    private static List<String> logins(String text) {
        List<String> logins = LOGIN.matcher(text)
                .results()
                .map(login -> login.group(1) != null ? login.group(1) : login.group(2))
                .toList();
        // a login that is not written as one should be
        return logins.isEmpty() && text.contains("@") ? List.of(text) : logins;
    }

    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException when it is not of this type; the message goes on after the value
     */
    public T parse(String text) {
        return reader.apply(text);
    }

    T unset() {
        return unset;
    }

    /** Whether a whole value is secret. */
    public boolean isSecret() {
        return !secrets.apply("any").isEmpty();
    }

    /** The parts of a value that must never be printed. */
    List<String> secrets(String text) {
        return text.isBlank() ? List.of() : secrets.apply(text);
    }

    /** A value as it may be printed; also without the login of an address that was set by mistake. */
    String shown(String text) {
        List<String> hidden = new ArrayList<>(secrets(text));
        if (text.contains("://")) {
            hidden.addAll(logins(text));
        }
        String shown = text;
        for (String secret : hidden) {
            shown = shown.replace(secret, Secrets.MASK);
        }
        return shown;
    }
}
