package serai.demo;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** The tables of the product's database and the count of their rows, for those who make and change what is in them. */
final class ProductTables {

    /** What an UPDATE sets of each row, with two parameters: when it is changed, and by whom. */
    static final String TOUCHED = " last_modified_date = ?, last_modified_by = ? ";

    /** Who does what nobody did. */
    static final String SYSTEM = "system";

    /** How many rows of a kind can still change. */
    private static final int KEPT = 2_000;

    final SplittableRandom random;
    final ProductTexts texts;
    final ProductRows rows;
    final ProductAnswers answers;
    final ProductFacts facts;
    private long ids;
    private boolean live;

    ProductTables(SplittableRandom random, ProductRows rows, ProductAnswers answers, ProductFacts facts) {
        this.random = random;
        this.texts = new ProductTexts(random);
        this.rows = rows;
        this.answers = answers;
        this.facts = facts;
    }

    /** Removes the oldest of a kind. */
    interface Removal<T> {
        /** Removes it. */
        void run(T oldest) throws SQLException;
    }

    /** From now on, what is made takes the place of the oldest of its kind. */
    void live() {
        live = true;
    }

    boolean isLive() {
        return live;
    }

    long nextId() {
        return ++ids;
    }

    <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** Adds a row; see {@link ProductRows#add}. */
    void add(String table, Instant at, String by, Object... values) throws SQLException {
        rows.add(table, at, by, values);
        answers.rows(table, 1);
    }

    void remove(String table, Object id) throws SQLException {
        rows.update("delete from " + table + " where id = ?", id);
        answers.rows(table, -1);
    }

    /** Remembers what was made, so that it can change. What was made before the product lives is only forgotten. */
    <T> void keep(List<T> list, T made, Removal<T> removal) throws SQLException {
        list.add(made);
        if (list.size() > KEPT) {
            T oldest = list.remove(0);
            if (live) {
                removal.run(oldest);
            }
        }
    }
}
