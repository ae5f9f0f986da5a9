package serai.demo;

import java.io.IOException;

/**
 * A card's question. An exception from it, or from the rows' iterator, is a query that fails, as the double's version
 * reports it.
 */
@FunctionalInterface
public interface CardSource {
    CardReport report(Parameters parameters) throws IOException;
}
