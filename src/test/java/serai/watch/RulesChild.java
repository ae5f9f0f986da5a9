package serai.watch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import serai.warehouse.TestWarehouse;
import serai.warehouse.Warehouse;

/**
 * The room in a process of its own that runs the rules of a folder. Arguments: folder, JDBC address, Elasticsearch's
 * address, and further settings by name and value in turn.
 */
public final class RulesChild {

    private RulesChild() {}

    public static void main(String[] args) throws Exception {
        Warehouse warehouse = Warehouse.open(TestWarehouse.settings(args[1]));
        // nobody takes messages: what matters here is what is queued
        List<String> settings = new ArrayList<>(List.of(
                "watch.slack-webhook",
                "http://127.0.0.1:9/services/T0/B0/none",
                "watch.elasticsearch",
                args[2],
                "watch.run-every",
                "1s"));
        settings.addAll(Arrays.asList(args).subList(3, args.length));
        RunningWatch.start(Path.of(args[0]), warehouse, settings.toArray(String[]::new));
        System.out.println("running");
        new CountDownLatch(1).await();
    }
}
