/**
 * The interface by which {@code serai.Application} opens the rooms: {@code load}, {@code refresh}, {@code watch} and
 * {@code show}. Start reading at {@link serai.room.Room}.
 */
package serai.room;
