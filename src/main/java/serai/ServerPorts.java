package serai;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import serai.settings.Setting;
import serai.settings.Settings;

/** The addresses that Serai serves. Camel only logs that it cannot have one, and then runs on without its server. */
final class ServerPorts {

    private ServerPorts() {}

    /** @throws IllegalStateException naming the setting, when something else listens on one of them */
    static void requireFree(Settings settings) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            if (settings.get(SeraiSettings.SERVER_ENABLED)) {
                sockets.add(bind(settings, SeraiSettings.SERVER_HOST, SeraiSettings.SERVER_PORT));
            }
            // the first is still bound: both may have the same port
            if (settings.get(SeraiSettings.MANAGEMENT_ENABLED)) {
                sockets.add(bind(settings, SeraiSettings.MANAGEMENT_HOST, SeraiSettings.MANAGEMENT_PORT));
            }
        } finally {
            sockets.forEach(ServerPorts::close);
        }
    }

    private static ServerSocket bind(Settings settings, Setting<String> host, Setting<Integer> port) {
        InetSocketAddress address = new InetSocketAddress(settings.get(host), settings.get(port));
        try {
            ServerSocket socket = new ServerSocket();
            socket.bind(address);
            return socket;
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "It cannot listen on " + settings.get(host) + ":" + settings.get(port) + " (" + e.getMessage()
                            + "). Choose another " + port.name() + " or " + host.name()
                            + ", or stop what listens there.",
                    e);
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("A port that was tried could not be given back", e);
        }
    }
}
