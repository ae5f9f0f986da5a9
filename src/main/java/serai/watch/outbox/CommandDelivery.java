package serai.watch.outbox;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import serai.watch.alerter.CommandDestination;

/**
 * Starts the program of a {@code command} alerter, bounded in time; its output is thrown away. A program that was
 * started and then failed is started again only if the rule takes its exit code for a failure: nobody knows what it has
 * done.
 */
final class CommandDelivery {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};

    void deliver(Exchange exchange) throws Exception {
        OutboundMessage message = exchange.getMessage().getMandatoryBody(OutboundMessage.class);
        exchange.getMessage().setBody(run((CommandDestination) message.destination(), message));
    }

    private static Delivery run(CommandDestination line, OutboundMessage message) throws InterruptedException {
        Map<String, String> variables = new LinkedHashMap<>();
        ProcessBuilder builder = new ProcessBuilder(
                        line.command(JSON.convertValue(message.payload().path("match"), FIELDS), variables))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(variables);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            // without the message, which quotes the command: it may hold a key
            return Delivery.later("The command could not be started", null);
        }
        // a program that reads nothing would make the writer wait for ever
        Thread writer = new Thread(() -> write(process, input(message)), "watch-command-input");
        writer.setDaemon(true);
        writer.start();
        try {
            if (!process.waitFor(line.timeoutSeconds(), TimeUnit.SECONDS)) {
                return late(line);
            }
            int code = process.exitValue();
            return code == 0 || !line.failOnExit()
                    ? Delivery.sent(code == 0 ? null : "exit code " + code)
                    : Delivery.later("The command ended with exit code " + code, null);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static Delivery late(CommandDestination line) {
        String reason = "The command took longer than " + line.timeoutSeconds() + " s (command_timeout) and was ended";
        return line.failOnExit() ? Delivery.later(reason, null) : Delivery.failed(reason);
    }

    private static byte[] input(OutboundMessage message) {
        String text = message.payload().has("matches")
                ? message.payload().get("matches") + "\n"
                : message.payload().path("text").asText();
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void write(Process process, byte[] input) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(input);
        } catch (IOException e) {
            // it does not read its input, and need not
        }
    }
}
