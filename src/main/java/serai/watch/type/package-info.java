/**
 * The rule types: what each one looks for in the answers of a rule's queries, which options it has, and what it
 * remembers between runs. They do what ElastAlert's do (see {@code docs/reference/elastalert.md}, "Rule types"); where
 * ElastAlert disables a rule, the class comments state what happens here instead.
 *
 * <p>{@link serai.watch.type.RuleType} is the interface, {@link serai.watch.type.RuleTypes} lists the types. Types with
 * a timeframe keep {@code EventWindow}s, one for each value of the query key ({@code KeyMap}). The package builds on
 * {@link serai.watch.rule} and the answers of {@link serai.watch.query}, and knows no servers and no alerts.
 */
package serai.watch.type;
