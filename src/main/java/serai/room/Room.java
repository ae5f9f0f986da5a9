package serai.room;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import serai.edits.EditableFiles;
import serai.edits.RouteClaims;
import serai.request.RequestHandler;
import serai.status.StatusSection;

/**
 * One part of Serai, such as imports or alert rules, while it runs. A room is opened before any route is loaded, and
 * then binds what its routes and kamelets name. Rooms do not know each other: what passes between two of them is a
 * table of the schema {@code meta}, or a Camel endpoint.
 */
public interface Room extends AutoCloseable {

    /** The kinds of files of this room that may be edited while Serai runs. Route files are not among them. */
    default List<EditableFiles> editableFiles() {
        return List.of();
    }

    /** What routes take for themselves of what this room knows. */
    default List<RouteClaims> routeClaims() {
        return List.of();
    }

    /** Called once, after all editable files were read for the first time. */
    default void filesRead() {}

    /** What obeys the requests of commands to this room. */
    default List<RequestHandler> requestHandlers() {
        return List.of();
    }

    /** The rows that the room shows on the page; each is read whenever the page is. */
    default List<StatusSection> statusSections() {
        return List.of();
    }

    /** Registers the room's metrics. Called once, when routes run; not at all when no registry is configured. */
    default void bindMetrics(MeterRegistry registry) {}

    /** Stops the room's own threads. Called after Camel has stopped all routes. */
    @Override
    void close() throws Exception;
}
