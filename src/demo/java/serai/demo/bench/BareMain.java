package serai.demo.bench;

import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;

/** Camel Main with the same components on its class path, one server, one Quartz route, and nothing of Serai. */
public final class BareMain {

    private BareMain() {}

    public static void main(String[] args) throws Exception {
        Main main = new Main();
        main.addInitialProperty("camel.server.enabled", "true");
        main.addInitialProperty("camel.server.port", args[0]);
        main.addInitialProperty("camel.main.routesIncludePattern", "false");
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("quartz:bare?cron=0+0+0+1+1+?+2090").routeId("bare").to("log:bare");
                from("platform-http:/").routeId("bare-page").setBody(constant("ok"));
            }
        });
        main.start();
        System.out.println("FIRST ROUTE " + System.currentTimeMillis());
        main.stop();
        System.exit(0);
    }
}
