package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.Test;
import serai.edits.EditableFiles;
import serai.room.RoomContext;
import serai.warehouse.Sql;
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
                EditableFiles files = refresh.editableFiles().get(0);
                assertThat(files.apply(RefreshFixture.projectFiles(files))).isEmpty();
                PluginHelper.getRoutesLoader(context)
                        .loadRoutes(PluginHelper.getResourceLoader(context)
                                .resolveResource("file:routes/refresh/refresh-star.camel.yaml"));
                context.start();
                await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> {
                    try (Connection connection = warehouse.dataSource().getConnection()) {
                        assertThat(Sql.on(connection)
                                        .first(
                                                "select count(*) from meta.model_state where status = 'ok'",
                                                row -> row.number("count")))
                                .hasValue(14L);
                    }
                });
                context.stop();
            }
        }
    }
}
