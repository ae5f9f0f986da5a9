/**
 * The program: {@link serai.Serai} is its main class, {@code Application} opens the rooms and {@code Commands} holds
 * the command line. Everything else is in the packages below: rooms ({@code load}, {@code refresh}, {@code watch},
 * {@code show}), which do not know each other, and the ground floor that they stand on.
 */
package serai;
