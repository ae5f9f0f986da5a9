/**
 * The delivery of messages: the outbox {@code meta.outbox}, which sends each target its messages in order, and the
 * protocols HTTP, SMTP, Jira's API and commands. How an HTTP answer is judged is in {@code watch.alerter}.
 *
 * <p>Routes call it by the names of {@link serai.watch.outbox.OutboxProcessors}. Start with
 * {@link serai.watch.outbox.Outbox}.
 */
package serai.watch.outbox;
