package serai.refresh;

import java.util.ArrayList;
import java.util.List;

/** Every row of every dimension, fact and report, to be compared. */
final class StarTables {

    private static final String RELATIONS = """
            select n.nspname || '.' || c.relname, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('staging', 'star', 'report') and c.relkind in ('r', 'v') order by 1""";

    private StarTables() {}

    static List<String> rows(RefreshFixture fixture) throws Exception {
        List<String> rows = new ArrayList<>();
        for (String line : fixture.rows(RELATIONS)) {
            String relation = line.split("\\|")[0];
            fixture.rows("select t::text from " + relation + " t order by 1")
                    .forEach(row -> rows.add(relation + " " + row));
        }
        return rows;
    }

    /** Rows that are in one of the two only, and which one it is. */
    static List<String> difference(List<String> incremental, List<String> fromScratch) {
        List<String> difference = new ArrayList<>();
        incremental.stream().filter(r -> !fromScratch.contains(r)).forEach(r -> difference.add("incremental: " + r));
        fromScratch.stream().filter(r -> !incremental.contains(r)).forEach(r -> difference.add("from scratch: " + r));
        return difference;
    }

    /** Drops everything that refreshes have made, and refreshes again. */
    static void fromScratch(RefreshFixture fixture) throws Exception {
        for (String line : fixture.rows(RELATIONS)) {
            String[] relation = line.split("\\|");
            fixture.execute(
                    "drop " + (relation[1].equals("v") ? "view" : "table") + " if exists " + relation[0] + " cascade");
        }
        fixture.execute("truncate meta.model_state, meta.model_dirty");
        // waits for the lease of a refresh whose connections were killed
        fixture.refresh.runNow(RefreshTarget.all(null));
    }
}
