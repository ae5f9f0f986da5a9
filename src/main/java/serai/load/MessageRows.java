package serai.load;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rows of a message, one after the other: maps by column name, or lists of which the first has the names, as
 * camel-csv makes them. The names of the first row are those of all; another row that has more or fewer does not fit.
 */
final class MessageRows implements AutoCloseable {

    private static final String UNREADABLE =
            "upsert-rows loads rows: a map, a list of maps, or what 'unmarshal: { csv: { lazyLoad: true } }' makes."
                    + " The body is ";

    /**
     * A row.
     *
     * @param number from 1
     * @param values in the order of the names; as far as there are any when it does not fit
     * @param reason why it does not fit the names, or null
     */
    record Numbered(long number, List<?> values, String reason) {}

    private final Object body;
    private final Iterator<?> rows;
    private List<String> names = List.of();
    /** The first row, which is read for its names. */
    private Map<?, ?> first;

    private boolean lists;
    private long read;

    /** @throws ReportHeldException when a body is nothing that has rows, or its first row cannot be read */
    MessageRows(Object body) throws ReportHeldException {
        this.body = body;
        this.rows = iterator(body);
        Object head = readNext();
        if (head instanceof Map<?, ?> map) {
            first = map;
            names = map.keySet().stream().map(String::valueOf).toList();
        } else if (head instanceof Collection<?> list) {
            lists = true;
            names = list.stream().map(String::valueOf).toList();
        } else if (head != null) {
            throw new ReportHeldException(
                    UNREADABLE + "a list of " + head.getClass().getSimpleName() + ".");
        }
    }

    private static Iterator<?> iterator(Object body) throws ReportHeldException {
        if (body instanceof Map<?, ?> map) {
            return List.of(map).iterator();
        }
        if (body instanceof Iterator<?> iterator) {
            return iterator;
        }
        if (body instanceof Iterable<?> iterable) {
            return iterable.iterator();
        }
        throw new ReportHeldException(
                UNREADABLE + (body == null ? "empty." : "a " + body.getClass().getSimpleName() + "."));
    }

    /** The names of the columns; empty when there is no row, nor names. */
    List<String> names() {
        return names;
    }

    /** Rows read so far. */
    long read() {
        return read;
    }

    /**
     * The next row, or null after the last one.
     *
     * @throws ReportHeldException when the rest cannot be read
     */
    Numbered next() throws ReportHeldException {
        Object row = first == null ? readNext() : first;
        first = null;
        if (row == null) {
            return null;
        }
        read++;
        if (lists) {
            return row instanceof Collection<?> values ? of(values.stream().toList()) : other();
        }
        return row instanceof Map<?, ?> map ? of(map) : other();
    }

    private Numbered of(List<?> values) {
        return new Numbered(
                read,
                values,
                values.size() == names.size()
                        ? null
                        : "has " + values.size() + " fields where the header has " + names.size());
    }

    private Numbered of(Map<?, ?> map) {
        List<?> values = names.stream().map(map::get).toList();
        if (map.size() == names.size() && names.stream().allMatch(map::containsKey)) {
            return new Numbered(read, values, null);
        }
        Set<String> more = new TreeSet<>();
        map.keySet().forEach(key -> more.add(String.valueOf(key)));
        names.forEach(more::remove);
        List<String> fewer =
                names.stream().filter(name -> !map.containsKey(name)).toList();
        return new Numbered(read, values, "has other fields than the first row: missing " + fewer + ", more " + more);
    }

    private Numbered other() {
        return new Numbered(read, List.of(), "is no row like the first one");
    }

    private Object readNext() throws ReportHeldException {
        try {
            return rows.hasNext() ? rows.next() : null;
        } catch (UncheckedIOException | IllegalStateException e) {
            throw new ReportHeldException("The rows cannot be read after row " + read + ": " + reason(e));
        }
    }

    private static String reason(RuntimeException e) {
        if (e.getCause() instanceof CharacterCodingException) {
            return "there are bytes that are not of its encoding. Write it in UTF-8, or set 'charset' of the route's"
                    + " file component.";
        }
        return e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
    }

    /** Closes the file behind the rows. */
    @Override
    public void close() throws IOException {
        if (body instanceof Closeable file) {
            file.close();
        }
    }
}
