package serai.edits;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PropertyBindingSupport;

/**
 * A second Camel context in which edited routes are tried before they run. It has the beans, settings and component
 * options of the live context, but no consumer starts. Camel's own reload stops the old routes before it knows whether
 * the new text is valid (docs/reference/camel.md, "Hot reload").
 */
final class RouteDryRun implements AutoCloseable {

    private static final String COMPONENT = "camel.component.";
    private static final AtomicLong COUNT = new AtomicLong();

    private final DefaultCamelContext context;

    private RouteDryRun(DefaultCamelContext context) {
        this.context = context;
    }

    static RouteDryRun of(CamelContext live) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext(false);
        context.getCamelContextExtension().setName("dry-run");
        context.getCamelContextExtension().setRegistry(new DefaultRegistry(live.getRegistry()));
        context.disableJMX();
        context.setAutoStartup(false);
        context.setStartupSummaryLevel(StartupSummaryLevel.Off);
        context.setPropertiesComponent(settings(live));
        context.build();
        configureComponents(context);
        disableTimers(context);
        context.start();
        return new RouteDryRun(context);
    }

    private static PropertiesComponent settings(CamelContext live) {
        PropertiesComponent settings = new PropertiesComponent();
        settings.setInitialProperties(live.getPropertiesComponent().loadProperties());
        return settings;
    }

    private static void configureComponents(CamelContext context) {
        Properties options = context.getPropertiesComponent().loadProperties(key -> key.startsWith(COMPONENT));
        for (String key : options.stringPropertyNames()) {
            String[] parts = key.substring(COMPONENT.length()).split("\\.", 2);
            Component component = context.getComponent(parts[0]);
            PropertyBindingSupport.build()
                    .withCamelContext(context)
                    .withTarget(component)
                    .withIgnoreCase(true)
                    .withProperty(parts[1], options.getProperty(key))
                    .bind();
        }
    }

    /** A timer of a dry run must not fire, nor write to a job store that the live context uses. */
    private static void disableTimers(CamelContext context) {
        QuartzComponent quartz = context.getComponent("quartz", QuartzComponent.class);
        quartz.setAutoStartScheduler(false);
        quartz.setEnableJmx(false);
        quartz.setScheduler(null);
        quartz.setAutowiredEnabled(false);
        quartz.setPropertiesRef(null);
        quartz.setPropertiesFile(null);
        quartz.setProperties(new HashMap<>(Map.of(
                "org.quartz.scheduler.instanceName",
                "dry-run-" + COUNT.incrementAndGet(),
                "org.quartz.threadPool.class",
                "org.quartz.simpl.SimpleThreadPool",
                "org.quartz.threadPool.threadCount",
                "1")));
    }

    ModelCamelContext context() {
        return context;
    }

    @Override
    public void close() {
        context.stop();
    }
}
