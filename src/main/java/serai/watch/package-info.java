/**
 * The room of alert rules in ElastAlert's grammar. Rule files are read ({@code rule}), a run asks for documents
 * ({@code query}, {@code search}, {@code source}) and feeds the rule's type ({@code type}), the engine commits what it
 * found ({@code run}, {@code engine}), matches become alerts ({@code alert}, {@code store}), alerts become messages
 * ({@code message}, {@code alerter}), and the outbox delivers them ({@code outbox}). {@link serai.watch.WatchRoom} puts
 * the parts together.
 */
package serai.watch;
