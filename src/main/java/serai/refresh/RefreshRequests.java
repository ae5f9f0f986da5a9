package serai.refresh;

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
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        refresh.runNow(models);
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
