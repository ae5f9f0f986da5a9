package serai.watch.run;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** A loop whose steps wait for answers without holding a thread. */
final class AsyncLoop {

    private AsyncLoop() {}

    /** Takes one step after the other while a step's answer is true. */
    static CompletableFuture<Void> whileTrue(Supplier<CompletableFuture<Boolean>> step) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop(step, done);
        return done;
    }

    /** Steps that are done at once are taken in a loop, since a call each would grow the stack. */
    private static void loop(Supplier<CompletableFuture<Boolean>> step, CompletableFuture<Void> done) {
        try {
            CompletableFuture<Boolean> next = step.get();
            while (next.isDone() && next.join()) {
                next = step.get();
            }
            if (next.isDone()) {
                done.complete(null);
                return;
            }
            next.whenComplete((more, failure) -> {
                if (failure != null) {
                    done.completeExceptionally(cause(failure));
                } else if (more) {
                    loop(step, done);
                } else {
                    done.complete(null);
                }
            });
        } catch (RuntimeException e) {
            done.completeExceptionally(cause(e));
        }
    }

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
