package serai.demo.bench;

import java.util.Locale;
import java.util.Map;

/** {@code mvn -Pbench -Dbench=NAME}: measures on this machine, in one run, and ends in lines {@code figure NAME VALUE UNIT}. */
public final class Bench {

    /** A benchmark; it prints its own progress. */
    @FunctionalInterface
    interface Measure {
        void run() throws Exception;
    }

    private static final Map<String, Measure> BENCHES = Map.of(
            "window-reload", new WindowReload()::run,
            "start-up", new StartUp()::run);

    private Bench() {
    }

    public static void main(String[] args) throws Exception {
        Measure measure = args.length == 1 ? BENCHES.get(args[0]) : null;
        if (measure == null) {
            System.err.println("usage: mvn -Pbench -Dbench=NAME, NAME one of " + BENCHES.keySet());
            System.exit(2);
            return;
        }
        measure.run();
        System.exit(0);
    }

    static void figure(String name, double value, String unit) {
        System.out.println("figure " + name + " " + String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.3f" : "%.0f", value) + " " + unit);
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
