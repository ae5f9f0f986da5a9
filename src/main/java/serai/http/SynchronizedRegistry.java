package serai.http;

import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.SimpleRegistry;

/**
 * Where Camel keeps beans. Its own is a plain map: what two threads put into it at once may be lost, and a thread that
 * looks through it meanwhile fails; and here the client of a server that a new rule names comes while routes run.
 */
public final class SynchronizedRegistry extends SimpleRegistry {

    private static final long serialVersionUID = 1L;

    private SynchronizedRegistry(SimpleRegistry plain) {
        putAll(plain);
    }

    /** Has a context, which is not started yet, use one; once is enough. */
    public static void use(CamelContext context) {
        DefaultRegistry registry = (DefaultRegistry) context.getRegistry();
        if (!(registry.getFallbackRegistry() instanceof SynchronizedRegistry)) {
            registry.setFallbackRegistry(new SynchronizedRegistry((SimpleRegistry) registry.getFallbackRegistry()));
        }
    }

    @Override
    public synchronized Object lookupByName(String name) {
        return super.lookupByName(name);
    }

    @Override
    public synchronized <T> T lookupByNameAndType(String name, Class<T> type) {
        return super.lookupByNameAndType(name, type);
    }

    @Override
    public synchronized <T> Map<String, T> findByTypeWithName(Class<T> type) {
        return super.findByTypeWithName(type);
    }

    @Override
    public synchronized <T> Set<T> findByType(Class<T> type) {
        return super.findByType(type);
    }

    @Override
    public synchronized void bind(String id, Class<?> type, Object bean) {
        super.bind(id, type, bean);
    }

    @Override
    public synchronized void unbind(String id) {
        super.unbind(id);
    }
}
