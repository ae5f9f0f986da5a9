package serai.load.replicate;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import serai.load.replicate.mapping.SourceColumn;
import serai.load.replicate.mapping.SourceRow.Operation;
import serai.load.replicate.pgoutput.RowImage;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/** Reads rows of a source by their keys, as they are now. */
final class SourceRows implements ChunkWriter.RowReader {

    private final Sql source;

    SourceRows(Sql source) {
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
        String position = source.first("select pg_current_wal_insert_lsn()::text as lsn", row -> row.text("lsn"))
                .orElseThrow();
        for (RowImage row : select(table, keys)) {
            ReplicatedTable.ImageRow image =
                    new ReplicatedTable.ImageRow(row, Operation.UPDATE, Instant.now(), position, 0);
            if (table.plan().selects(image)) {
                table.project(image, false, out);
                rows.put(TableChanges.UPSERT, out);
                found.add(rows.key(rows.size() - 1));
            }
        }
        for (List<String> key : keys) {
            if (!found.contains(key)) {
                rows.put(TableChanges.DELETE, keyImage(table, key));
            }
        }
        return rows;
    }

    private List<RowImage> select(ReplicatedTable table, List<List<String>> keys) throws SQLException {
        List<SourceColumn> columns = table.source().columns();
        Set<Integer> needed = table.plan().reads();
        String selected = IntStream.range(0, columns.size())
                .mapToObj(
                        i -> needed.contains(i) ? Relation.quote(columns.get(i).name()) + "::text" : "null::text")
                .collect(Collectors.joining(", ", "array[", "]"));
        String key = "(" + String.join(", ", table.sourceKey()) + ")";
        String values = keys.stream()
                .map(one -> one.stream().map(Sql::literal).collect(Collectors.joining(", ", "(", ")")))
                .collect(Collectors.joining(", "));
        List<RowImage> rows = new ArrayList<>();
        source.each(
                "select " + selected + " as texts from " + table.source().sql() + " where " + key + " in (" + values
                        + ")",
                row -> rows.add(image(row.texts("texts"))));
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
