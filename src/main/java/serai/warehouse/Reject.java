package serai.warehouse;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A record that could not be applied.
 *
 * @param target the table, or the index, that it was meant for
 * @param locator where it stands in its source, such as {@code line} and {@code column}, or {@code index} and
 *     {@code id}; {@code day}, a {@link java.time.LocalDate}, where it is known to which day of a window it belongs.
 *     Values are numbers, texts and lists of texts. Null values are left out.
 * @param identity what makes it the same record when it comes again, wherever it stands then
 * @param payload the record as it was received
 * @param reason why, without the value, which may be personal
 */
public record Reject(
        Relation target, Map<String, Object> locator, List<String> identity, byte[] payload, String reason) {

    /** Where a locator has the day of a window to which the record belongs. */
    public static final String DAY = "day";

    private static final String SEPARATOR = "\u001f";
    private static final String NULL = "\u001e";

    /** One row of {@code meta.rejects} has all rejects of a source and target with the same fingerprint. */
    String fingerprint() {
        String text = identity.stream()
                .map(field -> field == null ? NULL : Sql.storable(field))
                .collect(Collectors.joining(SEPARATOR));
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            return HexFormat.of().formatHex(md5.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
