package serai.refresh;

import java.util.concurrent.CompletableFuture;
import serai.request.RequestHandler;

/** Rebuilds a model when a command requests it. */
final class RebuildRequests implements RequestHandler {

    static final String VERB = "rebuild";

    private final Refresh refresh;

    RebuildRequests(Refresh refresh) {
        this.refresh = refresh;
    }

    @Override
    public String verb() {
        return VERB;
    }

    @Override
    public boolean owns(String target) {
        return RefreshTarget.parse(target)
                .filter(models -> models.scope() == RefreshTarget.Scope.ALL || models.model() != null)
                .isPresent();
    }

    @Override
    public CompletableFuture<String> obey(String target) {
        RefreshTarget models = RefreshTarget.parse(target).orElseThrow();
        return RefreshRequests.begin("rebuild-request", () -> {
            refresh.rebuild(models);
            return "Rebuilt: " + models.text() + ".";
        });
    }
}
