/**
 * The commands {@code rule} and {@code silence}. Those that try a rule run it with the engine's own parts, on a clock
 * of their own ({@code Simulation}); the others read and write tables of {@code meta}.
 * {@code serai.watch.WatchCommands} puts them together.
 */
package serai.watch.command;
