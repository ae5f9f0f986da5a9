package serai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every page: its form, its links, and the names that it mentions. */
class PagesTest {

    private static final int LONGEST_LINE = 120;
    private static final int LONGEST_README = 120;
    /** How blocks are checked, by the class that does it; a drawing is looked at by people. */
    private static final Set<String> MARKS = Set.of("file", "example", "instead", "command", "sql", "drawing");

    private static final Pattern CITATION = Pattern.compile("docs/[\\w/.-]+\\.md(?:,\\s*(?:\\*\\s*)?\"([^\"]+)\")?");
    private static final Pattern CLASS = Pattern.compile("([A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+)(?:\\..*)?");
    /** Classes of other programs. */
    private static final Set<String> FOREIGN = Set.of(
            "VertxPlatformHttpEngine",
            "LinkedHashMap",
            "OutOfMemoryError",
            "TimeEnhancement",
            "ElastAlert",
            "JdbcClient",
            "ClusteredRoutePolicy");

    static List<Page> pages() {
        return Page.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyBlockNamesItsCheck(Page page) {
        assertThat(page.blocks())
                .allSatisfy(
                        block -> assertThat(block.mark()).as(block.toString()).isIn(MARKS));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linesOfProseFitOnAScreen(Page page) {
        boolean readme = page.file().equals(Path.of("README.md"));
        assertThat(page.prose())
                .filteredOn(line -> readme || !line.startsWith("|"))
                .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(LONGEST_LINE));
    }

    @Test
    void theReadmeIsShort() {
        assertThat(Page.read(Path.of("README.md")).lines()).hasSizeLessThanOrEqualTo(LONGEST_README);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsSomewhere(Page page) {
        Path folder = page.file().toAbsolutePath().getParent();
        for (String link : page.links()) {
            if (link.matches("[a-z]+:.*")) {
                continue;
            }
            String[] parts = link.split("#", 2);
            Path target = parts[0].isEmpty()
                    ? page.file().toAbsolutePath()
                    : folder.resolve(parts[0]).normalize();
            assertThat(target).as(page + ": " + link).exists();
            if (parts.length == 2) {
                assertThat(Page.read(target).anchors()).as(page + ": " + link).contains(parts[1]);
            }
        }
    }

    @Test
    void everyPageCanBeReachedFromTheReadme() {
        Set<Path> reached = new TreeSet<>();
        List<Path> open = new ArrayList<>(List.of(Path.of("README.md")));
        while (!open.isEmpty()) {
            Path file = open.remove(0);
            if (reached.add(file)) {
                for (String link : Page.read(file).links()) {
                    Path parent = file.getParent() == null ? Path.of("") : file.getParent();
                    Path target = parent.resolve(link.split("#", 2)[0]).normalize();
                    if (target.toString().endsWith(".md") && Files.exists(target)) {
                        open.add(target);
                    }
                }
            }
        }
        List<Path> all = pages().stream().map(Page::file).toList();
        assertThat(reached).containsAll(all);
    }

    @Test
    void everySectionThatTheCodeCitesIsThere() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path file : sources()) {
            String text = Files.readString(file, StandardCharsets.UTF_8).replaceAll("\\R\\s*(?:\\*|//|#|--)?\\s*", " ");
            Matcher citation = CITATION.matcher(text);
            while (citation.find()) {
                Path cited = Path.of(citation.group().split(",", 2)[0]);
                if (!Files.exists(cited)
                        || citation.group(1) != null
                                && !Page.read(cited).sections().contains(citation.group(1))) {
                    wrong.add(file + ": " + citation.group());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyClassAndPackageThatItNamesIsThere(Page page) throws IOException {
        Set<String> classes = new TreeSet<>();
        for (Path file : sources()) {
            classes.add(file.getFileName().toString().replaceFirst("\\.\\w+$", ""));
        }
        for (String code : page.codes()) {
            Matcher name = CLASS.matcher(code);
            if (name.matches() && !FOREIGN.contains(name.group(1))) {
                assertThat(classes).as(page + ": " + code).contains(name.group(1));
            }
            if (code.matches("serai(\\.[a-z0-9]+)+(\\.[A-Z]\\w*)?") && !code.equals("serai.jar")) {
                String path = code.replace('.', '/');
                assertThat(Stream.of("src/main/java/", "src/demo/java/", "src/test/java/")
                                .anyMatch(root -> Files.isDirectory(Path.of(root + path))
                                        || Files.exists(Path.of(root + path + ".java"))))
                        .as(page + ": " + code)
                        .isTrue();
            }
        }
    }

    @Test
    void theTableOfPackagesIsThatOfTheCode() throws IOException {
        Set<String> packages = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> Path.of("src/main/java")
                            .relativize(file.getParent())
                            .toString()
                            .replace('/', '.'))
                    .forEach(packages::add);
        }
        List<String> named = Page.read(Path.of("docs/architecture.md")).prose().stream()
                .filter(line -> line.startsWith("| `serai"))
                .map(line -> line.split("`")[1])
                .toList();
        // a package without classes of its own is named for those below it
        Set<String> known = new TreeSet<>(named);
        known.remove("serai.watch");
        packages.remove("serai.watch");
        assertThat(known).isEqualTo(packages);
    }

    @ParameterizedTest
    @CsvSource({"docs/page.md, States, serai.status.Condition", "docs/models.md, Kinds, serai.refresh.ModelKind"})
    void aTableOfConstantsIsThatOfTheCode(Path page, String section, String type) throws Exception {
        List<String> named = Page.read(page).rows(section).stream()
                .map(row -> row.split("\\|")[1].replace("`", "").strip().toUpperCase(Locale.ROOT))
                .toList();
        List<String> constants = Stream.of(Class.forName(type).getEnumConstants())
                .map(constant -> ((Enum<?>) constant).name())
                // not a kind that a header can name
                .filter(name -> !name.equals("SEED"))
                .toList();
        assertThat(named).isEqualTo(constants);
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String root : List.of("src", "routes", "sql")) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                files.filter(file -> file.toString().matches(".*\\.(java|yaml|sql|properties|mustache)"))
                        .forEach(sources::add);
            }
        }
        return sources;
    }
}
