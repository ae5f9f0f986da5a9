package serai.watch.alerter;

import java.util.List;
import java.util.Map;

/**
 * What a rule wants done in Jira.
 *
 * @param bump whether an existing ticket of the same title gets a comment instead of a new ticket being opened
 * @param bumpOnly whether no ticket is ever opened
 * @param quietDays a ticket that was updated within so many days gets no comment
 * @param maxAgeDays older tickets are not found
 * @param inStatuses only tickets of these are found; empty for any
 * @param notInStatuses tickets of these are not found
 * @param transition the transition of a ticket that gets a comment, or null
 * @param labels of new tickets
 * @param watchers of new tickets
 * @param assignee of new tickets, or null
 * @param priority the position of the priority in the server's list, from 0; or null
 * @param custom options {@code jira_<field>} for fields that only the server knows, as the rule has them
 */
public record JiraPolicy(
        boolean bump,
        boolean bumpOnly,
        double quietDays,
        double maxAgeDays,
        List<String> inStatuses,
        List<String> notInStatuses,
        String transition,
        List<String> labels,
        List<String> watchers,
        String assignee,
        Integer priority,
        Map<String, Object> custom) {}
