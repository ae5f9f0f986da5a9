package serai.load;

/** Floating-point numbers of 4 or 8 bytes. */
final class FloatFormat implements FieldFormat {

    /** A plain number that is shorter than this is never out of range. */
    private static final int SAFE_LENGTH = 20;

    private final boolean single;

    FloatFormat(int bytes) {
        this.single = bytes == 4;
    }

    @Override
    public String write(char[] chars, int from, int to, CopyBuffer out) {
        if (to - from < SAFE_LENGTH && NumericFormat.plainDigits(chars, from, to) >= 0) {
            out.writeAscii(chars, from, to);
            return null;
        }
        String text = new String(chars, from, to - from);
        if (!text.equals("NaN") && !text.equals("Infinity") && !text.equals("-Infinity")) {
            if (!NumericFormat.NUMBER.matcher(text).matches()) {
                return NumericFormat.OTHER_FORM.matcher(text).matches()
                        ? ServerFormat.judge(chars, from, to, out)
                        : "is not a number";
            }
            double value = single ? Float.parseFloat(text) : Double.parseDouble(text);
            boolean isZero = text.split("[eE]")[0].chars().noneMatch(c -> c >= '1' && c <= '9');
            if (Double.isInfinite(value) || value == 0 && !isZero) {
                return "is out of the range of the column's floating-point numbers";
            }
        }
        out.writeAscii(text);
        return null;
    }
}
