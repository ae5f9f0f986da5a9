package serai.watch.alerter;

import java.util.List;
import java.util.Map;

/**
 * What becomes of an alert in Jira.
 *
 * @param bump whether an open ticket of the same title gets a comment in place of a new ticket
 * @param bumpOnly whether no ticket is ever opened
 * @param quietDays a ticket that was updated within so many days gets no comment
 * @param maxAgeDays older tickets are not found
 * @param inStatuses only tickets of these are found; empty for any
 * @param notInStatuses tickets of these are not found
 * @param transition the transition that a commented ticket gets, or null
 * @param labels of new tickets, and added to commented ones
 * @param watchers who watch a new ticket
 * @param assignee or null
 * @param priority the place of the priority in the server's list, from 0; or null
 * @param custom options {@code jira_<field>} that only the server knows, as the rule gives them
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
