package serai.testing;

/** How often a kill test or a simulation repeats itself. */
public final class Rounds {

    private Rounds() {}

    /**
     * The number of rounds of this run.
     *
     * @param few rounds in every test run
     * @param all rounds with {@code mvn verify -Plong}
     */
    public static int of(int few, int all) {
        return areAll() ? all : few;
    }

    /** Whether this is {@code mvn verify -Plong}. */
    public static boolean areAll() {
        return Boolean.getBoolean("serai.long");
    }
}
