package serai.load.replicate;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;

/** Passes each batch of changes to its route, in order, and the next one when that is done. */
final class ChangeLogConsumer extends DefaultConsumer {

    private final ReplicatedSource source;
    private Replication replication;

    ChangeLogConsumer(ChangeLogEndpoint endpoint, Processor processor, ReplicatedSource source) {
        super(endpoint, processor);
        this.source = source;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        replication = new Replication(source.warehouse(), source.plan(), this::pass);
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
