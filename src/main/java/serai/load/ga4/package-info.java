/**
 * Imports of Google Analytics reports by Google's Data API, without Metabase: login by a service account, one request
 * for each day and page, the quota of the property, and what Google states about the quality of a day. The import
 * itself is {@code serai.load}.
 *
 * <p>It stands on {@code serai.load} and {@code serai.http}. Start reading at {@link serai.load.ga4.Ga4Report}, the
 * bean of the kamelet {@code ga4-report}, then {@link serai.load.ga4.Ga4Stream}. How the API behaves:
 * docs/reference/google-analytics.md.
 */
package serai.load.ga4;
