package serai.watch.elastalert;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;

/** {@code meta.elastalert_documents} in SQL. */
final class StateRows {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_BYTES = 5_000_000;

    private StateRows() {}

    /** A document on its way. */
    record Row(long number, StateDocument.Kind kind, String id, ObjectNode body) {}

    static boolean isAnything(DataSource warehouse) throws SQLException {
        try (Connection c = warehouse.getConnection();
                PreparedStatement s = c.prepareStatement("select exists (select 1 from meta.elastalert_documents)");
                ResultSet r = s.executeQuery()) {
            r.next();
            return r.getBoolean(1);
        }
    }

    /** An alert's document waits until one of its messages was delivered, or none can be any more. */
    static List<Row> ready(Connection c, int most) throws SQLException, IOException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement s = c.prepareStatement("""
                select d.document_id, d.kind, d.id, d.body, o.messages > 0 and not o.sent as failed, o.error
                from meta.elastalert_documents d
                left join lateral (select count(*) as messages, bool_or(status = 'sent') as sent,
                    bool_and(status in ('sent', 'failed')) as settled, max(error) as error
                  from meta.outbox where alert_id = d.alert_id) o on d.alert_id is not null
                where d.alert_id is null or o.messages = 0 or o.sent or o.settled
                order by d.document_id limit ?""")) {
            s.setInt(1, most);
            try (ResultSet r = s.executeQuery()) {
                for (int bytes = 0; bytes < MOST_BYTES && r.next(); ) {
                    ObjectNode body = (ObjectNode) JSON.readTree(r.getString(4));
                    if (r.getBoolean(5)) {
                        body.put("alert_sent", false).put("alert_exception", r.getString(6));
                    }
                    rows.add(new Row(
                            r.getLong(1),
                            StateDocument.Kind.valueOf(r.getString(2).toUpperCase(Locale.ROOT)),
                            r.getString(3),
                            body));
                    bytes += r.getString(4).length();
                }
            }
        }
        return rows;
    }

    static void remove(Connection c, Collection<Long> numbers) throws SQLException {
        try (PreparedStatement s =
                c.prepareStatement("delete from meta.elastalert_documents where document_id = any (?)")) {
            s.setArray(1, c.createArrayOf("bigint", numbers.toArray()));
            s.executeUpdate();
        }
    }

    static long count(Connection c) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("select count(*) from meta.elastalert_documents");
                ResultSet r = s.executeQuery()) {
            r.next();
            return r.getLong(1);
        }
    }
}
