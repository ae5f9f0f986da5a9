package serai.watch;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

import serai.warehouse.TestWarehouse;
import serai.warehouse.Warehouse;

/** The room in a process of its own that runs the rules of a folder. Arguments: folder, JDBC address, Elasticsearch's address. */
public final class RulesChild {

    private RulesChild() {
    }

    public static void main(String[] args) throws Exception {
        Warehouse warehouse = Warehouse.open(TestWarehouse.settings(args[1]));
        // nobody takes messages: what matters here is what is queued
        RunningWatch.start(Path.of(args[0]), warehouse, "watch.slack-webhook", "http://127.0.0.1:9/services/T0/B0/none",
                "watch.elasticsearch", args[2], "watch.run-every", "1s");
        System.out.println("running");
        new CountDownLatch(1).await();
    }
}
