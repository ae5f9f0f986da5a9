package serai.refresh;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import serai.edits.EditRefusedException;
import serai.edits.Refusal;

/**
 * Which edits can take effect together. All are tried at once; while something is wrong, the edit that is to blame is
 * taken back and the rest is tried again, so two edits that need each other go through and a wrong one does not hold up
 * the others.
 *
 * @param accepted what is in effect now
 * @param catalog the same, in order
 * @param refusals the edits that were taken back, with the reason
 */
record EditBatch(Map<Path, CatalogEntry> accepted, Catalog catalog, List<Refusal> refusals) {

    /** Says whether entries go together. */
    interface Judge {
        /** @throws EditRefusedException the first mistake */
        Catalog judge(Collection<CatalogEntry> entries) throws EditRefusedException, SQLException;
    }

    /**
     * @param before what was in effect
     * @param edits the new entry of each edited file, or empty for a file that is gone
     * @param refusals those that are refused already
     */
    static EditBatch of(
            Map<Path, CatalogEntry> before,
            Map<Path, Optional<CatalogEntry>> edits,
            List<Refusal> refusals,
            Judge judge)
            throws SQLException {
        Map<Path, CatalogEntry> tried = new TreeMap<>(before);
        Map<Path, Optional<CatalogEntry>> open = new TreeMap<>(edits);
        edits.forEach((file, entry) -> put(tried, file, entry));
        List<Refusal> all = new ArrayList<>(refusals);
        while (true) {
            try {
                return new EditBatch(tried, judge.judge(tried.values()), all);
            } catch (EditRefusedException e) {
                for (Refusal refusal : blame(e.refusal(), tried, before, open)) {
                    all.add(refusal);
                    boolean edited = open.remove(refusal.file()) != null;
                    // a file that was right and is wrong without any edit (a landing table changed) is no longer in
                    // effect
                    put(
                            tried,
                            refusal.file(),
                            edited ? Optional.ofNullable(before.get(refusal.file())) : Optional.empty());
                }
            }
        }
    }

    private static void put(Map<Path, CatalogEntry> entries, Path file, Optional<CatalogEntry> entry) {
        entry.ifPresentOrElse(e -> entries.put(file, e), () -> entries.remove(file));
    }

    private static List<Refusal> blame(
            Refusal mistake,
            Map<Path, CatalogEntry> tried,
            Map<Path, CatalogEntry> before,
            Map<Path, Optional<CatalogEntry>> open) {
        if (open.containsKey(mistake.file())) {
            return List.of(mistake);
        }
        Set<String> beneath = beneath(tried.get(mistake.file()), tried.values(), before.values());
        List<Refusal> blamed = open.keySet().stream()
                .filter(file -> beneath.contains(nameOf(file)))
                .map(file -> new Refusal(
                        file,
                        null,
                        "it would break " + mistake.file() + (mistake.line() == null ? "" : ":" + mistake.line()) + ": "
                                + mistake.reason() + ". Change both, in any order"))
                .toList();
        return blamed.isEmpty() ? List.of(mistake) : blamed;
    }

    private static Set<String> beneath(
            CatalogEntry entry, Collection<CatalogEntry> tried, Collection<CatalogEntry> before) {
        Map<String, List<CatalogEntry>> byName =
                new ArrayList<>(tried).stream().collect(Collectors.groupingBy(CatalogEntry::name));
        before.forEach(
                e -> byName.computeIfAbsent(e.name(), n -> new ArrayList<>()).add(e));
        Set<String> found = new TreeSet<>(entry.reads());
        List<String> open = new ArrayList<>(found);
        while (!open.isEmpty()) {
            for (CatalogEntry upstream : byName.getOrDefault(open.remove(0), List.of())) {
                upstream.reads().stream().filter(found::add).forEach(open::add);
            }
        }
        return found;
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString().replaceFirst("\\.(sql|csv)$", "");
    }
}
