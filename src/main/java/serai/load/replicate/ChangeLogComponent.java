package serai.load.replicate;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * Camel's component {@code change-log}: the changes of a database, one exchange for each batch. Each context makes its
 * own, also the one in which edited routes are tried.
 */
public final class ChangeLogComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        ReplicatedSource source = resolveAndRemoveReferenceParameter(parameters, "source", ReplicatedSource.class);
        if (source == null) {
            throw new IllegalArgumentException("change-log: is used by kamelet:replicate.");
        }
        return new ChangeLogEndpoint(uri, this, source);
    }
}
