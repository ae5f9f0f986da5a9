package serai.watch.template;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.lib.expression.ExpressionStrategy;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.loader.ResourceLocator;
import com.hubspot.jinjava.mode.ExecutionMode;
import com.hubspot.jinjava.tree.output.RenderedOutputNode;
import com.hubspot.jinjava.tree.parse.ExpressionToken;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import jinjava.de.odysseus.el.ExpressionFactoryImpl;
import jinjava.de.odysseus.el.tree.TreeBuilder;
import jinjava.de.odysseus.el.tree.impl.Builder;
import jinjava.javax.el.ExpressionFactory;

/** Jinjava with the values, operators, methods, filters, tests and printing of Jinja2, and bounds for time and size. */
final class JinjaEngine extends Jinjava {

    /** The name of the variable that holds the clock of a rendering. */
    private static final String CLOCK = "\0clock";

    private static final int LONGEST_LOOP = 10_000;
    private static final int DEEPEST = 20;
    private static final JinjaEngine SHARED = new JinjaEngine();

    private final ExpressionFactory expressions = new ExpressionFactoryImpl(new Properties(), new Truth.Converter()) {
        @Override
        protected TreeBuilder createTreeBuilder(Properties properties, Builder.Feature... features) {
            return new ExpressionParser.Trees(features);
        }
    };

    private JinjaEngine() {
        super(config());
        JinjaFilter.byName().values().forEach(this::registerFilter);
        JinjaTest.byName().values().forEach(this::registerExpTest);
        registerFunction(new ELFunctionDefinition("", "dict", CollectionMethods.class, "dict", Object[].class));
        registerTag(new Truth.Branches());
        registerTag(new LoopTag());
        registerTag(new ScopeTags.FilterTag());
        registerTag(new ScopeTags.WithTag());
        getGlobalContext().setDynamicVariableResolver(JinjaEngine::unknown);
        setResourceLocator(new WorkingDirectory());
    }

    static JinjaEngine shared() {
        return SHARED;
    }

    private static Object unknown(String name) {
        return name.equals("none") || name.equals("None") ? None.NONE : Undefined.variable(name);
    }

    /** Renders a template with its variables and a clock of its own. */
    RenderResult renderTimed(String source, Map<String, Object> variables) {
        variables.put(CLOCK, new Clock());
        return renderForResult(source, variables);
    }

    @Override
    public ExpressionFactory getExpressionFactory() {
        return expressions;
    }

    private static JinjavaConfig config() {
        return JinjavaConfig.newBuilder()
                .withNestedInterpretationEnabled(false)
                .withElResolver(new AttributeResolver())
                .withExecutionMode(new Printing())
                .withMaxOutputSize(Values.LONGEST)
                .withMaxStringLength(Values.LONGEST)
                .withMaxListSize(100_000)
                .withMaxMapSize(100_000)
                .withRangeLimit(LONGEST_LOOP)
                .withMaxRenderDepth(DEEPEST)
                .withEnableRecursiveMacroCalls(true)
                .withMaxMacroRecursionDepth(DEEPEST)
                .withKeepTrailingNewline(true)
                .withEnableFilterChainOptimization(true)
                .withProcessors(JinjavaProcessors.newBuilder()
                        .withNodePreProcessor((node, interpreter) -> tick(interpreter))
                        .build())
                .withLegacyOverrides(LegacyOverrides.newBuilder()
                        .withEvaluateMapKeys(true)
                        .withIterateOverMapKeys(true)
                        .withUsePyishObjectMapper(false)
                        .withUseNaturalOperatorPrecedence(true)
                        .withParseWhitespaceControlStrictly(true)
                        .withAllowAdjacentTextNodes(true)
                        .withUseTrimmingForNotesAndExpressions(true)
                        .withKeepNullableLoopValues(true)
                        .withHandleBackslashInQuotesOnly(true)
                        .build())
                .build();
    }

    private static void tick(JinjavaInterpreter interpreter) {
        if (interpreter.getContext().get(CLOCK) instanceof Clock clock) {
            clock.tick();
        }
    }

    /** Stops a rendering that takes too long. */
    private static final class Clock {

        private static final long LONGEST_NANOS = 2_000_000_000L;
        private static final int MOST_STEPS = 200_000;

        private final long started = System.nanoTime();
        private int steps;

        private void tick() {
            if (++steps > MOST_STEPS || System.nanoTime() - started > LONGEST_NANOS) {
                throw new RenderException("the template takes too long");
            }
        }
    }

    /** Prints the values of expressions as Python does. */
    private static final class Printing implements ExecutionMode {

        @Override
        public void prepareContext(Context context) {
            context.setExpressionStrategy(new Strategy());
        }
    }

    private static final class Strategy implements ExpressionStrategy {

        private static final long serialVersionUID = 1L;

        @Override
        public RenderedOutputNode interpretOutput(ExpressionToken token, JinjavaInterpreter interpreter) {
            Object value = interpreter.resolveELExpression(token.getExpr(), token.getLineNumber());
            return new RenderedOutputNode(Values.text(value));
        }
    }

    /** Included templates are files below the working directory, as in ElastAlert. */
    static final class WorkingDirectory implements ResourceLocator {

        private static final long LONGEST_FILE = 1_000_000;

        @Override
        public String getString(String name, Charset charset, JinjavaInterpreter interpreter) throws IOException {
            Path path = path(name);
            if (!Files.isRegularFile(path)) {
                throw missing(name);
            }
            if (Files.size(path) > LONGEST_FILE) {
                throw new IOException("the file " + name + " is longer than " + LONGEST_FILE + " bytes");
            }
            return Files.readString(path, charset);
        }

        static Path path(String name) throws IOException {
            Path path = Path.of(name.replaceFirst("^/+", "")).normalize();
            if (path.startsWith("..")) {
                throw missing(name);
            }
            return path;
        }

        private static IOException missing(String name) {
            return new IOException("there is no file " + name + " below the working directory");
        }
    }
}
