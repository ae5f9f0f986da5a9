package serai.demo;

/** What {@link Ga4Double} does wrong on purpose with a report: docs/reference/google-analytics.md, "Errors". */
public enum Ga4Failure {
    OK(200, "", ""),
    CONCURRENT_REQUESTS(429, "RESOURCE_EXHAUSTED", "Exhausted concurrent requests quota."),
    PROJECT_TOKENS(
            429,
            "RESOURCE_EXHAUSTED",
            "Exhausted property tokens for a project per hour. These quota tokens will return in under an hour."),
    HOUR_TOKENS(
            429,
            "RESOURCE_EXHAUSTED",
            "Exhausted property tokens for a property per hour. These quota tokens will return in under an hour."),
    DAY_TOKENS(
            429,
            "RESOURCE_EXHAUSTED",
            "Exhausted property tokens for a property per day. These quota tokens will return in less than 24 hours."),
    THRESHOLDED_REQUESTS(429, "RESOURCE_EXHAUSTED", "Exhausted potentially thresholded requests quota."),
    SERVER_ERRORS(429, "RESOURCE_EXHAUSTED", "Exhausted server errors quota."),
    INTERNAL(500, "INTERNAL", "An internal error has occurred. Please retry."),
    UNAVAILABLE(503, "UNAVAILABLE", "The service is currently unavailable."),
    DEADLINE(504, "DEADLINE_EXCEEDED", "Deadline exceeded."),
    DISABLED(
            403,
            "PERMISSION_DENIED",
            "Google Analytics Data API has not been used in project 12 before or it is disabled."),
    /** A proxy before Google. */
    FORBIDDEN_PAGE(403, null, "<html><head><title>Access denied</title></head></html>"),
    NOT_FOUND_PAGE(404, null, "<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>"),
    /** The token expires before the request. */
    EXPIRED_TOKEN(200, "", ""),
    /** The connection is closed in the middle of the rows. */
    CUT(200, "", ""),
    /** The connection is reset before the answer. */
    RESET(200, "", ""),
    /** The rows of the page are missing, while rowCount counts them. */
    EMPTY_PAGE(200, "", ""),
    /** A 200 that is not a report. */
    OTHER_JSON(200, "", "");

    private final int status;
    private final String name;
    private final String message;

    Ga4Failure(int status, String name, String message) {
        this.status = status;
        this.name = name;
        this.message = message;
    }

    /** Of HTTP; 200 when the failure is in the answer itself. */
    public int status() {
        return status;
    }

    /** The text of Google's, or a whole page. */
    public String message() {
        return message;
    }

    RequestRefusal refusal() {
        return name == null ? RequestRefusal.html(status, message) : Ga4Errors.refusal(status, name, message);
    }
}
