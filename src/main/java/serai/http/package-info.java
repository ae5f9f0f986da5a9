/**
 * How Serai reaches other systems over HTTP: TLS, proxy, time-outs and bounds of a reply, for camel-http and for
 * clients of our own. Built on Apache HttpClient 5 and camel-http. Start reading at {@link serai.http.HttpOptions}.
 */
package serai.http;
