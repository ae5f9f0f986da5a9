/**
 * Jinja2 templates in alert texts and payloads, as ElastAlert rules contain them. {@link serai.watch.template.Template}
 * is the entry point.
 *
 * <p>The engine is Jinjava, which is close to Jinja2 but has Java's values. {@code JinjaEngine} replaces what differs:
 * expressions ({@code ExpressionParser}, {@code Operators}), attributes and methods ({@code AttributeResolver},
 * {@code TextMethods}, {@code CollectionMethods}), filters, tests and tags. Values, printing and formats are those of
 * {@link serai.watch.python}.
 */
package serai.watch.template;
