package serai.edits;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds the routes of files to one Camel context, the live one or that of a dry run, and removes them. */
final class RouteInstaller {

    private static final Logger LOG = LoggerFactory.getLogger(RouteInstaller.class);

    private final ModelCamelContext context;
    private final List<RouteReader> readers;
    private final RouteOwnership ownership;
    private final Duration letFinish;
    private final KameletProperties kamelets;
    private final Map<Path, List<RouteConfigurationDefinition>> errorHandling = new HashMap<>();

    /**
     * @param readers for files other than Camel's YAML
     * @param letFinish how long exchanges in flight of a route that is removed may take
     */
    RouteInstaller(ModelCamelContext context, List<RouteReader> readers, RouteOwnership ownership, Duration letFinish) {
        this.context = context;
        this.ownership = ownership;
        this.letFinish = letFinish;
        this.readers = new ArrayList<>(readers);
        this.kamelets = new KameletProperties(context);
        this.readers.add(new CamelYaml(context, kamelets));
    }

    boolean owns(Path file) {
        return readers.stream().anyMatch(r -> r.owns(file));
    }

    RouteOwnership ownership() {
        return ownership;
    }

    /**
     * Adds a file's routes. When one of them is invalid, none stays.
     *
     * @return the ids of all routes that were added, its kamelets' routes included
     */
    List<String> add(Path file, String text) throws EditRefusedException {
        Set<String> before = ids();
        List<RouteConfigurationDefinition> others = List.copyOf(context.getRouteConfigurationDefinitions());
        RoutesBuilder builder = null;
        try {
            builder = readers.stream()
                    .filter(r -> r.owns(file))
                    .findFirst()
                    .orElseThrow()
                    .read(file, text);
            if (builder instanceof RouteBuilder routes) {
                routes.addLifecycleInterceptor(ownership.ids(file));
                routes.addLifecycleInterceptor(new KameletRouteIds());
            }
            try {
                context.addRoutes(builder);
            } finally {
                errorHandling.put(
                        file,
                        context.getRouteConfigurationDefinitions().stream()
                                .filter(c -> !others.contains(c))
                                .toList());
            }
            List<String> added = idsSince(before);
            for (String id : added) {
                ownership.endpoint(file, context.getRoute(id));
            }
            return added;
        } catch (Exception e) {
            remove(file, idsSince(before));
            throw refused(file, text, builder, e);
        }
    }

    private EditRefusedException refused(Path file, String text, RoutesBuilder builder, Exception failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof EditRefusedException refused) {
                return refused;
            }
        }
        return CamelYaml.refused(context, file, text, builder, failure);
    }

    private Set<String> ids() {
        return context.getRouteDefinitions().stream()
                .map(RouteDefinition::getId)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private List<String> idsSince(Set<String> before) {
        return ids().stream().filter(id -> !before.contains(id)).toList();
    }

    /** Removes everything that a file made. Exchanges in flight may finish within {@code edits.let-finish}. */
    void remove(Path file, List<String> routeIds) {
        long end = System.nanoTime() + letFinish.toNanos();
        // routes that take messages in stop before the routes that process them
        List<String> ordered = new ArrayList<>(routeIds);
        ordered.sort(Comparator.comparing(id -> isInner(context, id)));
        for (String id : ordered) {
            quietly("route=" + id, () -> stop(id, end));
        }
        for (String id : ordered) {
            quietly("route=" + id, () -> removeRoute(id));
        }
        if (RouteSources.isKamelet(file)
                && context.getRouteTemplateDefinition(RouteSources.kameletName(file)) != null) {
            quietly(
                    "file=" + file,
                    () -> context.removeRouteTemplateDefinition(
                            context.getRouteTemplateDefinition(RouteSources.kameletName(file))));
        }
        // not by removeRouteConfiguration: it keeps one without an id, and gives ids to the others, which then no
        // longer
        // apply (docs/reference/camel.md, "Hot reload")
        context.getRouteConfigurationDefinitions().removeAll(errorHandling.getOrDefault(file, List.of()));
        errorHandling.remove(file);
        kamelets.remove(file);
        ownership.release(file);
    }

    private static boolean isInner(CamelContext context, String id) {
        Route route = context.getRoute(id);
        return route == null || route.getEndpoint().getEndpointUri().matches("(kamelet|direct):.*");
    }

    private void stop(String id, long end) throws Exception {
        ServiceStatus status = context.getRouteController().getRouteStatus(id);
        if (status != null && (!status.isStopped() || RouteSupervision.isRestarting(context, id))) {
            long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
            context.getRouteController().stopRoute(id, left, TimeUnit.MILLISECONDS);
        }
    }

    private void removeRoute(String id) throws Exception {
        context.removeRoute(id);
        RouteDefinition definition = context.getRouteDefinition(id);
        if (definition != null) {
            context.removeRouteDefinition(definition);
        }
    }

    private static void quietly(String what, Removal removal) {
        try {
            removal.run();
        } catch (Exception e) {
            LOG.warn("{} The removal was not clean: {}", what, e.getMessage());
        }
    }

    private interface Removal {
        void run() throws Exception;
    }
}
