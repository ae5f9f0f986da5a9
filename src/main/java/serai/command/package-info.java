/**
 * The ground floor of the command line: what a command works with ({@link serai.command.CommandContext}), how it
 * answers ({@link serai.command.CommandOutput}) and the exit codes. Each room has commands of its own;
 * {@code serai.Commands} puts them together.
 */
package serai.command;
