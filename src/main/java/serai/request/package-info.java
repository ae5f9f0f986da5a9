/**
 * What commands ask of the instances, by tables of the schema {@code meta}. A command never writes the rows of a source
 * beside its writer: it leaves a request ({@link serai.request.Requests}), which one running process obeys and answers
 * ({@link serai.request.RequestLoop}). Rooms contribute a {@link serai.request.RequestHandler} for each verb. A pause
 * ({@link serai.request.Pauses}) is obeyed by all instances until it is lifted. Stands on {@code serai.warehouse}.
 */
package serai.request;
