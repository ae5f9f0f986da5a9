package serai.watch.run;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** A loop of asynchronous steps that holds no thread while it waits. */
final class AsyncLoop {

    private AsyncLoop() {}

    /** Runs a step again and again, each after the one before has ended, until one returns false or fails. */
    static CompletableFuture<Void> whileTrue(Supplier<CompletableFuture<Boolean>> step) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop(step, done);
        return done;
    }

    /** Steps that end at once run in a loop: a nested call for each would grow the stack. */
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

    /** The failure without the wrapper that {@link CompletableFuture} adds. */
    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
