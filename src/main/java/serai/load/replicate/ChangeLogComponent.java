package serai.load.replicate;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import serai.warehouse.Warehouse;

/** Camel's component {@code change-log}: the changes of a database, one exchange for each batch. */
final class ChangeLogComponent extends DefaultComponent {

    private final Warehouse warehouse;

    ChangeLogComponent(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        ReplicatedSource source = resolveAndRemoveReferenceParameter(parameters, "source", ReplicatedSource.class);
        if (source == null) {
            throw new IllegalArgumentException("change-log: is used by kamelet:replicate.");
        }
        return new ChangeLogEndpoint(uri, this, warehouse, source);
    }
}
