/**
 * From match to alert: which matches of a run lead to an alert, which wait in a group, which are silenced. Start
 * reading at {@link serai.watch.alert.AlertDecider}: it first prepares matches without a transaction
 * ({@code MatchPreparation}), then decides inside the commit of the run ({@code RunDecision}). What it remembers is in
 * an {@link serai.watch.alert.AlertStore}: {@code watch.store} keeps it in the warehouse,
 * {@link serai.watch.alert.InMemoryAlertStore} in memory. An {@link serai.watch.alert.AlertRule} is a rule with all
 * that is needed to send alerts. Uses {@code watch.rule}, {@code watch.message} and {@code watch.alerter}, and knows no
 * warehouse. Upstream's behaviour: {@code docs/reference/elastalert.md}, "From match to alert".
 */
package serai.watch.alert;
