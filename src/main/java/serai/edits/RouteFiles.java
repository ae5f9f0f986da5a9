package serai.edits;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that become routes. A batch of edits is tried in a {@link RouteDryRun}. A file that fails there is refused,
 * and the routes of its last accepted text keep running. Only the routes that the batch concerns restart: those of a
 * changed file, those that use a changed kamelet, or all when the shared error handling changed.
 */
final class RouteFiles implements EditableFiles {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);

    private final ModelCamelContext context;
    private final List<RouteReader> readers;
    private final List<RouteClaims> claims;
    private final Duration letFinish;
    private final RouteInstaller live;
    private final RouteLeases leases;
    /** Made with the first batch, because it changes a context that runs. */
    private RouteSupervision supervision;

    /** The current text of each file, accepted or not. */
    private final Map<Path, String> wanted = new TreeMap<>();

    /** What runs of each file. */
    private final Map<Path, Running> running = new TreeMap<>();

    /**
     * @param text the accepted text
     * @param routeIds all routes that it made, its kamelets' routes included
     */
    private record Running(String text, List<String> routeIds) {}

    /**
     * @param leases of routes that run on one instance; null for a check, which starts none
     * @param readers for files other than Camel's YAML
     * @param claims what routes take for themselves
     * @param letFinish how long exchanges in flight of a route that is removed may take
     */
    RouteFiles(
            CamelContext context,
            RouteLeases leases,
            List<RouteReader> readers,
            List<RouteClaims> claims,
            Duration letFinish) {
        this.claims = claims;
        this.leases = leases;
        RouteInput.bindPolicies(context);
        this.letFinish = letFinish;
        this.context = (ModelCamelContext) context;
        this.readers = readers;
        this.live = new RouteInstaller(this.context, readers, new RouteOwnership(claims), letFinish);
    }

    @Override
    public boolean owns(Path file) {
        return live.owns(file);
    }

    @Override
    public List<Refusal> apply(Map<Path, Optional<String>> changes) {
        if (supervision == null) {
            supervision = new RouteSupervision(context, leases);
        }
        changes.forEach((file, text) -> text.ifPresentOrElse(t -> wanted.put(file, t), () -> wanted.remove(file)));
        Map<Path, Refusal> refused = new TreeMap<>();
        RouteSources next = acceptable(refused);
        replace(next, refused);
        return List.copyOf(refused.values());
    }

    @Override
    public List<Refusal> check(Map<Path, String> texts) {
        List<Refusal> refused = new ArrayList<>();
        RouteSources sources = new RouteSources(texts);
        try (RouteDryRun dryRun = RouteDryRun.of(context)) {
            RouteInstaller trial = new RouteInstaller(dryRun.context(), readers, new RouteOwnership(claims), letFinish);
            for (Path file : sources.inOrder(texts.keySet())) {
                try {
                    trial.add(file, texts.get(file));
                } catch (EditRefusedException e) {
                    refused.add(e.refusal());
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException("Routes cannot be tried: " + e.getMessage(), e);
        }
        return refused;
    }

    private RouteSources runningSources() {
        Map<Path, String> texts = new HashMap<>();
        running.forEach((file, r) -> texts.put(file, r.text()));
        return new RouteSources(texts);
    }

    /** The texts to run: the wanted ones, but for a refused file the text that runs now. Adds to the refusals. */
    private RouteSources acceptable(Map<Path, Refusal> refused) {
        RouteSources old = runningSources();
        while (true) {
            Map<Path, String> texts = new HashMap<>(wanted);
            for (Path file : refused.keySet()) {
                if (old.text(file) == null) {
                    texts.remove(file);
                } else {
                    texts.put(file, old.text(file));
                }
            }
            RouteSources next = new RouteSources(texts);
            Map<Path, Refusal> found = dryRun(next, old);
            if (found.isEmpty()) {
                return next;
            }
            if (refused.keySet().containsAll(found.keySet())) {
                // texts that run now fail as well, so the reason is outside the files: nothing changes
                wanted.keySet()
                        .forEach(f ->
                                refused.putIfAbsent(f, found.values().iterator().next()));
                return old;
            }
            found.forEach(refused::putIfAbsent);
        }
    }

    private Map<Path, Refusal> dryRun(RouteSources next, RouteSources old) {
        Map<Path, Refusal> found = new TreeMap<>();
        if (running.isEmpty()) {
            // at a start there is nothing that a broken file could stop: it is refused when it is added
            return found;
        }
        Set<Path> restarting = next.restarting(old);
        if (next.files().stream().noneMatch(restarting::contains)) {
            return found;
        }
        long begun = System.nanoTime();
        try (RouteDryRun dryRun = RouteDryRun.of(context)) {
            Set<Path> needed = new TreeSet<>(restarting);
            next.files().stream()
                    .filter(s -> restarting.stream().anyMatch(f -> next.dependsOn(f, s)))
                    .forEach(needed::add);
            RouteInstaller trial = new RouteInstaller(
                    dryRun.context(), readers, live.ownership().without(needed), letFinish);
            for (Path file : next.inOrder(needed)) {
                try {
                    trial.add(file, next.text(file));
                } catch (EditRefusedException e) {
                    Refusal refusal = blamed(file, e, next, old);
                    found.putIfAbsent(refusal.file(), refusal);
                }
            }
            LOG.debug(
                    "tried={} refused={} millis={}",
                    needed.size(),
                    found.size(),
                    (System.nanoTime() - begun) / 1_000_000);
        } catch (Exception e) {
            LOG.error("The edits could not be tried", e);
            restarting.stream()
                    .filter(f -> next.differs(f, old))
                    .forEach(f -> found.put(f, new Refusal(f, null, "the file could not be tried: " + e.getMessage())));
        }
        return found;
    }

    /** When a file fails that was not edited, the refusal belongs to the edited kamelet or error handling it uses. */
    private static Refusal blamed(Path file, EditRefusedException e, RouteSources next, RouteSources old) {
        if (!next.differs(file, old)) {
            for (RouteSources side : List.of(next, old)) {
                for (Path shared : side.files()) {
                    if (next.differs(shared, old) && side.dependsOn(file, shared)) {
                        String why = next.text(shared) == null
                                ? "the file was removed, but is needed: "
                                : "with this text, ";
                        return new Refusal(shared, null, why + e.getMessage());
                    }
                }
            }
        }
        return e.refusal();
    }

    private void replace(RouteSources next, Map<Path, Refusal> refused) {
        RouteSources old = runningSources();
        Set<Path> restarting = next.restarting(old);
        Map<Path, Running> before = new TreeMap<>(running);
        for (Path file : restarting) {
            Running gone = running.remove(file);
            if (gone != null) {
                // a route that was stopped by hand stays stopped, unless its own file is edited
                supervision.removing(gone.routeIds(), !next.differs(file, old));
                live.remove(file, gone.routeIds());
                supervision.removed(gone.routeIds());
            }
        }
        for (Path file : next.inOrder(restarting)) {
            try {
                start(file, next.text(file));
            } catch (EditRefusedException e) {
                refused.put(file, e.refusal());
                restore(file, before.get(file));
            }
        }
    }

    private void start(Path file, String text) throws EditRefusedException {
        List<String> ids = live.add(file, text);
        running.put(file, new Running(text, ids));
        ids.forEach(supervision::start);
    }

    private void restore(Path file, Running old) {
        if (old != null) {
            try {
                start(file, old.text());
            } catch (EditRefusedException e) {
                LOG.error("file={} The text that ran before does not start again either: {}", file, e.getMessage());
            }
        }
    }
}
