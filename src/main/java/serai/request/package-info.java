/**
 * Requests of commands to the running process, in the table {@code meta.requests}. A command never writes the rows of a
 * source beside its writer: it leaves a request ({@link serai.request.Requests}), which a running process obeys and
 * answers ({@link serai.request.RequestLoop}). Rooms contribute a {@link serai.request.RequestHandler} for each verb.
 * Stands on {@code serai.warehouse}.
 */
package serai.request;
