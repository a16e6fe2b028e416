package io.github.mfagateway.redis;

/**
 * A moment as Redis counts: evictions so far, and Redis' own time.
 *
 * @param generation of the count; another one when what was counted is lost
 * @param micros since 1970, by Redis' clock
 */
record Mark(String generation, long evictions, long micros) {

    static final int GENERATION = 16;
    static final int COUNT = 12;
    static final int MICROS = 16;

    /** @param head generation and count, as Redis keeps them */
    static Mark of(String head, String micros) {
        if (head.length() != GENERATION + COUNT || micros.length() != MICROS) {
            throw new UnreadableException("a mark of " + head.length() + " and " + micros.length() + " characters");
        }
        try {
            return new Mark(
                    head.substring(0, GENERATION), Long.parseLong(head.substring(GENERATION)), Long.parseLong(micros));
        } catch (NumberFormatException garbled) {
            throw new UnreadableException("a mark that is no number");
        }
    }

    Mark later(long nanos) {
        return new Mark(generation, evictions, micros + nanos / 1000);
    }

    Mark at(long evictions) {
        return new Mark(generation, evictions, micros);
    }

    String count() {
        return "%012d".formatted(evictions);
    }
}
