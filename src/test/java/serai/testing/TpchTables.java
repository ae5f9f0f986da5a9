package serai.testing;

import io.trino.tpch.Customer;
import io.trino.tpch.CustomerGenerator;
import io.trino.tpch.Distributions;
import io.trino.tpch.LineItem;
import io.trino.tpch.LineItemGenerator;
import io.trino.tpch.Nation;
import io.trino.tpch.NationGenerator;
import io.trino.tpch.Order;
import io.trino.tpch.OrderGenerator;
import io.trino.tpch.Part;
import io.trino.tpch.PartGenerator;
import io.trino.tpch.PartSupplier;
import io.trino.tpch.PartSupplierGenerator;
import io.trino.tpch.Region;
import io.trino.tpch.RegionGenerator;
import io.trino.tpch.Supplier;
import io.trino.tpch.SupplierGenerator;
import io.trino.tpch.TextPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The tables of TPC-H as a source of models from outside the project: {@code src/test/resources/tpch}. The rows are
 * those of the published generator, the same at each call.
 */
public final class TpchTables {

    /** The folder of its models, in {@code sql}, and of the same reports over the landing tables, in {@code plain}. */
    public static final Path FOLDER = Path.of("src/test/resources/tpch");

    private static final int TEXT_POOL = 5_000_000;

    private final double scale;
    private final Distributions distributions = Distributions.getDefaultDistributions();
    private final TextPool texts = new TextPool(TEXT_POOL, distributions);

    /** @param scale of TPC-H: 0.01 gives 15,000 orders; with less, keys of its partsupp repeat */
    public TpchTables(double scale) {
        this.scale = scale;
    }

    /** Creates the landing tables and fills them. */
    public void land(TestDatabase database) {
        database.execute(text(FOLDER.resolve("sql/migrations/V1__tpch.sql")));
        Map<String, Stream<String>> tables = Map.of(
                "region",
                rows(new RegionGenerator(distributions, texts), (Region r) -> row(r.getRegionKey(), r.getName())),
                "nation",
                rows(
                        new NationGenerator(distributions, texts),
                        (Nation n) -> row(n.getNationKey(), n.getName(), n.getRegionKey())),
                "customer",
                rows(
                        new CustomerGenerator(scale, 1, 1, distributions, texts),
                        (Customer c) -> row(
                                c.getCustomerKey(), c.getName(), c.getNationKey(), c.getPhone(), c.getMarketSegment())),
                "supplier",
                rows(
                        new SupplierGenerator(scale, 1, 1, distributions, texts),
                        (Supplier s) -> row(s.getSupplierKey(), s.getName(), s.getNationKey(), s.getPhone())),
                "part",
                rows(
                        new PartGenerator(scale, 1, 1, distributions, texts),
                        (Part p) -> row(
                                p.getPartKey(),
                                p.getName(),
                                p.getManufacturer(),
                                p.getBrand(),
                                p.getType(),
                                p.getSize(),
                                p.getContainer())),
                "partsupp",
                rows(
                        new PartSupplierGenerator(scale, 1, 1, texts),
                        (PartSupplier p) -> row(p.getPartKey(), p.getSupplierKey(), money(p.getSupplyCostInCents()))),
                "orders",
                rows(
                        new OrderGenerator(scale, 1, 1, distributions, texts),
                        (Order o) -> row(
                                o.getOrderKey(),
                                o.getCustomerKey(),
                                day(o.getOrderDate()),
                                o.getOrderPriority(),
                                o.getShipPriority(),
                                money(o.getTotalPriceInCents()))),
                "lineitem",
                rows(
                        new LineItemGenerator(scale, 1, 1, distributions, texts),
                        (LineItem l) -> row(
                                l.getOrderKey(),
                                l.getLineNumber(),
                                l.getPartKey(),
                                l.getSupplierKey(),
                                l.getQuantity(),
                                money(l.getExtendedPriceInCents()),
                                l.getDiscountPercent(),
                                l.getTaxPercent(),
                                day(l.getCommitDate()),
                                l.getShipMode())));
        tables.forEach((table, rows) -> database.copy("landing." + table, rows));
        database.execute("analyze");
    }

    /** A text of a file. */
    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> Stream<String> rows(Iterable<T> generator, Function<T, String> row) {
        return StreamSupport.stream(generator.spliterator(), false).map(row);
    }

    /** Of COPY's text format; the generator's texts have no tab or backslash. */
    private static String row(Object... values) {
        return Arrays.stream(values).map(String::valueOf).collect(Collectors.joining("\t", "", "\n"));
    }

    private static BigDecimal money(long cents) {
        return BigDecimal.valueOf(cents, 2);
    }

    private static LocalDate day(int epochDay) {
        return LocalDate.ofEpochDay(epochDay);
    }
}
