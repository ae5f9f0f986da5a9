package serai.demo.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The runnable jar in a process of its own, as the README starts it. */
final class SeraiJar implements AutoCloseable {

    /** The JVM options that the README recommends. */
    static final List<String> OPTIONS =
            List.of("-Xms48m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:MinHeapFreeRatio=20", "-XX:MaxHeapFreeRatio=40");

    private final Process process;
    final Path log;
    /** Where {@code /observe/metrics} is. */
    final int managementPort;

    private SeraiJar(Process process, Path log, int managementPort) {
        this.process = process;
        this.log = log;
        this.managementPort = managementPort;
    }

    static SeraiJar start(Path folder, Map<String, String> settings) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(OPTIONS);
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-Dcamel.server.port=" + freePort());
        int management = freePort();
        command.add("-Dcamel.management.port=" + management);
        command.addAll(
                List.of("-jar", Path.of("target", "serai.jar").toAbsolutePath().toString()));
        Path log = folder.resolve("serai.log");
        return new SeraiJar(
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start(),
                log,
                management);
    }

    /** What the process has used of the processor. */
    double cpuSeconds() throws IOException {
        return Processes.cpuSeconds(process.pid());
    }

    /** Resident memory in MB, the most that it was ({@code VmHWM}) or now ({@code VmRSS}). */
    double residentMegabytes(String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith(field + ":")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IllegalStateException("no " + field + " of process " + process.pid());
    }

    void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("Serai ended:\n" + Files.readString(log));
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
