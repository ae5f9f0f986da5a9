/**
 * The room that shows the state of Serai: the page, {@code /status.json}, the readiness check and the gauges. It reads
 * the tables of {@code meta}, which other rooms write, and knows none of these rooms. {@link serai.show.ShowRoom} binds
 * what the routes use; {@code StatusReader} reads one snapshot, and {@code Condition} is the vocabulary of the page.
 */
package serai.show;
