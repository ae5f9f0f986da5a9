package serai.load.replicate;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** Changes of one database. */
final class ChangeLogEndpoint extends DefaultEndpoint {

    private final ReplicatedSource source;

    ChangeLogEndpoint(String uri, ChangeLogComponent component, ReplicatedSource source) {
        super(uri, component);
        this.source = source;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("change-log: is read, not written.");
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        return new ChangeLogConsumer(this, processor, source);
    }
}
