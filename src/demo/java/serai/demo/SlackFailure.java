package serai.demo;

/** The failures of an incoming webhook of Slack: refusals, and what can happen to an answer. */
public enum SlackFailure {
    INVALID_PAYLOAD(400, "invalid_payload"),
    NO_TEXT(400, "no_text"),
    MESSAGE_TOO_LONG(400, "msg_too_long"),
    BLOCKS_TOO_LONG(400, "msg_blocks_too_long"),
    INVALID_BLOCKS(400, "invalid_blocks"),
    TOO_MANY_ATTACHMENTS(400, "too_many_attachments"),
    EMPTY_ATTACHMENT(400, "missing_text_or_fallback_or_attachments"),
    USER_NOT_FOUND(400, "user_not_found"),
    GENERAL_CHANNEL_DENIED(400, "posting_to_general_channel_denied"),
    ACTION_PROHIBITED(403, "action_prohibited"),
    INVALID_TOKEN(403, "invalid_token"),
    CHANNEL_NOT_FOUND(404, "channel_not_found"),
    NO_SERVICE(404, "no_service"),
    NO_TEAM(404, "no_team"),
    NO_ACTIVE_HOOKS(404, "no_active_hooks"),
    CHANNEL_IS_ARCHIVED(410, "channel_is_archived"),
    RATE_LIMITED(429, "rate_limited"),
    ROLLUP_ERROR(500, "rollup_error"),
    BAD_GATEWAY(502, "<html><body>502 Bad Gateway</body></html>"),
    UNAVAILABLE(503, "service_unavailable"),
    /** The message is posted, but the connection is reset before the answer. */
    ACCEPTED_THEN_RESET(0, ""),
    /** The connection is reset, and the message is not posted. */
    RESET(0, ""),
    /** The message is posted, and the answer comes after {@link SlackDouble#slowness}. */
    SLOW(0, "");

    private final int status;
    private final String body;

    SlackFailure(int status, String body) {
        this.status = status;
        this.body = body;
    }

    public int status() {
        return status;
    }

    public String body() {
        return body;
    }
}
