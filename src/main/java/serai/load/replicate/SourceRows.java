package serai.load.replicate;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import serai.load.replicate.mapping.SourceColumn;
import serai.load.replicate.mapping.SourceRow.Operation;
import serai.load.replicate.pgoutput.RowImage;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/** Reads rows of a source by their keys, as they are now. */
final class SourceRows implements ChunkWriter.RowReader {

    /** What is done with a row. */
    @FunctionalInterface
    interface RowWork {
        /** @param row valid until the next one */
        void with(RowImage row) throws SQLException;
    }

    private final Connection source;

    SourceRows(Connection source) {
        this.source = source;
    }

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
        String position = Sql.on(source)
                .first("select pg_current_wal_insert_lsn()::text as lsn", row -> row.text("lsn"))
                .orElseThrow();
        String sourceKey = "(" + String.join(", ", table.sourceKey()) + ")";
        each(table, " where " + sourceKey + " in (" + values(keys) + ")", row -> {
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

    /** Keys as a list of rows in SQL. */
    static String values(Collection<List<String>> keys) {
        return keys.stream()
                .map(key -> key.stream().map(Sql::literal).collect(Collectors.joining(", ", "(", ")")))
                .collect(Collectors.joining(", "));
    }

    /**
     * Reads rows as the log has them: their texts are those of COPY, since a cast may give others. Columns that the
     * plan does not need are NULL.
     *
     * @param rest what follows the table in the SELECT
     */
    void each(ReplicatedTable table, String rest, RowWork work) throws SQLException {
        List<SourceColumn> columns = table.source().columns();
        Set<Integer> needed = table.plan().reads();
        String selected = IntStream.range(0, columns.size())
                .mapToObj(
                        i -> needed.contains(i) ? Relation.quote(columns.get(i).name()) : "null")
                .collect(Collectors.joining(", "));
        copyOut(source, "select " + selected + " from " + table.source().from() + rest, work);
    }

    /** Reads rows by COPY. */
    static void copyOut(Connection connection, String select, RowWork work) throws SQLException {
        CopiedLine reader = new CopiedLine();
        lines(connection, select, line -> work.with(reader.read(line)));
    }

    /** What is done with a line of COPY. */
    @FunctionalInterface
    interface LineWork {
        /** @param line with its end */
        void with(byte[] line) throws SQLException;
    }

    /** Reads lines by COPY. */
    static void lines(Connection connection, String select, LineWork work) throws SQLException {
        CopyOut from = connection.unwrap(PGConnection.class).getCopyAPI().copyOut("copy (" + select + ") to stdout");
        try {
            for (byte[] line = from.readFromCopy(); line != null; line = from.readFromCopy()) {
                work.with(line);
            }
        } finally {
            if (from.isActive()) {
                from.cancelCopy();
            }
        }
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
