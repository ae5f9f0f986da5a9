package serai.demo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import serai.demo.SeraiProcess;

/**
 * What the runnable jar costs that has nothing to do: the project's models, page and timers with the embedded
 * warehouse, without an import, a rule or a refresh. Arguments: {@code seconds before it is measured:seconds that are
 * measured}, such as {@code 300:60}; the JVM compiles what it runs for some minutes.
 */
final class Idle {

    private static final String USUAL = "300:60";
    private final Path folder = Path.of("target", "bench", "idle").toAbsolutePath();

    void run(String arguments) throws Exception {
        int[] seconds = Arrays.stream((arguments.isEmpty() ? USUAL : arguments).split(":"))
                .mapToInt(Integer::parseInt)
                .toArray();
        FileUtils.deleteDirectory(folder.toFile());
        project();
        Map<String, String> settings = Map.of(
                "warehouse.embedded.port", String.valueOf(SeraiProcess.freePort()), "refresh.cron", "0 0 0 1 1 ? 2090");
        try (SeraiProcess serai = Bench.startJar(folder, settings)) {
            TimeUnit.SECONDS.sleep(seconds[0]);
            serai.requireAlive();
            measure(serai.pid(), postmaster(), seconds[1]);
        }
    }

    private static void measure(long serai, ProcessHandle server, int seconds) throws Exception {
        long begun = System.nanoTime();
        double own = Processes.cpuSeconds(serai);
        double servers = Processes.familyCpuSeconds(server);
        TimeUnit.SECONDS.sleep(seconds);
        own = Processes.cpuSeconds(serai) - own;
        servers = Processes.familyCpuSeconds(server) - servers;
        double millis = 1e-6 * (System.nanoTime() - begun);
        Bench.figure("idle.cpu-ms-a-second", own * 1e6 / millis, "ms");
        Bench.figure("idle.server-cpu-ms-a-second", servers * 1e6 / millis, "ms");
        double memory = Processes.residentMegabytes(serai, "VmRSS");
        double serverMemory = Processes.familyMegabytes(server);
        Bench.figure("idle.memory", memory, "MB");
        Bench.figure("idle.server-memory", serverMemory, "MB");
        Bench.figure("idle.memory-together", memory + serverMemory, "MB");
    }

    private void project() throws IOException {
        for (String part : new String[] {"sql", "routes"}) {
            FileUtils.copyDirectory(Path.of(part).toFile(), folder.resolve(part).toFile());
        }
        for (String part : new String[] {"load", "alerts"}) {
            FileUtils.deleteDirectory(folder.resolve("routes").resolve(part).toFile());
        }
        Files.copy(Path.of("application.properties"), folder.resolve("application.properties"));
    }

    private ProcessHandle postmaster() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            Path file = files.filter(path -> path.endsWith("postmaster.pid"))
                    .findFirst()
                    .orElseThrow();
            return ProcessHandle.of(Long.parseLong(Files.readAllLines(file).get(0)))
                    .orElseThrow();
        }
    }
}
