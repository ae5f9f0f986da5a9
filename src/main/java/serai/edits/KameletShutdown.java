package serai.edits;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.engine.DefaultShutdownStrategy;
import org.apache.camel.spi.RouteStartupOrder;
import org.apache.camel.spi.ShutdownStrategy;

/**
 * Stops the kamelet that a route begins with before the route. In the other order, which is Camel's, a run that is
 * under way in the kamelet finds no route to hand its message to: it waits 30 seconds, in which the stop waits too, and
 * fails.
 */
final class KameletShutdown extends DefaultShutdownStrategy {

    /** @param replaced the strategy whose time-outs it takes over */
    KameletShutdown(CamelContext context, ShutdownStrategy replaced) {
        super(context);
        setTimeout(replaced.getTimeout());
        setTimeUnit(replaced.getTimeUnit());
        setShutdownNowOnTimeout(replaced.isShutdownNowOnTimeout());
        setShutdownRoutesInReverseOrder(replaced.isShutdownRoutesInReverseOrder());
        setSuppressLoggingOnTimeout(replaced.isSuppressLoggingOnTimeout());
        setLogInflightExchangesOnTimeout(replaced.isLogInflightExchangesOnTimeout());
    }

    @Override
    protected boolean doShutdown(
            CamelContext context,
            List<RouteStartupOrder> routes,
            long timeout,
            TimeUnit unit,
            boolean suspendOnly,
            boolean abortAfterTimeout,
            boolean forceShutdown)
            throws Exception {
        routes.forEach(order -> KameletSources.stop(order.getRoute()));
        return super.doShutdown(context, routes, timeout, unit, suspendOnly, abortAfterTimeout, forceShutdown);
    }
}
