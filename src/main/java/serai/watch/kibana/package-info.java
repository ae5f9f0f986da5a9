/**
 * Links to Discover in alerts: {@link serai.watch.kibana.DiscoverLinks} puts the address of Kibana's or OpenSearch's
 * Discover into a match, with the rule's filters and the time around the match, and requests a short link from Kibana
 * where the rule asks for it. Uses {@code watch.alert}, whose {@code MatchEnricher} it implements.
 */
package serai.watch.kibana;
