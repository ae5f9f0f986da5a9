package serai.request;

import java.util.concurrent.CompletableFuture;

/** Obeys the requests of one verb in the running process. */
public interface RequestHandler {

    /** The verb, such as {@code load}. */
    String verb();

    /** Whether this process has the target; another one may have it otherwise. */
    boolean owns(String target);

    /**
     * Begins what is requested; returns soon.
     *
     * @param target a target that this process owns
     * @return completes with the answer, a sentence; fails with a reason when it could not be done
     */
    CompletableFuture<String> obey(String target);
}
