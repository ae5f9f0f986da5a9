/**
 * The alerters: for each service one class with the options that it reads from a rule, the payload that it makes of an
 * alert, and its judgement of the service's answers. {@link serai.watch.alerter.Alerters} is their registry.
 *
 * <p>It stands on {@code watch.message} and {@code watch.rule}. Messages are delivered by {@code watch.outbox}. Start
 * with {@link serai.watch.alerter.Gitter}, the smallest alerter.
 */
package serai.watch.alerter;
