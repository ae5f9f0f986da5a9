package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import serai.request.RequestHandler;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;

/** Refreshes all models at once when a command requests it. */
final class RefreshRequests implements RequestHandler {

    static final String VERB = "refresh";

    /** The only target. */
    static final String ALL = "all models";

    private final Warehouse warehouse;
    private final Refresh refresh;

    RefreshRequests(Warehouse warehouse, Refresh refresh) {
        this.warehouse = warehouse;
        this.refresh = refresh;
    }

    @Override
    public String verb() {
        return VERB;
    }

    @Override
    public boolean owns(String target) {
        return target.equals(ALL);
    }

    @Override
    public CompletableFuture<String> obey(String target) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        refresh.runNow();
                        answer.complete(result());
                    } catch (Exception e) {
                        answer.completeExceptionally(e);
                    }
                },
                "refresh-request");
        thread.setDaemon(true);
        thread.start();
        return answer;
    }

    /** @throws IllegalStateException when a model is not up to date */
    private String result() throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            List<String> problems = Sql.on(c).list("""
                    select model || ' ' || status || coalesce(': ' || error, '') as problem
                    from meta.model_state where active and status <> 'ok' order by model
                    """, row -> row.text("problem"));
            if (!problems.isEmpty()) {
                throw new IllegalStateException(String.join("\n", problems));
            }
            return Sql.on(c)
                    .first("select count(*) from meta.model_state where active", row -> row.number("count"))
                    .map(models -> "Models that are up to date: " + models + ".")
                    .orElseThrow();
        }
    }
}
