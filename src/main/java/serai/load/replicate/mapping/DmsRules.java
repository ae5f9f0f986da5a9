package serai.load.replicate.mapping;

import java.util.List;
import java.util.Set;
import serai.edits.EditRefusedException;
import serai.load.replicate.mapping.ClassifiedRule.Verdict;

/**
 * Reads the rules of a table-mapping file of AWS DMS and classifies each. What is malformed is an error: a protection
 * must not be lost by a misspelled word. What is well formed and not supported is classified as refused, and is left
 * out. See {@code docs/reference/aws-dms.md}, "Rules".
 */
final class DmsRules {

    private static final List<String> TYPES =
            List.of("selection", "transformation", "table-settings", "validation", "object-mapping", "post-processing");

    private final MappingRules rules = new MappingRules();
    private final SelectionReader selections = new SelectionReader(rules);
    private final TransformationReader transformations;

    private DmsRules(boolean hasMaskKey) {
        this.transformations = new TransformationReader(rules, hasMaskKey);
    }

    /** @param hasMaskKey whether there is a key for salted hashes */
    static MappingRules read(MappingValue file, boolean hasMaskKey) throws EditRefusedException {
        MappingValue.Fields root = file.asFields("the file is one object: write { \"rules\": [ ... ] }");
        root.allow(Set.of("rules"));
        if (!root.has("rules")) {
            throw root.at().refused("'rules' is missing: write { \"rules\": [ ... ] }");
        }
        DmsRules reader = new DmsRules(hasMaskKey);
        for (MappingValue rule : root.list("rules")) {
            reader.rule(rule.asFields("a rule is an object in braces"));
        }
        return reader.rules;
    }

    private void rule(MappingValue.Fields rule) throws EditRefusedException {
        String type = rule.choice("rule-type", TYPES);
        String digits = rule.required("rule-id", "write a number that no other rule has");
        if (!digits.matches("[0-9]{1,18}")) {
            throw rule.at("rule-id").refused("'rule-id' is a whole number of at most 18 digits");
        }
        long id = Long.parseLong(digits);
        if (rules.knows(id)) {
            throw rule.at("rule-id").refused("another rule has the rule-id " + id + ": give one of them another");
        }
        rules.classify(
                switch (type) {
                    case "selection" -> selections.read(rule, id);
                    case "transformation" -> transformations.read(rule, id);
                    case "table-settings" -> tableSettings(rule, id);
                    case "object-mapping" -> transformations.objectMapping(rule, id);
                    case "validation" ->
                        new ClassifiedRule(
                                id,
                                rule.at().line(),
                                "validation",
                                Verdict.IRRELEVANT,
                                "validation compares values as they arrive, through masks");
                    default ->
                        new ClassifiedRule(id, rule.at().line(), type, Verdict.IRRELEVANT, "it is about files in S3");
                });
    }

    private static ClassifiedRule tableSettings(MappingValue.Fields rule, long id) throws EditRefusedException {
        String mode = "";
        if (rule.object("lob-settings").isPresent()) {
            MappingValue.Fields lobs = rule.object("lob-settings").get();
            mode = lobs.has("mode") ? lobs.choice("mode", List.of("limited", "unlimited", "none")) : "";
        }
        int line = rule.at().line();
        return switch (mode) {
            case "none" ->
                new ClassifiedRule(
                        id,
                        line,
                        "table-settings",
                        Verdict.REFUSED,
                        "'lob-settings' leaves large columns out without naming them: remove each by remove-column");
            case "limited" ->
                new ClassifiedRule(
                        id, line, "table-settings", Verdict.DIFFERENT, "large values arrive whole and are never cut");
            default ->
                new ClassifiedRule(
                        id,
                        line,
                        "table-settings",
                        Verdict.IRRELEVANT,
                        "tables are divided for the first copy, and large values arrive, without being told");
        };
    }
}
