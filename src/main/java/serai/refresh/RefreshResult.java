package serai.refresh;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import serai.warehouse.Sql;

/**
 * How the models are after a refresh.
 *
 * @param upToDate how many are up to date
 * @param paused the names of those that were left out
 * @param problems the others, each with its status and error
 */
record RefreshResult(int upToDate, List<String> paused, List<String> problems) {

    private static final String MODELS = """
            select m.model, m.status, coalesce(': ' || m.error, '') as error,
              exists (select from meta.paused p where p.kind = 'model' and p.name = m.model) as paused
            from meta.model_state m where m.active order by m.model""";

    static RefreshResult read(Sql sql) throws SQLException {
        List<String> fresh = new ArrayList<>();
        List<String> paused = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        sql.each(MODELS, row -> {
            String model = row.text("model");
            if (row.flag("paused")) {
                paused.add(model);
            } else if (row.text("status").equals("ok")) {
                fresh.add(model);
            } else {
                problems.add(model + " " + row.text("status") + row.text("error"));
            }
        });
        return new RefreshResult(fresh.size(), paused, problems);
    }

    /** A sentence about the models without problems. */
    String text() {
        return "Models that are up to date: " + upToDate + "."
                + (paused.isEmpty() ? "" : " Paused: " + String.join(", ", paused) + ".");
    }
}
