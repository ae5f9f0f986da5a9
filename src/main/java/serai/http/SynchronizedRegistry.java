package serai.http;

import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.SimpleRegistry;

/**
 * Camel's registry of beans, made safe for binding while routes run. Camel's own is a plain map: of two threads that
 * bind at once one may lose its bean, and a thread that searches the map meanwhile fails (docs/reference/camel.md,
 * "Registry").
 */
final class SynchronizedRegistry extends SimpleRegistry {

    private static final long serialVersionUID = 1L;

    private SynchronizedRegistry(SimpleRegistry beans) {
        putAll(beans);
    }

    /** Makes a context that is not started yet use one. Calling it again has no effect. */
    static void use(CamelContext context) {
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
