package serai.http;

import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.net.URIAuthority;

/** Connects to the real host of an address that {@link HostAlias} read, and names it in the request. */
record RealHostPlanner(HttpRoutePlanner planner) implements HttpRoutePlanner {

    @Override
    @Deprecated
    public HttpRoute determineRoute(HttpHost target, HttpContext context) throws HttpException {
        return planner.determineRoute(real(target), context);
    }

    @Override
    public HttpRoute determineRoute(HttpHost target, HttpRequest request, HttpContext context) throws HttpException {
        HttpHost host = real(target);
        if (!host.equals(target)) {
            request.setAuthority(new URIAuthority(host));
        }
        return planner.determineRoute(host, request, context);
    }

    private static HttpHost real(HttpHost host) {
        String name = HostAlias.real(host.getHostName());
        return name.equals(host.getHostName()) ? host : new HttpHost(host.getSchemeName(), name, host.getPort());
    }
}
