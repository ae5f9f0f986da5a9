package serai.watch.type;

/** What a value may be at least and at most; null where there is no bound. Both bounds are still within. */
record ValueBounds(Number least, Number most) {

    boolean areLeftBy(Number value) {
        return most != null && value.doubleValue() > most.doubleValue()
                || least != null && value.doubleValue() < least.doubleValue();
    }
}
