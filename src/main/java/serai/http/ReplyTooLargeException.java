package serai.http;

import java.io.IOException;

/** A reply was larger than {@link BoundedReplies#maxBytes}. The rest of it was not read. */
public final class ReplyTooLargeException extends IOException {

    private static final long serialVersionUID = 1L;

    ReplyTooLargeException(String message) {
        super(message);
    }
}
