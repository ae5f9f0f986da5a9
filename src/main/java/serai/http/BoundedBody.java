package serai.http;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** The body of an answer that should be short; one that is not is given up, not kept. */
public final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {

    private static final int LONGEST = 64 * 1024;

    private final HttpResponse.BodySubscriber<byte[]> whole = HttpResponse.BodySubscribers.ofByteArray();
    private Flow.Subscription subscription;
    private long length;

    public static HttpResponse.BodyHandler<byte[]> handler() {
        return info -> new BoundedBody();
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return whole.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        whole.onSubscribe(given);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        length += buffers.stream().mapToInt(ByteBuffer::remaining).sum();
        if (length > LONGEST) {
            subscription.cancel();
            whole.onError(new IOException("the answer is longer than " + LONGEST + " bytes"));
        } else {
            whole.onNext(buffers);
        }
    }

    @Override
    public void onError(Throwable failure) {
        whole.onError(failure);
    }

    @Override
    public void onComplete() {
        whole.onComplete();
    }
}
