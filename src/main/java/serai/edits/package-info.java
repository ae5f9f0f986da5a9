/**
 * Edits while Serai runs. {@link serai.edits.Edits} polls the files, each {@link serai.edits.EditableFiles} applies one
 * kind of them, and a file that is invalid is refused with file, line and reason while what ran before keeps running.
 * Route files and kamelets are handled here; rooms bring their own kinds, such as alert rules and SQL models.
 */
package serai.edits;
