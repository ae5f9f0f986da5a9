/**
 * Runs the alert rules. {@link serai.watch.engine.Engine} starts the runs that are due by {@code RuleSchedule}, each a
 * {@code RuleRun} of {@code watch.run}; {@code DecisionStage} prepares what a run found; then the run waits in the
 * {@code CommitQueue}. One thread, {@code CommitLoop}, takes the finished runs from there and commits them in one
 * transaction ({@code CommitBatch}): the progress of the rules ({@code RuleProgress}), the decisions about their
 * matches, and the messages in the outbox. After its commit a rule waits for its next run. {@code RuleStore} keeps
 * {@code meta.rules} in line with the rule files. Uses the warehouse, {@code watch.run}, {@code watch.alert} and
 * {@code watch.store}.
 */
package serai.watch.engine;
