package serai.refresh;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import serai.request.RequestHandler;

/** Refreshes models at once when a command requests it. */
final class RefreshRequests implements RequestHandler {

    static final String VERB = "refresh";

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
        return RefreshTarget.parse(target).isPresent();
    }

    @Override
    public CompletableFuture<String> obey(String target) {
        RefreshTarget models = RefreshTarget.parse(target).orElseThrow();
        return begin("refresh-request", () -> {
            refresh.runNow(models);
            return "The models were refreshed.";
        });
    }

    /** Does something in a thread of its own, which ends with the answer. */
    static CompletableFuture<String> begin(String name, Callable<String> work) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        answer.complete(work.call());
                    } catch (Exception e) {
                        answer.completeExceptionally(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return answer;
    }
}
