package serai;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Serai in a JVM of its own, to be killed. */
public final class SeraiProcess implements AutoCloseable {

    private final Process process;
    private final Path log;

    private SeraiProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts the real main class in a folder that holds {@code routes} and {@code sql}.
     *
     * @param settings given as system properties, which go before {@code application.properties}
     */
    public static SeraiProcess start(Path folder, Map<String, String> settings) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-Dcamel.server.port=" + freePort());
        command.add("-Dcamel.management.port=" + freePort());
        command.add("serai.Serai");
        if (!Files.exists(folder.resolve("application.properties"))) {
            Files.copy(Path.of("application.properties"), folder.resolve("application.properties"));
        }
        Path log = folder.resolve("serai.log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new SeraiProcess(process, log);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has logged, of all processes in this folder. */
    public String log() throws IOException {
        return Files.readString(log);
    }

    /** As kill -9. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The process survived kill -9");
        }
    }

    /** As an operator stops it. */
    public int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The process did not stop");
        }
        return process.exitValue();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws Exception {
        kill();
    }
}
