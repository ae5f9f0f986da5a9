package serai.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import serai.testing.TestDatabase;

/** The questions of {@link ProductAnswers} in SQL, asked of the product's tables or of a replica. */
public final class ProductQuestions {

    private ProductQuestions() {}

    /** Fails unless the tables of a schema give the answers. */
    public static void assertAnswered(ProductAnswers answers, TestDatabase database, String schema) {
        for (Map.Entry<String, Long> table : answers.rows().entrySet()) {
            assertThat(database.number("select count(*) from " + schema + "." + table.getKey()))
                    .as("rows of " + table.getKey())
                    .isEqualTo(table.getValue());
        }
        assertThat(rows(
                        database,
                        "select day, count(distinct who) from (select held_at::date as day, host_id as who from"
                                + " SCHEMA.meetings union all select created_date::date, author_id from SCHEMA.notes) d"
                                + " group by day",
                        schema))
                .as("active users a day")
                .isEqualTo(texts(answers.activeUsersPerDay()));
        assertThat(rows(database, "select held_at::date, count(*) from SCHEMA.meetings group by 1", schema))
                .as("meetings a day")
                .isEqualTo(texts(answers.meetingsPerDay()));
        assertThat(rows(
                        database,
                        "select currency, sum(mrr_minor) from SCHEMA.subscriptions where status = 'active'"
                                + " group by currency having sum(mrr_minor) <> 0",
                        schema))
                .as("monthly recurring revenue")
                .isEqualTo(texts(answers.monthlyRecurringRevenue()));
        assertThat(rows(
                        database,
                        "select currency, (100 * sum(amount - refunded))::bigint from SCHEMA.payments"
                                + " where status = 'paid' group by currency having sum(amount - refunded) <> 0",
                        schema))
                .as("paid")
                .isEqualTo(texts(answers.paid()));
        assertThat(database.rows("select sum(words), sum(shares), (select count(accepted_at) from SCHEMA.invitations),"
                                .replace("SCHEMA", schema)
                        + " (select sum(opens) from SCHEMA.messages) from SCHEMA.notes".replace("SCHEMA", schema)))
                .as("words, shares, accepted invitations, opened e-mails")
                .isEqualTo(List.of(answers.words() + "|" + answers.shares() + "|" + answers.acceptedInvitations() + "|"
                        + answers.opens()));
    }

    private static Map<String, String> rows(TestDatabase database, String query, String schema) {
        Map<String, String> answer = new TreeMap<>();
        for (String row : database.rows(query.replace("SCHEMA", schema))) {
            String[] cells = row.split("\\|");
            answer.put(cells[0], cells[1]);
        }
        return answer;
    }

    private static Map<String, String> texts(Map<?, ?> values) {
        Map<String, String> answer = new TreeMap<>();
        values.forEach((key, value) -> answer.put(key.toString(), value.toString()));
        return answer;
    }
}
