/**
 * The texts of alerts: a rule's title and body for its matches, summary tables, templates, and limits of length.
 *
 * <p>It stands on {@code watch.rule}, {@code watch.template} and {@code watch.type}, and knows no alerter. Start with
 * {@link serai.watch.message.AlertText}.
 */
package serai.watch.message;
