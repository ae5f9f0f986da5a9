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
import serai.watch.alerter.DeliveryResult;

/**
 * Starts the program of a {@code command} alerter, for a limited time; its output is discarded. A program that was
 * started and failed is started again only if the rule treats its exit code as a failure, because it is not known what
 * the program has done.
 */
final class CommandDelivery {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};

    void deliver(Exchange exchange) throws Exception {
        OutboundMessage message = exchange.getMessage().getMandatoryBody(OutboundMessage.class);
        exchange.getMessage().setBody(run((CommandDestination) message.destination(), message));
    }

    private static DeliveryResult run(CommandDestination command, OutboundMessage message) throws InterruptedException {
        Map<String, String> variables = new LinkedHashMap<>();
        ProcessBuilder builder = new ProcessBuilder(
                        command.command(JSON.convertValue(message.payload().path("match"), FIELDS), variables))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(variables);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            // without the exception's message, which quotes the command: it may hold a key
            return DeliveryResult.retry("The command could not be started");
        }
        // in a thread of its own, which waits forever when the program reads nothing
        Thread writer = new Thread(() -> write(process, input(message)), "watch-command-input");
        writer.setDaemon(true);
        writer.start();
        try {
            if (!process.waitFor(command.timeoutSeconds(), TimeUnit.SECONDS)) {
                return timedOut(command);
            }
            int code = process.exitValue();
            return code == 0 || !command.failOnExit()
                    ? DeliveryResult.sent(code == 0 ? null : "exit code " + code)
                    : DeliveryResult.retry("The command ended with exit code " + code);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static DeliveryResult timedOut(CommandDestination command) {
        String reason =
                "The command took longer than " + command.timeoutSeconds() + " s (command_timeout) and was ended";
        return command.failOnExit() ? DeliveryResult.retry(reason) : DeliveryResult.failed(reason);
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
            // the program does not read its input, and need not
        }
    }
}
