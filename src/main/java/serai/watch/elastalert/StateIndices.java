package serai.watch.elastalert;

/**
 * ElastAlert's indices, called by its {@code writeback_index} and an ending (spec/elastalert.md 3.2).
 *
 * @param base the index of alerts
 */
public record StateIndices(String base) {

    String of(StateDocument.Kind kind) {
        return switch (kind) {
            case STATUS -> status();
            case SILENCE -> silence();
            case ALERT -> base;
            case ERROR -> error();
        };
    }

    String status() {
        return base + "_status";
    }

    String silence() {
        return base + "_silence";
    }

    String error() {
        return base + "_error";
    }

    String past() {
        return base + "_past";
    }
}
