package serai.refresh;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import serai.warehouse.Sql;

/**
 * How models are after a refresh.
 *
 * @param upToDate how many are up to date
 * @param paused the names of those that were left out
 * @param warnings what tests found in models that are up to date
 * @param problems the others, each with its status and error
 * @param fault whether one of them could not be refreshed, for another reason than a test
 */
record RefreshResult(int upToDate, List<String> paused, List<String> warnings, List<String> problems, boolean fault) {

    private static final String MODELS = """
            with recursive chosen as (
              select model from meta.model_state where (?::text is null or model = ?) and (kind = 'seed' or not ?)
              union
              select m.model from meta.model_state m join chosen c on c.model = any (m.reads) where ?)
            select m.model, m.status, coalesce(': ' || m.error, '') as error,
              exists (select from meta.paused p where p.kind = 'model' and p.name = m.model) as paused,
              m.status in ('failed', 'held') and not exists (
                select from meta.test_failures f where f.model = m.model and f.severity = 'error') as fault
            from meta.model_state m join chosen using (model) where m.active order by m.model""";

    static RefreshResult read(Sql sql, RefreshTarget target) throws SQLException {
        List<String> fresh = new ArrayList<>();
        List<String> paused = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        sql.each(
                MODELS,
                row -> {
                    String model = row.text("model");
                    if (row.flag("paused")) {
                        paused.add(model);
                    } else if (row.text("status").equals("ok")) {
                        fresh.add(model);
                    } else if (ModelState.WARNINGS.contains(row.text("status"))) {
                        fresh.add(model);
                        warnings.add(model + row.text("error"));
                    } else {
                        problems.add(model + " " + row.text("status") + row.text("error"));
                        if (row.flag("fault")) {
                            faults.add(model);
                        }
                    }
                },
                target.model(),
                target.model(),
                target.scope() == RefreshTarget.Scope.SEEDS,
                target.scope() == RefreshTarget.Scope.DOWNSTREAM);
        return new RefreshResult(fresh.size(), paused, warnings, problems, !faults.isEmpty());
    }

    /** A sentence about the models without problems. */
    String text() {
        return "Models that are up to date: " + upToDate + "."
                + (paused.isEmpty() ? "" : " Paused: " + String.join(", ", paused) + ".")
                + warnings.stream().map(warning -> "\nWarning: " + warning).collect(Collectors.joining());
    }
}
