package serai.watch.alerter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import serai.settings.Secrets;
import serai.watch.rule.Options;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleFile;

/**
 * A login in a YAML file of its own: {@code user} and {@code password}, or {@code apikey}. Its path is relative to the
 * rule's file.
 *
 * @param user or null when there is a key
 * @param password a secret
 * @param apiKey a secret, or null
 */
record CredentialsFile(String user, String password, String apiKey) {

    private static final int LONGEST = 64 * 1024;

    /** @throws RuleException when the file cannot be read or holds no login; the message does not quote it */
    static CredentialsFile read(AlerterOptions options, Option<String> option) throws RuleException {
        Path folder = options.rule().file().getParent();
        String name = options.get(option);
        Path file = folder == null ? Path.of(name) : folder.resolve(name);
        Options account;
        try {
            account = RuleFile.read(text(file), System::getenv);
        } catch (IOException e) {
            throw options.refused(
                    option.name(), file + " cannot be read: " + e.getClass().getSimpleName());
        } catch (RuleException e) {
            throw options.refused(option.name(), file + " is not a YAML map of user and password");
        }
        if (!account.has("apikey") && !(account.has("user") && account.has("password"))) {
            throw options.refused(option.name(), file + " must have the fields user and password, or apikey");
        }
        Secrets.addLogin(account.text("user", null), account.text("password", null));
        Secrets.add(account.text("apikey", null));
        return new CredentialsFile(
                account.text("user", null), account.text("password", null), account.text("apikey", null));
    }

    private static String text(Path file) throws IOException {
        if (Files.size(file) > LONGEST) {
            throw new IOException("longer than " + LONGEST + " bytes");
        }
        return Files.readString(file);
    }

    /** Without the login. */
    @Override
    public String toString() {
        return "account";
    }
}
