package serai.demo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import serai.demo.SeraiProcess;

/**
 * {@code mvn -Pbench -Dbench=NAME} or {@code NAME:ARGUMENTS}: measures on this machine, in one run, and ends in lines
 * {@code figure NAME VALUE UNIT}.
 */
public final class Bench {

    /** A benchmark; it prints its own progress. */
    @FunctionalInterface
    interface Measure {
        /** @param arguments what the caller wrote after the name; empty when nothing */
        void run(String arguments) throws Exception;
    }

    private static final Map<String, Measure> BENCHES = Map.of(
            "window-reload", arguments -> new WindowReload().run(),
            "upsert-rows", arguments -> new FileUpsert().run(),
            "start-up", arguments -> new StartUp().run(),
            "idle", arguments -> new Idle().run(arguments),
            "rules", arguments -> new ManyRules().run(arguments),
            "refresh", arguments -> new RefreshTicks().run(arguments),
            "replicate", arguments -> new ReplicationSpeed(arguments).run());

    private static final List<String> OPTIONS =
            List.of("-Xms48m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:MinHeapFreeRatio=20", "-XX:MaxHeapFreeRatio=40");

    private Bench() {}

    public static void main(String[] args) throws Exception {
        String[] words = args.length == 1 ? args[0].split(":", 2) : new String[] {""};
        Measure measure = BENCHES.get(words[0]);
        if (measure == null) {
            System.err.println("usage: mvn -Pbench -Dbench=NAME or NAME:ARGUMENTS, NAME one of " + BENCHES.keySet());
            System.exit(2);
            return;
        }
        measure.run(words.length == 2 ? words[1] : "");
        System.exit(0);
    }

    /** Starts the runnable jar in a folder, with the JVM options that the README recommends and an empty log. */
    static SeraiProcess startJar(Path folder, Map<String, String> settings) throws IOException {
        Files.deleteIfExists(folder.resolve("serai.log"));
        List<String> java = new ArrayList<>(List.of(SeraiProcess.java()));
        java.addAll(OPTIONS);
        return SeraiProcess.start(folder, java, settings, SeraiProcess.ofJar(Path.of("target", "serai.jar")));
    }

    static void figure(String name, double value, String unit) {
        System.out.println("figure " + name + " "
                + String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.3f" : "%.0f", value) + " " + unit);
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
