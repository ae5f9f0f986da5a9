/**
 * Rule files and ElastAlert's {@code config.yaml}: reads them, checks the options of every rule and fills in their
 * defaults, and turns documents into events with a time.
 *
 * <p>{@link serai.watch.rule.RuleLoader} loads a file: imports ({@code RuleImports}), kinds of values
 * ({@code OptionTypes}), severities ({@link serai.watch.rule.Severities}), defaults ({@code RuleDefaults}). The result
 * is a {@link serai.watch.rule.Rule}. Refusals are {@link serai.watch.rule.RuleException}s with line, option, reason
 * and fix. The package builds on {@link serai.watch.python} and {@link serai.watch.template}, and knows no rule types,
 * queries or alerters.
 */
package serai.watch.rule;
