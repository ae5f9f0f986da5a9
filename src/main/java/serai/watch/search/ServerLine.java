package serai.watch.search;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The questions that wait for one server. They are gathered for a few milliseconds, or until there are enough, and asked together; while
 * as many requests are under way as may be, they gather until one is back. Nobody who asks waits here.
 */
final class ServerLine {

    /** How many questions are asked together, by how much they are trusted; see {@link Company}. */
    static final int[] TOGETHER = {100, 10, 1};
    static final int ALONE = TOGETHER.length - 1;

    private static final Logger LOG = LoggerFactory.getLogger(ServerLine.class);
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int MOST_CHARACTERS = 4_000_000;
    /** How long a question may be held back while the server cannot be reached: what is over by then nobody need hear of. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Server server;
    private final MultiSearch requests;
    private final ExecutorService threads;
    private final SearchMeters meters;
    private final int mostUnderWay;
    private final int mostWaiting;
    private final Company company = new Company();
    private final Breaker breaker = new Breaker(Clock.systemUTC());
    private final List<Deque<Question>> waiting = new ArrayList<>();
    private int underWay;
    private int waitingQuestions;
    private boolean alarmSet;
    private boolean outageSaid;

    ServerLine(Server server, MultiSearch requests, ExecutorService threads, SearchMeters meters, int mostUnderWay, int mostWaiting) {
        this.server = server;
        this.requests = requests;
        this.threads = threads;
        this.meters = meters;
        this.mostUnderWay = mostUnderWay;
        this.mostWaiting = mostWaiting;
        for (int i = 0; i < TOGETHER.length; i++) {
            waiting.add(new ArrayDeque<>());
        }
    }

    /** For requests that are no questions, and wait in no line. */
    MultiSearch requests() {
        return requests;
    }

    CompletableFuture<Search.Answer> ask(Search.Request request) {
        meters.questions.increment();
        Question question = new Question(request, server.timeout().toMillis() * 3 / 4,
                company.of(request.rule() == null ? "" : request.rule().name()));
        synchronized (this) {
            if (waitingQuestions >= mostWaiting) {
                return refused(new Search.FailedException(waitingQuestions + " questions wait for " + server
                        + " already; it is too slow for so many rules", null));
            }
            if (away()) {
                return refused(down());
            }
            add(question);
        }
        dispatch();
        return question.answer;
    }

    private CompletableFuture<Search.Answer> refused(Search.FailedException reason) {
        meters.failures.increment();
        return CompletableFuture.failedFuture(reason);
    }

    private synchronized Search.NoServerException down() {
        return new Search.NoServerException(server + " does not answer since " + (breaker.closed() ? java.time.Instant.now() : breaker.since()).truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                + ": " + breaker.reason());
    }

    /** Whether the server has been away for so long that nobody should wait for it. */
    private boolean away() {
        return breaker.outage().compareTo(PATIENCE) > 0 && !breaker.pause().isZero();
    }

    private void add(Question question) {
        waiting.get(question.company).addLast(question);
        waitingQuestions++;
    }

    /** Sends what may be sent now, and sets an alarm for what has to wait for the clock. */
    private void dispatch() {
        List<Question> batch;
        List<Question> givenUp = new ArrayList<>();
        do {
            synchronized (this) {
                giveUp(givenUp);
                batch = next();
            }
            if (!batch.isEmpty()) {
                List<Question> now = batch;
                threads.execute(() -> run(now));
            }
        } while (!batch.isEmpty());
        if (!givenUp.isEmpty()) {
            Search.NoServerException reason = down();
            givenUp.forEach(question -> question.answer.completeExceptionally(reason));
        }
    }

    /** Nobody waits longer for a server that is away. */
    private void giveUp(List<Question> givenUp) {
        if (away()) {
            for (Deque<Question> line : waiting) {
                givenUp.addAll(line);
                waitingQuestions -= line.size();
                meters.failures.add(line.size());
                line.clear();
            }
        }
    }

    private List<Question> next() {
        int allowed = breaker.closed() ? mostUnderWay : 1;
        if (waitingQuestions == 0 || underWay >= allowed) {
            return List.of();
        }
        Deque<Question> line = oldest();
        long wait = Math.max(breaker.pause().toNanos(), line.size() >= TOGETHER[line.peekFirst().company] ? 0
                : GATHER_NANOS - (System.nanoTime() - line.peekFirst().askedAt));
        if (wait > 0) {
            long patience = breaker.closed() ? wait : PATIENCE.minus(breaker.outage()).toNanos();
            alarm(patience > 0 ? Math.min(wait, patience + 1_000_000) : wait);
            return List.of();
        }
        underWay++;
        return take(line);
    }

    private Deque<Question> oldest() {
        Deque<Question> oldest = null;
        for (Deque<Question> line : waiting) {
            if (!line.isEmpty() && (oldest == null || line.peekFirst().askedAt < oldest.peekFirst().askedAt)) {
                oldest = line;
            }
        }
        return oldest;
    }

