package serai.load.replicate;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import serai.warehouse.Warehouse;

/** Passes each batch of changes to its route, in order, and the next one when that is done. */
final class ChangeLogConsumer extends DefaultConsumer {

    private final Warehouse warehouse;
    private final ReplicatedSource source;
    private Replication replication;

    ChangeLogConsumer(ChangeLogEndpoint endpoint, Processor processor, Warehouse warehouse, ReplicatedSource source) {
        super(endpoint, processor);
        this.warehouse = warehouse;
        this.source = source;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        replication = new Replication(warehouse, source.plan(), this::pass);
        replication.start();
    }

    private void pass(ChangeBatch batch) throws Exception {
        Exchange exchange = createExchange(false);
        try {
            exchange.getMessage().setBody(batch);
            getProcessor().process(exchange);
            Exception failure = exchange.getException() != null
                    ? exchange.getException()
                    : exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
            if (failure != null && !batch.isApplied()) {
                throw failure;
            }
        } finally {
            releaseExchange(exchange, false);
        }
    }

    @Override
    protected void doStop() throws Exception {
        if (replication != null) {
            replication.close();
            replication = null;
        }
        super.doStop();
    }
}
