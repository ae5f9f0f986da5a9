package serai;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import serai.command.CommandContext;
import serai.command.DoctorFinding;
import serai.settings.Setting;
import serai.settings.Settings;

/** The process itself: its folders, and the ports that it listens on. */
final class ProcessDiagnosis {

    private ProcessDiagnosis() {}

    static List<DoctorFinding> look(CommandContext context) {
        List<DoctorFinding> findings = new ArrayList<>();
        for (String folder : List.of("routes", "sql")) {
            findings.add(
                    Files.isDirectory(context.root().resolve(folder))
                                    && Files.isReadable(context.root().resolve(folder))
                            ? DoctorFinding.ok("folder " + folder, "it can be read")
                            : DoctorFinding.problem(
                                    "folder " + folder,
                                    "it is missing or cannot be read",
                                    "start Serai in the project's folder"));
        }
        Settings settings = context.settings();
        if (settings.get(SeraiSettings.SERVER_ENABLED)) {
            findings.add(port(
                    SeraiSettings.SERVER_PORT,
                    settings.get(SeraiSettings.SERVER_HOST),
                    settings.get(SeraiSettings.SERVER_PORT),
                    "/status.json"));
        }
        if (settings.get(SeraiSettings.MANAGEMENT_ENABLED)) {
            findings.add(port(
                    SeraiSettings.MANAGEMENT_PORT,
                    settings.get(SeraiSettings.MANAGEMENT_HOST),
                    settings.get(SeraiSettings.MANAGEMENT_PORT),
                    "/observe/health"));
        }
        return findings;
    }

    private static DoctorFinding port(Setting<Integer> setting, String host, int port, String path) {
        String check = "port " + port;
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, port));
            return DoctorFinding.ok(check, "it is free (" + setting.name() + ")");
        } catch (IOException e) {
            return isSerai(host, port, path)
                    ? DoctorFinding.ok(check, "a running Serai listens on it (" + setting.name() + ")")
                    : DoctorFinding.problem(
                            check,
                            "it cannot be used on " + host + ": " + e.getMessage(),
                            "end the program that uses it, or set " + setting.name());
        }
    }

    private static boolean isSerai(String host, int port, String path) {
        String reached = host.equals("0.0.0.0") ? "127.0.0.1" : host;
        try {
            String body = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://" + reached + ":" + port + path))
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            return body.contains("\"summary\"") || body.contains("\"status\"");
        } catch (IOException | IllegalArgumentException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
