package serai.show;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A headless Chromium that opens an address, lets its own clock run ahead, and hands back the document as it then is.
 */
final class Browser {

    private static final List<String> PROGRAMS =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path folder;

    /** @param folder an empty one, for the browser's profile */
    Browser(Path folder) {
        this.folder = folder;
    }

    /** The document's HTML after this much of the page's own time; waiting costs none of ours. */
    String open(URI address, Duration pageTime) throws IOException, InterruptedException {
        Path dom = folder.resolve("dom.html");
        Process process = new ProcessBuilder(
                        program(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--disable-dev-shm-usage",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--virtual-time-budget=" + pageTime.toMillis(),
                        "--dump-dom",
                        address.toString())
                .redirectOutput(dom.toFile())
                .redirectError(folder.resolve("stderr.txt").toFile())
                .start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("Chromium did not finish: " + Files.readString(folder.resolve("stderr.txt")));
        }
        return Files.readString(dom, StandardCharsets.UTF_8);
    }

    private static String program() {
        return Stream.concat(Stream.ofNullable(System.getProperty("serai.chromium")), PROGRAMS.stream())
                .filter(p -> Files.isExecutable(Path.of(p)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "This test opens the page in a browser. Install it: apt-get install chromium"));
    }
}
