package serai.load.replicate.mariadb;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.Locale;

/** Values as PostgreSQL writes them. */
final class Texts {

    private Texts() {}

    static String bytes(byte[] value) {
        return "\\x" + HexFormat.of().formatHex(value);
    }

    /** A date; null when it does not exist, such as one with the month 0. */
    static String date(int year, int month, int day) {
        try {
            // PostgreSQL has no year 0
            return year == 0 ? null : LocalDate.of(year, month, day).toString();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Whether a date, perhaps with a time, is one that exists. */
    static boolean exists(String date) {
        String[] parts = date.substring(0, Math.min(10, date.length())).split("-");
        return parts.length == 3
                && date(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2])) != null;
    }

    /** @param micros of the second */
    static String time(int hour, int minute, int second, int micros) {
        return String.format(Locale.ROOT, "%02d:%02d:%02d", hour, minute, second) + fraction(micros);
    }

    private static String fraction(int micros) {
        return micros == 0 ? "" : String.format(Locale.ROOT, ".%06d", micros).replaceAll("0+$", "");
    }

    /** A fraction of a second without zeros at its end, as PostgreSQL writes it. */
    static String stripped(String time) {
        return time.contains(".") ? time.replaceAll("\\.?0+$", "") : time;
    }

    /** @param hex 32 digits */
    static String uuid(String hex) {
        String digits = hex.toLowerCase(Locale.ROOT);
        return String.join(
                "-",
                digits.substring(0, 8),
                digits.substring(8, 12),
                digits.substring(12, 16),
                digits.substring(16, 20),
                digits.substring(20));
    }

    /** An address, the longest run of zeros left out. */
    static String address(byte[] bytes) {
        if (bytes.length == 4) {
            return dotted(bytes, 0);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        boolean mapped = start == 0 && (length == 6 || length == 5 && groups[5] == 0xffff);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < (mapped ? 6 : 8); i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
            }
        }
        return text + (mapped ? (length == 5 ? ":" : "") + dotted(bytes, 12) : "");
    }

    private static String dotted(byte[] bytes, int from) {
        return (bytes[from] & 0xff) + "." + (bytes[from + 1] & 0xff) + "." + (bytes[from + 2] & 0xff) + "."
                + (bytes[from + 3] & 0xff);
    }
}
