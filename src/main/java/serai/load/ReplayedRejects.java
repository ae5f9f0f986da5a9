package serai.load;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import serai.warehouse.Reject;
import serai.warehouse.Relation;
import serai.warehouse.Row;
import serai.warehouse.Sql;

/**
 * Open rejects of messages, as rows that are merged again; each has a number, from 1. None may overwrite a row that
 * came later.
 */
final class ReplayedRejects {

    private static final String RESOLVE = """
            update meta.rejects r set resolved_at = clock_timestamp()
            where resolved_at is null and (id = any (?::bigint[]) or exists (
              select from meta.rejects a where a.id = any (?::bigint[]) and a.source = r.source and a.target = r.target
                and a.locator -> 'key' = r.locator -> 'key'))""";

    private static final String TRIED =
            "update meta.rejects set attempts = attempts + 1, last_seen = clock_timestamp(), reason = ? where id = ?";

    private final List<OpenReject> rejects;
    private final Set<Long> covered = new HashSet<>();
    private final Set<Long> applied = new HashSet<>();

    /** @param rejects with one header, in the order in which they came; of those with one key the newest alone */
    ReplayedRejects(List<OpenReject> rejects) {
        this.rejects = rejects;
    }

    /**
     * A reject.
     *
     * @param key the values of the key as they were received; none when they are not known
     * @param header the names of the columns as they were received
     * @param values as they were received
     */
    record OpenReject(long id, List<String> key, List<String> header, List<String> values) {

        static OpenReject of(Row row) throws SQLException {
            List<List<String>> lines = lines(new String(row.bytes("payload"), StandardCharsets.UTF_8));
            return new OpenReject(
                    row.number("id"),
                    row.texts("key"),
                    lines.isEmpty() ? List.of() : lines.get(0),
                    lines.size() > 1 ? lines.get(1) : List.of());
        }

        /** An empty field without quotes is NULL. */
        private static List<List<String>> lines(String csv) {
            List<List<String>> lines = new ArrayList<>();
            CsvRecord record = new CsvRecord();
            try {
                CsvParser parser = new CsvParser(new StringReader(csv), ',');
                while (parser.next(record)) {
                    List<String> texts = record.texts();
                    lines.add(IntStream.range(0, texts.size())
                            .mapToObj(i -> texts.get(i).isEmpty() && !record.isQuoted(i) ? null : texts.get(i))
                            .collect(Collectors.toCollection(ArrayList::new)));
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            return lines;
        }
    }

    /** The body of a message with these rows. */
    List<List<String>> message() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(rejects.get(0).header());
        rejects.forEach(reject -> lines.add(reject.values()));
        return lines;
    }

    private OpenReject reject(long number) {
        return rejects.get((int) number - 1);
    }

    /**
     * Takes rows from the staging table of which the table may have a newer one. A message that came later and had the
     * same key, written in the same way, has resolved the reject; so a row whose key is written as the database writes
     * it is the newest, unless another source fills the table too.
     */
    void removeCovered(Sql sql, KeyedRows staged, Upsert.Plan plan) throws SQLException {
        boolean alone = sql.first(
                        "select 1 as found from meta.sources where target = ? and source <> ?",
                        row -> true,
                        plan.relation().toString(),
                        plan.source())
                .isEmpty();
        String key = plan.key().stream()
                .map(column -> "s." + Relation.quote(column) + "::text")
                .collect(Collectors.joining(", ", "array[", "]"));
        sql.each(
                "select s." + KeyedRows.LINE + " as line, " + key + " as key from " + KeyedRows.STAGED
                        + " s where exists (select from " + plan.relation().sql() + " t where "
                        + staged.sameKey("t", "s", false) + ")",
                row -> {
                    if (!alone
                            || !row.texts("key")
                                    .equals(reject(row.number("line")).key())) {
                        covered.add(row.number("line"));
                    }
                });
        sql.update("delete from " + KeyedRows.STAGED + " where " + KeyedRows.LINE + " = any (?::bigint[])", covered);
    }

    /**
     * Marks those that are in the table now, and older ones with the same key, as resolved.
     *
     * @param refused those that do not fit again
     */
    void resolve(Sql sql, RejectList refused) throws SQLException {
        applied.addAll(
                sql.list("select " + KeyedRows.LINE + " as line from " + KeyedRows.STAGED, row -> row.number("line")));
        List<Long> ids = applied.stream().map(number -> reject(number).id()).toList();
        sql.update(RESOLVE, ids, ids);
        for (Reject again : refused.first(refused.size())) {
            long number = ((Number) again.locator().get("row")).longValue();
            sql.update(TRIED, Sql.storable(again.reason()), reject(number).id());
        }
    }

    /** How many are in the table now. */
    int applied() {
        return applied.size();
    }

    /** How many were left, because the table has a row with their key that may be newer. */
    int covered() {
        return covered.size();
    }

    /** Parts of which each has one header. */
    static List<ReplayedRejects> parts(List<OpenReject> all) {
        List<ReplayedRejects> parts = new ArrayList<>();
        int begin = 0;
        for (int i = 1; i <= all.size(); i++) {
            if (i == all.size() || !all.get(i).header().equals(all.get(begin).header())) {
                parts.add(new ReplayedRejects(all.subList(begin, i)));
                begin = i;
            }
        }
        return parts;
    }
}
