package serai.refresh;

import java.util.concurrent.CompletableFuture;
import serai.request.RequestHandler;

/** Refreshes all models at once when a command requests it. */
final class RefreshRequests implements RequestHandler {

    static final String VERB = "refresh";

    /** The only target. */
    static final String ALL = "all models";

    private final Refresh refresh;

    RefreshRequests(Refresh refresh) {
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
                        answer.complete("The models were refreshed.");
                    } catch (Exception e) {
                        answer.completeExceptionally(e);
                    }
                },
                "refresh-request");
        thread.setDaemon(true);
        thread.start();
        return answer;
    }
}
