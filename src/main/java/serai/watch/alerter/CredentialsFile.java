package serai.watch.alerter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import serai.watch.rule.Options;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleFile;

/**
 * A login kept in a YAML file of its own: {@code user} and {@code password}, or {@code apikey}. Its path is relative to
 * the rule's file.
 *
 * @param user or null when there is a key
 * @param password a secret
 * @param apiKey a secret, or null
 */
record CredentialsFile(String user, String password, String apiKey) {

    private static final int LONGEST = 64 * 1024;

    /** @throws RuleException when the file cannot be read or holds no login; the message does not quote it */
    static CredentialsFile read(AlerterOptions given, String option) throws RuleException {
        Path folder = given.rule().file().getParent();
        String name = given.string(option, "");
        Path file = folder == null ? Path.of(name) : folder.resolve(name);
        Options account;
        try {
            if (Files.size(file) > LONGEST) {
                throw given.refused(option, file + " is too long to be a login");
            }
            account = RuleFile.read(Files.readString(file, StandardCharsets.UTF_8), System::getenv);
        } catch (IOException e) {
            throw given.refused(
                    option, file + " cannot be read: " + e.getClass().getSimpleName());
        } catch (RuleException e) {
            throw given.refused(option, file + " is not a YAML map of user and password");
        }
        if (!account.has("apikey") && !(account.has("user") && account.has("password"))) {
            throw given.refused(option, file + " must have the fields user and password, or apikey");
        }
        return new CredentialsFile(
                account.text("user", null), account.text("password", null), account.text("apikey", null));
    }

    @Override
    public String toString() {
        return "account";
    }
}
