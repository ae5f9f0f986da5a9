/**
 * Links to Discover in alerts: {@link serai.watch.kibana.DiscoverLinks} puts the address of Kibana's or OpenSearch's
 * Discover into a match, with the rule's filters and the time around the match, and asks Kibana for a short one where
 * the rule wants it. Uses {@code watch.alert}, whose {@code MatchEnricher} it implements.
 */
package serai.watch.kibana;
