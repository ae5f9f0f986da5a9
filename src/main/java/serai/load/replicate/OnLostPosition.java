package serai.load.replicate;

/** What is done when the source has forgotten changes that were not applied. */
enum OnLostPosition {
    /** Nothing, until somebody asks for a reload. */
    STOP,
    /** All tables are copied anew, beside themselves, and what differs is written. */
    RELOAD
}
