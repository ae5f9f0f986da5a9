package serai.demo;

import java.util.LinkedHashMap;
import java.util.Map;

/** The Data API's errors, in Google's words: docs/reference/google-analytics.md, "Errors". */
final class Ga4Errors {

    private static final String EXPECTED = " Expected OAuth 2 access token, login cookie or other valid authentication"
            + " credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.";

    private Ga4Errors() {}

    static RequestRefusal refusal(int status, String name, String message) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", status);
        error.put("message", message);
        error.put("status", name);
        return RequestRefusal.json(status, Map.of("error", error));
    }

    static RequestRefusal invalid(String message) {
        return refusal(400, "INVALID_ARGUMENT", message);
    }

    static RequestRefusal unauthenticated(boolean withToken) {
        return refusal(
                401,
                "UNAUTHENTICATED",
                (withToken
                                ? "Request had invalid authentication credentials."
                                : "Request is missing required authentication credential.")
                        + EXPECTED);
    }

    static RequestRefusal unknownField(String name, String place) {
        return invalid("Invalid JSON payload received. Unknown name \"" + name + "\"" + place + ": Cannot find field.");
    }

    static RequestRefusal noAccess() {
        return refusal(
                403,
                "PERMISSION_DENIED",
                "User does not have sufficient permissions for this property. To learn more about Property ID, see"
                        + " https://developers.google.com/analytics/devguides/reporting/data/v1/property-id.");
    }

    static RequestRefusal propertyId(String id) {
        return refusal(
                403,
                "PERMISSION_DENIED",
                "Invalid property ID: " + id + ". A numeric Property ID is required. To learn more about Property ID,"
                        + " see https://developers.google.com/analytics/devguides/reporting/data/v1/property-id.");
    }

    static RequestRefusal login(String error, String description) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", error);
        body.put("error_description", description);
        return RequestRefusal.json(400, body);
    }

    static RequestRefusal page() {
        return RequestRefusal.html(404, Ga4Failure.NOT_FOUND_PAGE.message());
    }
}
