/**
 * One run of a rule: {@link serai.watch.run.RuleRun} chooses the time to query ({@code RunRange}), reads it segment by
 * segment with the reader of the rule's kind ({@code RangeReader}), feeds the rule type, and returns the matches and
 * the new {@link serai.watch.run.RuleState} for one commit. It knows no warehouse, so commands run rules with it too.
 * Uses {@code watch.query}, {@code watch.rule} and {@code watch.type}. Upstream's behaviour:
 * {@code docs/reference/elastalert.md}, "Runs and time ranges".
 */
package serai.watch.run;
