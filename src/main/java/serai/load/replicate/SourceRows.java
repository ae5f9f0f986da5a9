package serai.load.replicate;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.load.replicate.mapping.SourceRow.Operation;
import serai.load.replicate.pgoutput.RowImage;

/**
 * Reads rows of a source as they are now, with the texts that its log has. Columns that the plan of a table does not
 * need are NULL.
 */
abstract class SourceRows implements ChunkWriter.RowReader {

    /** What is done with a row. */
    @FunctionalInterface
    interface RowWork {
        /** @param row valid until the next one */
        void with(RowImage row) throws SQLException;
    }

    /** What is done with a line of COPY. */
    @FunctionalInterface
    interface LineWork {
        /** @param line with its end */
        void with(byte[] line) throws SQLException;
    }

    /** A part of a table: keys are texts, empty where it is open; {@code after} is not in it. */
    record KeyRange(List<String> after, List<String> upTo) {}

    /** The end of the log now. */
    abstract String position() throws SQLException;

    /** Writes what brings the position on, if a source without changes needs it. */
    abstract void bringOn() throws SQLException;

    /** @param most rows, in the order of the key; 0: all, in any order */
    abstract void each(ReplicatedTable table, KeyRange range, int most, RowWork work) throws SQLException;

    abstract void each(ReplicatedTable table, Collection<List<String>> keys, RowWork work) throws SQLException;

    /**
     * Reads rows as lines of COPY with the columns of the target, of a table whose values are copied as they are.
     *
     * @return false when the source cannot write such lines
     */
    boolean lines(ReplicatedTable table, KeyRange range, LineWork work) throws SQLException {
        return false;
    }

    /** The key of the last of the first rows of a range, in the order of the key; empty when it has fewer rows. */
    abstract List<String> keyAt(ReplicatedTable table, KeyRange range, int rows) throws SQLException;

    @Override
    public TableChanges read(ReplicatedTable table, List<List<String>> keys) throws SQLException {
        if (!table.canBeReadAgain()) {
            throw new SQLException(
                    "A row of " + table + " has to be read again, and its key is masked: copy the table anew.",
                    "42000");
        }
        TableChanges rows = new TableChanges(table);
        Set<List<String>> found = new HashSet<>();
        RowImage out = new RowImage();
        String position = position();
        each(table, keys, row -> {
            ReplicatedTable.ImageRow image =
                    new ReplicatedTable.ImageRow(row, Operation.UPDATE, Instant.now(), position, 0);
            boolean selected = table.plan().selects(image);
            table.project(image, !selected, out);
            rows.put(selected ? TableChanges.UPSERT : TableChanges.DELETE, out);
            found.add(rows.key(rows.size() - 1));
        });
        for (List<String> key : keys) {
            // the deletion of a row that is kept is further on in the log
            if (!found.contains(key) && !table.plan().keepsDeleted()) {
                rows.put(TableChanges.DELETE, keyImage(table, key));
            }
        }
        return rows;
    }

    /** A row of which only the key is known. */
    static RowImage keyImage(ReplicatedTable table, List<String> key) {
        String[] texts = new String[table.plan().columns().size()];
        for (int i = 0; i < key.size(); i++) {
            texts[table.key()[i]] = key.get(i);
        }
        return image(Arrays.asList(texts));
    }

    /**
     * A deleted row that is kept, of which only the key is known.
     *
     * @param marks values of columns, by name
     */
    static RowImage keptImage(ReplicatedTable table, List<String> key, Map<String, String> marks) {
        List<String> names = table.names();
        RowImage known = keyImage(table, key);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            texts.add(marks.getOrDefault(names.get(i), known.text(i)));
        }
        RowImage texted = image(texts);
        RowImage kept = new RowImage();
        kept.start(texted.bytes());
        for (int i = 0; i < names.size(); i++) {
            boolean sent = table.isKey(i) || marks.containsKey(names.get(i));
            kept.add(sent ? texted.kind(i) : RowImage.UNCHANGED, texted.offset(i), texted.length(i));
        }
        return kept;
    }

    /** A row of texts, in UTF-8. */
    static RowImage image(List<String> texts) {
        byte[][] utf8 = new byte[texts.size()][];
        int length = 0;
        for (int i = 0; i < utf8.length; i++) {
            utf8[i] = texts.get(i) == null ? null : texts.get(i).getBytes(StandardCharsets.UTF_8);
            length += utf8[i] == null ? 0 : utf8[i].length;
        }
        byte[] bytes = new byte[length];
        RowImage image = new RowImage();
        image.start(bytes);
        int at = 0;
        for (byte[] text : utf8) {
            if (text == null) {
                image.add(RowImage.NULL, 0, 0);
            } else {
                System.arraycopy(text, 0, bytes, at, text.length);
                image.add(RowImage.TEXT, at, text.length);
                at += text.length;
            }
        }
        return image;
    }
}
