package serai.demo;

import java.util.Locale;

/** What teams of the made-up product subscribe to. */
enum ProductPlan {
    FREE("Free", 0),
    TEAM("Team", 900),
    BUSINESS("Business", 1900);

    private final String title;
    private final int priceMinor;

    ProductPlan(String title, int priceMinor) {
        this.title = title;
        this.priceMinor = priceMinor;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    String title() {
        return title;
    }

    /** Of a seat a month, in the smallest unit of the team's currency. */
    int priceMinor() {
        return priceMinor;
    }
}
