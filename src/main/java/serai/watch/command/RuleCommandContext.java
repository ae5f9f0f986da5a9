package serai.watch.command;

import java.nio.file.Path;
import org.apache.camel.CamelContext;
import serai.warehouse.Warehouse;

/**
 * What a command works with: the project's folder, its settings, its warehouse. Nothing is opened before it is asked
 * for.
 */
public interface RuleCommandContext {

    /** The project's folder. */
    Path root();

    /**
     * The settings of {@code application.properties}, and Camel's components as they say; it has no routes of the
     * project.
     */
    CamelContext context();

    /** The warehouse of the running instance, or of the last one that ran. */
    Warehouse warehouse();

    /** What rules are tried with. */
    RuleSandbox workbench();
}