    private List<Question> take(Deque<Question> line) {
        List<Question> batch = new ArrayList<>();
        int characters = 0;
        while (!line.isEmpty() && batch.size() < TOGETHER[line.peekFirst().company]
                && (batch.isEmpty() || characters + line.peekFirst().lines.length() <= MOST_CHARACTERS)) {
            characters += line.peekFirst().lines.length();
            batch.add(line.pollFirst());
            waitingQuestions--;
        }
        return batch;
    }

    private void alarm(long nanos) {
        if (!alarmSet) {
            alarmSet = true;
            CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, Runnable::run).execute(() -> {
                synchronized (this) {
                    alarmSet = false;
                }
                dispatch();
            });
        }
    }

    private void run(List<Question> batch) {
        List<Runnable> told = new ArrayList<>();
        try {
            MultiSearch.Outcome outcome = requests.ask(batch);
            synchronized (this) {
                settle(batch, outcome, told);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.error("server={} A request could not be made", server, e);
            Search.FailedException reason = new Search.FailedException("the request failed by " + e.getClass().getSimpleName(), e);
            batch.forEach(question -> told.add(() -> question.answer.completeExceptionally(reason)));
        } finally {
            synchronized (this) {
                underWay--;
            }
            dispatch();
            // who asked goes on here: the next request is under way already
            told.forEach(Runnable::run);
        }
    }

    private void settle(List<Question> batch, MultiSearch.Outcome outcome, List<Runnable> told) {
        for (int i = 0; i < outcome.items().size(); i++) {
            settle(batch.get(i), outcome.items().get(i), told);
        }
        List<Question> rest = batch.subList(outcome.items().size(), batch.size());
        Call.FailedCallException failure = outcome.failure();
        if (failure == null) {
            answers();
            return;
        }
        boolean whole = rest.size() == batch.size();
        if (infrastructure(failure, batch.get(0))) {
            breaker.failed(failure.getMessage(), failure.retryAfter);
            sayOutage();
        } else if (failure.fault != Call.Fault.TIMED_OUT) {
            answers();
        }
        if (splits(failure) && batch.size() > 1) {
            rest.forEach(this::apart);
            return;
        }
        boolean again = whole && passing(failure);
        for (Question question : rest) {
            if (again && System.nanoTime() - question.askedAt < PATIENCE.toNanos()) {
                add(question);
            } else {
                fail(question, failure, told);
            }
        }
    }

    private void settle(Question question, Item item, List<Runnable> told) {
        if (item.answer() != null) {
            company.answered(question.rule());
            told.add(() -> question.answer.complete(item.answer()));
            return;
        }
        meters.failures.increment();
        told.add(() -> question.answer.completeExceptionally(
                new Search.FailedException(server + " did not answer the question: " + item.reason(), null)));
    }

    /** One question of several may be what the server cannot take: each is asked again in smaller company. */
    private static boolean splits(Call.FailedCallException failure) {
        return failure.fault == Call.Fault.TOO_LARGE || failure.status == 400 || failure.status == 413;
    }

    private void apart(Question question) {
        question.company = Math.min(ALONE, question.company + 1);
        company.doubt(question.rule(), question.company);
        add(question);
    }

    /** Whether it is the server that fails, and not a question. */
    private static boolean infrastructure(Call.FailedCallException failure, Question first) {
        return switch (failure.fault) {
            case UNREACHABLE, UNTRUSTED, ROUTE -> true;
            case TIMED_OUT -> first.company < ALONE;
            case REFUSED -> failure.status != 400 && failure.status != 413 && first.request.kind() == Search.Kind.SEARCH
                    || failure.status == 401 || failure.status >= 502;
            case UNREADABLE, TOO_LARGE -> false;
        };
    }

    /** Whether it may be over in a moment. */
    private static boolean passing(Call.FailedCallException failure) {
        return switch (failure.fault) {
            case UNREACHABLE, ROUTE -> true;
            case REFUSED -> failure.status == 429 || failure.status == 502 || failure.status == 503;
            case UNTRUSTED, TIMED_OUT, UNREADABLE, TOO_LARGE -> false;
        };
    }

    private void fail(Question question, Call.FailedCallException failure, List<Runnable> told) {
        meters.failures.increment();
        if (failure.fault == Call.Fault.TIMED_OUT) {
            company.doubt(question.rule(), Math.min(ALONE, question.company + 1));
        }
        Search.FailedException reason = failure.fault == Call.Fault.TOO_LARGE ? new Search.TooLargeException(server + ": "
                + failure.getMessage() + "; lower max_query_size, or include fewer fields")
                : breaker.closed() ? new Search.FailedException(server + ": " + failure.getMessage(), null) : down();
        told.add(() -> question.answer.completeExceptionally(reason));
    }

    private void sayOutage() {
        if (!outageSaid && breaker.outage().compareTo(PATIENCE) > 0) {
            outageSaid = true;
            LOG.warn("server={} It does not answer; rules go on when it does: {}", server, breaker.reason());
        }
    }

    private void answers() {
        Duration outage = breaker.succeeded();
        if (outage != null && outageSaid) {
            LOG.info("server={} It answers again, after {} s", server, outage.toSeconds());
        }
        if (outage != null) {
            requests.forgetProduct();
        }
        outageSaid = false;
    }
}
