package serai.watch;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import serai.warehouse.TestWarehouse;
import serai.warehouse.Warehouse;

/** The room in a process of its own, for tests that kill it. Arguments: folder, JDBC address, webhook. */
public final class OutboxChild {

    private OutboxChild() {}

    public static void main(String[] args) throws Exception {
        Warehouse warehouse = Warehouse.open(TestWarehouse.settings(args[1]));
        RunningWatch.start(
                Path.of(args[0]), warehouse, "watch.slack-webhook", args[2], "watch.elasticsearch", "127.0.0.1:9");
        System.out.println("running");
        new CountDownLatch(1).await();
    }
}
