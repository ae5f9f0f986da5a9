package serai.show;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import serai.room.RoomContext;
import serai.warehouse.Warehouse;

/** The room as it runs: the real route files and kamelets in a Camel Main with its HTTP server. */
final class RunningShow implements AutoCloseable {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Main main = new Main();
    private final int port = freePort();
    private final int managementPort = freePort();
    private ShowRoom show;

    RunningShow(Warehouse warehouse) throws IOException {
        main.bind("platform-http-engine", new VertxPlatformHttpEngine() {
            // with a management server beside it, the engine does not know which of the two is meant
            @Override
            public int getServerPort() {
                return port;
            }
        });
        main.addInitialProperty("camel.main.routesIncludePattern", "file:routes/show/*.camel.yaml");
        main.addInitialProperty("camel.component.kamelet.location", "file:routes/kamelets");
        main.addInitialProperty("camel.server.enabled", "true");
        main.addInitialProperty("camel.server.host", "127.0.0.1");
        main.addInitialProperty("camel.server.port", String.valueOf(port));
        main.addInitialProperty("camel.management.host", "127.0.0.1");
        main.addInitialProperty("camel.management.port", String.valueOf(managementPort));
        main.addInitialProperty("camel.main.shutdownTimeout", "5");
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport starting) {
                show = ShowRoom.open(new RoomContext(starting.getCamelContext(), warehouse, Path.of("")));
            }
        });
        main.start();
    }

    URI at(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return send(method, at(path));
    }

    /** What the management port says. */
    String observed(String path) throws IOException, InterruptedException {
        return send("GET", URI.create("http://127.0.0.1:" + managementPort + path))
                .body();
    }

    private HttpResponse<String> send(String method, URI address) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(address)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    CamelContext context() {
        return main.getCamelContext();
    }

    @Override
    public void close() {
        main.stop();
        show.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
