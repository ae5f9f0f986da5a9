package serai.demo;

import java.io.IOException;

/**
 * The query of a card. An exception from it, or from the rows' iterator, is a failed query, which the double reports as
 * its version does.
 */
@FunctionalInterface
public interface CardSource {
    /** The result for the parameters of a request. */
    CardReport report(Parameters parameters) throws IOException;
}
