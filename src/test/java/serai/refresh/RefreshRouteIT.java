package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.Test;
import serai.room.RoomContext;
import serai.warehouse.TestWarehouse;
import serai.warehouse.Warehouse;

/** The route and the kamelet as an operator has them, on the project's own SQL files. */
class RefreshRouteIT {

    @Test
    void theTimerRefreshesTheStar() throws Exception {
        try (Warehouse warehouse = TestWarehouse.fresh();
                DefaultCamelContext context = new DefaultCamelContext()) {
            Properties settings = new Properties();
            settings.put("refresh.cron", "* * * * * ?");
            settings.put("refresh.lock-timeout", "1500ms");
            context.getPropertiesComponent().setInitialProperties(settings);
            context.getComponent("kamelet", KameletComponent.class).setLocation("file:routes/kamelets");
            try (RefreshRoom refresh = RefreshRoom.open(new RoomContext(context, warehouse, Path.of("")))) {
                assertThat(refresh.editableFiles().get(0).apply(ownFiles(refresh)))
                        .isEmpty();
                PluginHelper.getRoutesLoader(context)
                        .loadRoutes(PluginHelper.getResourceLoader(context)
                                .resolveResource("file:routes/refresh/refresh-star.camel.yaml"));
                context.start();
                await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> {
                    try (var c = warehouse.dataSource().getConnection();
                            var s = c.createStatement();
                            var r = s.executeQuery("select count(*) from meta.model_state where status = 'ok'")) {
                        r.next();
                        assertThat(r.getInt(1)).isEqualTo(14);
                    }
                });
                context.stop();
            }
        }
    }

    private static Map<Path, Optional<String>> ownFiles(RefreshRoom refresh) throws Exception {
        Map<Path, Optional<String>> files = new HashMap<>();
        try (Stream<Path> all = Files.walk(Path.of("sql"))) {
            for (Path file : all.filter(Files::isRegularFile)
                    .filter(refresh.editableFiles().get(0)::owns)
                    .toList()) {
                files.put(file, Optional.of(Files.readString(file)));
            }
        }
        return files;
    }
}
