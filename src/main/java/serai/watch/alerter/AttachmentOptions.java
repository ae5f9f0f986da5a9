package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.watch.message.Alert;
import serai.watch.python.Python;

/** What Slack's attachments have in common with those of the chats that took over their shape. */
final class AttachmentOptions {

    private final Map<String, Option<String>> fields = new LinkedHashMap<>();
    private final List<DiscoverLink> links;

    /** Adds an option for a text to the list. */
    interface Text {
        Option<String> option(String name, String otherwise);
    }

    /** The link to Discover that is attached for a product. */
    private record DiscoverLink(String field, Option<Boolean> attach, Option<String> color, Option<String> title) {

        static DiscoverLink of(OptionList options, String prefix, String product, String title, Text text) {
            String name = prefix + product + "_discover_";
            return new DiscoverLink(
                    product + "_discover_url",
                    options.flag(prefix + "attach_" + product + "_discover_url"),
                    text.option(name + "color", "#ec4b98"),
                    text.option(name + "title", title));
        }
    }

    /**
     * Declares the options.
     *
     * @param prefix of their names, such as {@code slack_}
     * @param openSearch the default title of the link to OpenSearch's Discover
     * @param text adds an option for a text
     * @param fields plain fields, whose options have their names
     */
    AttachmentOptions(OptionList options, String prefix, String openSearch, Text text, String... fields) {
        for (String field : fields) {
            this.fields.put(field, text.option(prefix + field, null));
        }
        this.links = List.of(
                DiscoverLink.of(options, prefix, "kibana", "Discover in Kibana", text),
                DiscoverLink.of(options, prefix, "opensearch", openSearch, text));
    }

    /** Sets the plain fields that the rule has. */
    void putFields(AlerterOptions options, ObjectNode attachment) {
        fields.forEach((field, option) -> Json.putUnlessEmpty(attachment, field, options.get(option)));
    }

    /** Adds an attachment for each link of the match that the rule wants attached. */
    void addLinks(AlerterOptions options, Alert alert, ArrayNode attachments) {
        for (DiscoverLink link : links) {
            Object address = alert.field(link.field);
            if (options.get(link.attach) && Python.truthy(address)) {
                attachments
                        .addObject()
                        .put("color", options.get(link.color))
                        .put("title", options.get(link.title))
                        .put("title_link", Python.str(address));
            }
        }
    }
}
