package serai.edits;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that become routes. A batch of edits is tried in a {@link Rehearsal}; a file that fails there is refused, and the routes that
 * its last good text made go on running. Of the others only those restart that the batch concerns: the routes of a changed file, of a
 * changed kamelet, or all when the shared error handling changed.
 */
final class RouteFiles implements Editable {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);
    private static final long STOP_SECONDS = 30;

    private final ModelCamelContext live;
    private final List<RouteReader> readers;
    /** What the files say now, and what of it runs. */
    private final Map<Path, String> wanted = new TreeMap<>();
    private final Map<Path, Running> running = new TreeMap<>();

    /** A file's accepted text and the ids of all routes that it made, those of its kamelets too. */
    private record Running(String text, List<String> routeIds) {
    }

    RouteFiles(CamelContext live, List<RouteReader> readers) {
        this.live = (ModelCamelContext) live;
        // the supervising controller has switched it off for its own start; kamelets that come later then make their route twice
        live.setAutoStartup(true);
        this.readers = readers;
    }

    @Override
    public boolean owns(Path file) {
        return readers.stream().anyMatch(r -> r.owns(file));
    }

    @Override
    public List<Refusal> apply(Map<Path, Optional<String>> changes) {
        changes.forEach((file, text) -> text.ifPresentOrElse(t -> wanted.put(file, t), () -> wanted.remove(file)));
        Map<Path, Refusal> refused = new TreeMap<>();
        Map<Path, String> next = rehearsed(refused);
        swap(next, refused);
        return List.copyOf(refused.values());
    }

    /** The texts that shall run: those wanted, without the refused ones, for which the running text stays. */
    private Map<Path, String> rehearsed(Map<Path, Refusal> refused) {
        while (true) {
            Map<Path, String> candidate = candidate(refused.keySet());
            Map<Path, Refusal> found = rehearse(candidate);
            if (found.isEmpty()) {
                return candidate;
            }
            refused.putAll(found);
        }
    }

    private Map<Path, String> candidate(Set<Path> refused) {
        Map<Path, String> candidate = new TreeMap<>(wanted);
        for (Path file : refused) {
            Running old = running.get(file);
            if (old == null) {
                candidate.remove(file);
            } else {
                candidate.put(file, old.text());
            }
        }
        return candidate;
    }

    private Map<Path, Refusal> rehearse(Map<Path, String> candidate) {
        Map<Path, Refusal> found = new TreeMap<>();
        Set<Path> affected = affected(candidate);
        if (affected.isEmpty()) {
            return found;
        }
        try (Rehearsal rehearsal = Rehearsal.of(live)) {
            Map<String, Path> owners = new LinkedHashMap<>();
            running.forEach((file, r) -> {
                if (!affected.contains(file) && candidate.containsKey(file)) {
                    r.routeIds().forEach(id -> owners.put(id, file));
                }
            });
            for (Path file : inOrder(candidate.keySet(), candidate)) {
                boolean tried = affected.contains(file) || isShared(file, candidate.get(file));
                if (tried) {
                    try {
                        requireOwnIds(file, add(rehearsal.context(), file, candidate.get(file)), owners);
                    } catch (RefusedException e) {
                        found.put(culprit(file, candidate, e).file(), culprit(file, candidate, e));
                    }
                }
            }
        } catch (Exception e) {
            affected.stream().filter(f -> changed(f, candidate)).forEach(f -> found.put(f, CamelYaml.refused(f, e).refusal()));
        }
        return found;
    }

    /** A file that was not edited fails because of an edited kamelet or error handling: that one is to blame. */
    private Refusal culprit(Path file, Map<Path, String> candidate, RefusedException e) {
        if (changed(file, candidate)) {
            return e.refusal();
        }
        for (Path shared : candidate.keySet()) {
            if (isShared(shared, candidate.get(shared)) && changed(shared, candidate)
                    && (!CamelYaml.isKamelet(shared) || uses(candidate.get(file), shared, candidate))) {
                return new Refusal(shared, null, "with it, " + e.getMessage());
            }
        }
        return e.refusal();
    }

    private static void requireOwnIds(Path file, List<String> ids, Map<String, Path> owners) throws RefusedException {
        for (String id : ids) {
            Path other = owners.putIfAbsent(id, file);
            if (other != null && !other.equals(file)) {
                throw new RefusedException(file, null, "the route id '" + id + "' is taken by " + other + ". Give it another id.");
            }
        }
    }

    private void swap(Map<Path, String> next, Map<Path, Refusal> refused) {
        Set<Path> affected = affected(next);
        Map<Path, Running> before = new TreeMap<>(running);
        for (Path file : affected) {
            remove(file);
        }
        for (Path file : inOrder(affected, next)) {
            try {
                start(file, next.get(file));
            } catch (RefusedException e) {
                refused.put(file, e.refusal());
                restore(file, before.get(file));
            }
        }
    }

    private void start(Path file, String text) throws RefusedException {
        List<String> ids = add(live, file, text);
        running.put(file, new Running(text, ids));
        ids.forEach(this::startSupervised);
    }

    /**
     * The supervising controller starts what is there when Camel starts; what comes later it has to be told of. A kamelet's routes
     * were started with the kamelet.
     */
    private void startSupervised(String id) {
        RouteDefinition definition = live.getRouteDefinition(id);
        boolean manual = "false".equals(live.resolvePropertyPlaceholders(String.valueOf(definition.getAutoStartup())));
        if (manual || Boolean.TRUE.equals(definition.isKamelet())) {
            return;
        }
        try {
            live.getRouteController().startRoute(id);
        } catch (Exception e) {
            LOG.warn("route={} It does not start yet and will be tried again: {}", id, e.getMessage());
        }
    }

    private void restore(Path file, Running old) {
        if (old != null) {
            try {
                start(file, old.text());
            } catch (RefusedException e) {
                LOG.error("file={} The text that ran before does not start either: {}", file, e.getMessage());
            }
        }
    }

    /** Adds a file's routes and returns the ids of all that came with it; on a mistake none stay. */
    private List<String> add(ModelCamelContext context, Path file, String text) throws RefusedException {
        Set<String> before = ids(context);
        try {
            RoutesBuilder builder = reader(file).read(file, text);
            if (builder instanceof RouteBuilder routes) {
                routes.addLifecycleInterceptor(new KameletRouteIds());
            }
            context.addRoutes(builder);
            return ids(context).stream().filter(id -> !before.contains(id)).toList();
        } catch (RefusedException e) {
            throw e;
        } catch (Exception e) {
            removeRoutes(context, ids(context).stream().filter(id -> !before.contains(id)).toList());
            throw CamelYaml.refused(file, e);
        }
    }

    private RouteReader reader(Path file) {
        return readers.stream().filter(r -> r.owns(file)).findFirst().orElseThrow();
    }

    private void remove(Path file) {
        Running old = running.remove(file);
        if (old == null) {
            return;
        }
        removeRoutes(live, old.routeIds());
        if (CamelYaml.isKamelet(file)) {
            Optional.ofNullable(live.getRouteTemplateDefinition(kameletName(file))).ifPresent(t -> {
                try {
                    live.removeRouteTemplateDefinition(t);
                } catch (Exception e) {
                    LOG.warn("file={} The kamelet was not removed: {}", file, e.getMessage());
                }
            });
        }
        live.getRouteConfigurationDefinitions().stream()
                .filter(c -> c.getResource() != null && c.getResource().getLocation().equals("file:" + file)).toList()
                .forEach(c -> {
                    try {
                        live.removeRouteConfiguration(c);
                    } catch (Exception e) {
                        LOG.warn("file={} The error handling was not removed: {}", file, e.getMessage());
                    }
                });
    }

    /** Stops what brings messages in before what they go through, so that work under way can finish. */
    private static void removeRoutes(ModelCamelContext context, List<String> ids) {
        List<String> ordered = new ArrayList<>(ids);
        ordered.sort((a, b) -> Boolean.compare(isInner(context, a), isInner(context, b)));
        for (String id : ordered) {
            try {
                context.getRouteController().stopRoute(id, STOP_SECONDS, TimeUnit.SECONDS);
                context.removeRoute(id);
                RouteDefinition definition = context.getRouteDefinition(id);
                if (definition != null) {
                    context.removeRouteDefinition(definition);
                }
            } catch (Exception e) {
                LOG.warn("route={} It was not removed: {}", id, e.getMessage());
            }
        }
    }

    private static boolean isInner(CamelContext context, String id) {
        Route route = context.getRoute(id);
        return route == null || route.getEndpoint().getEndpointUri().matches("(kamelet|direct):.*");
    }

    private static Set<String> ids(ModelCamelContext context) {
        return context.getRouteDefinitions().stream().map(RouteDefinition::getId).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The files whose routes have to restart, and those that go. */
    private Set<Path> affected(Map<Path, String> next) {
        Set<Path> all = new TreeSet<>(next.keySet());
        all.addAll(running.keySet());
        Set<Path> changed = all.stream().filter(f -> changed(f, next)).collect(Collectors.toCollection(TreeSet::new));
        boolean configuration = changed.stream().anyMatch(f -> isConfiguration(next.get(f)) || isConfiguration(text(f)));
        Set<Path> affected = new TreeSet<>(changed);
        for (Path file : all) {
            String text = next.getOrDefault(file, "");
            if (configuration && !CamelYaml.isKamelet(file)
                    || changed.stream().anyMatch(k -> CamelYaml.isKamelet(k) && uses(text, k, next))) {
                affected.add(file);
            }
        }
        return affected;
    }

    private boolean changed(Path file, Map<Path, String> next) {
        String text = next.get(file);
        return text == null ? running.containsKey(file) : !text.equals(text(file));
    }

    private String text(Path file) {
        Running r = running.get(file);
        return r == null ? null : r.text();
    }

    /** Whether a text uses a kamelet, by itself or through another kamelet. */
    private static boolean uses(String text, Path kamelet, Map<Path, String> files) {
        return uses(text, kameletName(kamelet), files, new TreeSet<>());
    }

    private static boolean uses(String text, String kamelet, Map<Path, String> files, Set<String> visited) {
        if (mentions(text, kamelet)) {
            return true;
        }
        for (Map.Entry<Path, String> other : files.entrySet()) {
            String name = kameletName(other.getKey());
            if (CamelYaml.isKamelet(other.getKey()) && mentions(text, name) && visited.add(name)
                    && uses(other.getValue(), kamelet, files, visited)) {
                return true;
            }
        }
        return false;
    }

    private static boolean mentions(String text, String kamelet) {
        return Pattern.compile("kamelet:" + Pattern.quote(kamelet) + "(?![\\w-])").matcher(text).find();
    }

    private static String kameletName(Path file) {
        return file.getFileName().toString().replaceAll("\\.kamelet\\.yaml$", "");
    }

    private static boolean isConfiguration(String text) {
        return text != null && text.contains("routeConfiguration:");
    }

    private static boolean isShared(Path file, String text) {
        return CamelYaml.isKamelet(file) || isConfiguration(text);
    }

    /** Error handling first, then kamelets, then routes: each is there before what needs it. */
    private static List<Path> inOrder(Collection<Path> files, Map<Path, String> texts) {
        List<Path> ordered = new ArrayList<>(files.stream().filter(texts::containsKey).toList());
        ordered.sort((a, b) -> Integer.compare(rank(a, texts.get(a)), rank(b, texts.get(b))));
        return ordered;
    }

    private static int rank(Path file, String text) {
        return isConfiguration(text) ? 0 : CamelYaml.isKamelet(file) ? 1 : 2;
    }
}
