package serai.edits;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The texts of the route files, and which file depends on which: a route on its kamelets, all routes on the shared
 * error handling.
 */
record RouteSources(Map<Path, String> byFile) {

    private static final String KAMELET = ".kamelet.yaml";

    RouteSources(Map<Path, String> byFile) {
        this.byFile = Collections.unmodifiableMap(new TreeMap<>(byFile));
    }

    Set<Path> files() {
        return byFile.keySet();
    }

    /** A file's text, or null when there is no such file. */
    String text(Path file) {
        return byFile.get(file);
    }

    boolean differs(Path file, RouteSources other) {
        return !Objects.equals(text(file), other.text(file));
    }

    /** The files whose routes have to restart or to be removed when these texts replace the running ones. */
    Set<Path> restarting(RouteSources running) {
        Set<Path> all = new TreeSet<>(files());
        all.addAll(running.files());
        Map<Boolean, List<Path>> changed =
                all.stream().collect(Collectors.partitioningBy(file -> differs(file, running)));
        Set<Path> restarting = new TreeSet<>(changed.get(true));
        for (Path file : changed.get(false)) {
            if (changed.get(true).stream().anyMatch(c -> dependsOn(file, c) || running.dependsOn(file, c))) {
                restarting.add(file);
            }
        }
        return restarting;
    }

    /** Whether the routes of a file use what another file defines. */
    boolean dependsOn(Path file, Path shared) {
        String text = text(file);
        if (text == null || file.equals(shared)) {
            return false;
        }
        return isKamelet(shared)
                ? uses(text, kameletName(shared), new TreeSet<>())
                : !isKamelet(file) && hasErrorHandling(shared);
    }

    /** Directly or through another kamelet. */
    private boolean uses(String text, String kamelet, Set<String> visited) {
        return mentions(text, kamelet)
                || files().stream().filter(RouteSources::isKamelet).anyMatch(other -> {
                    String name = kameletName(other);
                    return mentions(text, name) && visited.add(name) && uses(text(other), kamelet, visited);
                });
    }

    private static boolean mentions(String text, String kamelet) {
        return Pattern.compile("kamelet:\\s*(name:\\s*)?[\"']?" + Pattern.quote(kamelet) + "(?![\\w-])")
                .matcher(text)
                .find();
    }

    /** Error handling first, then kamelets, then routes: each file comes before those that need it. */
    List<Path> inOrder(Collection<Path> some) {
        return some.stream()
                .filter(byFile::containsKey)
                .sorted(Comparator.<Path>comparingInt(f -> hasErrorHandling(f) ? 0 : isKamelet(f) ? 1 : 2)
                        .thenComparing(f -> f))
                .toList();
    }

    boolean hasErrorHandling(Path file) {
        return text(file) != null && text(file).contains("routeConfiguration:");
    }

    static boolean isKamelet(Path file) {
        return file.toString().endsWith(KAMELET);
    }

    static String kameletName(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - KAMELET.length());
    }
}
