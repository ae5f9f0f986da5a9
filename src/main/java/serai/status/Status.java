package serai.status;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The state of everything at one instant, read in one snapshot of {@code meta.*}.
 *
 * @param now when it was read, by the warehouse's clock
 * @param sections in the order in which the rooms were opened
 */
public record Status(Instant now, List<Part> sections) {

    /** A section and its rows. */
    public record Part(StatusSection section, SectionRows rows) {}

    /** The rows of a section; none when there is no such section. */
    public List<StatusRow> rows(String section) {
        return part(section).map(part -> part.rows().rows()).orElse(List.of());
    }

    /** A section by its name. */
    public Optional<Part> part(String section) {
        return sections.stream()
                .filter(part -> part.section().name().equals(section))
                .findFirst();
    }

    /** The rows that bring the data that readers wait for. */
    public List<StatusRow> dataRows() {
        return sections.stream()
                .filter(part -> part.section().isData())
                .flatMap(part -> part.rows().rows().stream())
                .toList();
    }

    /** The worst of everything. */
    public Condition worst() {
        return allRows().map(StatusRow::condition).reduce(Condition.OK, Condition::worse);
    }

    private Stream<StatusRow> allRows() {
        return sections.stream().flatMap(part -> part.rows().rows().stream());
    }
}
