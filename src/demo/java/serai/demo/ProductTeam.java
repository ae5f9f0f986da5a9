package serai.demo;

import java.util.ArrayList;
import java.util.List;
import serai.demo.ProductEvents.User;

/** A team, its members and its subscription, as they are now. */
final class ProductTeam {

    final long id;
    final String owner;
    final String currency;
    final List<User> members = new ArrayList<>();
    ProductPlan plan;
    int seats;
    boolean subscribes = true;

    ProductTeam(long id, User owner, ProductPlan plan, int seats) {
        this.id = id;
        this.owner = owner.id();
        this.currency = "US".equals(owner.country()) ? "USD" : "GB".equals(owner.country()) ? "GBP" : "EUR";
        this.plan = plan;
        this.seats = seats;
    }

    /** Monthly, in the smallest unit of its currency. */
    long revenue() {
        return subscribes ? (long) plan.priceMinor() * seats : 0;
    }
}
