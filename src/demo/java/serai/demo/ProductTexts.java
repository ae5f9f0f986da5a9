package serai.demo;

import java.util.SplittableRandom;

/** Names, addresses and texts of made-up people, drawn at random. */
final class ProductTexts {

    private static final String[] FIRST = {"Ada", "Björn", "Chloé", "Đorđe", "Emre", "Fatima", "Grace", "Håkon", "花子"};
    private static final String[] LAST = {"Lovelace", "O'Neill", "Müller", "García", "Nowák", "Smith-Jones", "山田"};
    private static final String[] STREETS = {"High Street", "Rue de la Paix", "Lindenstraße", "Gran Vía"};
    private static final String[] WORDS = {
        "agenda",
        "budget",
        "customer",
        "decision",
        "estimate",
        "follow-up",
        "goal",
        "hiring",
        "issue",
        "journey",
        "kick-off",
        "launch",
        "metric",
        "next",
        "owner",
        "plan",
        "quarter",
        "risk",
        "scope",
        "timeline",
        "übung",
        "vendor",
        "weekly",
        "議事録",
        "\"quoted\"",
        "C:\\notes",
        "tab\there",
        "line\nbreak",
        "100 %",
        "€ 9.50"
    };

    private final SplittableRandom random;

    ProductTexts(SplittableRandom random) {
        this.random = random;
    }

    String pick(String... values) {
        return values[random.nextInt(values.length)];
    }

    String name() {
        return pick(FIRST) + " " + pick(LAST);
    }

    String address() {
        return random.nextInt(1, 200) + " " + pick(STREETS);
    }

    String digits(String form) {
        StringBuilder text = new StringBuilder();
        form.chars().forEach(c -> text.append(c == '#' ? (char) ('0' + random.nextInt(10)) : (char) c));
        return text.toString();
    }

    String title() {
        return pick(WORDS) + " " + pick(WORDS);
    }

    /** @param length about how many characters */
    String text(int length) {
        StringBuilder text = new StringBuilder(length + 16);
        while (text.length() < length) {
            text.append(pick(WORDS)).append(random.nextInt(10) == 0 ? ".\n" : " ");
        }
        return text.toString();
    }

    /** Bytes that do not compress, as PostgreSQL reads them. */
    String bytes(int length) {
        StringBuilder text = new StringBuilder(2 * length + 2).append("\\x");
        for (int i = 0; i < length; i++) {
            int value = random.nextInt(256);
            text.append(Character.forDigit(value >> 4, 16)).append(Character.forDigit(value & 15, 16));
        }
        return text.toString();
    }
}
