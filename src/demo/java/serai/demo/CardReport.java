package serai.demo;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

/**
 * The result of a card: either a header of display names and rows of typed values, which the double prints as Metabase
 * does, or the bytes of a CSV file as they are.
 *
 * @param header display names, null with raw bytes
 * @param rows strings, numbers, booleans, {@code java.time} values, lists or null; null with raw bytes
 * @param raw read once and closed; null with rows
 */
public record CardReport(List<String> header, Iterator<? extends List<?>> rows, InputStream raw) {

    /** A header and rows. */
    public static CardReport of(List<String> header, Iterable<? extends List<?>> rows) {
        return new CardReport(header, rows.iterator(), null);
    }

    /** A header and rows that are made while they are sent. */
    public static CardReport of(List<String> header, Iterator<? extends List<?>> rows) {
        return new CardReport(header, rows, null);
    }

    /** A CSV file as a text. */
    public static CardReport raw(String csv) {
        return raw(new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8)));
    }

    /** A CSV file as bytes. */
    public static CardReport raw(InputStream csv) {
        return new CardReport(null, null, csv);
    }
}
