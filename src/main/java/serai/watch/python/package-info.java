/**
 * Python's values and text formats, as far as ElastAlert rules show them: printing ({@code str}, {@code repr}),
 * {@code str.format}, the {@code %} operator, {@code json.dumps}, {@code strftime} and {@code strptime},
 * {@code textwrap}, methods of {@code str}, and equality.
 *
 * <p>Existing rules rely on the exact output, so each class does what Python 3.11 does; the tests compare with recorded
 * output of Python. The package knows no rule and no template: {@link serai.watch.template Jinja2 templates} are built
 * on it.
 *
 * <p>Start with {@link serai.watch.python.Python}.
 */
package serai.watch.python;
