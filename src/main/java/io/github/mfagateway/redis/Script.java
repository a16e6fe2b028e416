package io.github.mfagateway.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What Redis does in one step.
 *
 * <p>{@code mfa:floors:2} is one string: a generation (16 characters), the number of evictions so far (12 digits), and for each
 * bucket of users 12 digits: the number of its last eviction. An answer counts only if its fetch began in this generation and
 * after its user's last eviction. The string is never lost in part: when Redis forgets it, a new generation begins, and
 * nothing from before counts.
 *
 * <p>{@code mfa:evictions:2} is a stream whose ids are the numbers of the evictions.
 *
 * <p>Every script that writes deletes first: a Redis that is full refuses a script only at its first write that takes memory,
 * and an eviction must not be refused.
 */
enum Script {

    /**
     * Tells generation, count, time, and the oldest eviction that is still told; makes what is not there. A read-only
     * replica refuses it.
     */
    BEGIN("""
            redis.call('UNLINK', KEYS[3])
            if redis.call('STRLEN', KEYS[1]) ~= tonumber(ARGV[2])
                or not tonumber(redis.call('GETRANGE', KEYS[1], 16, 27)) then
              redis.call('UNLINK', KEYS[1], KEYS[2])
              redis.call('SETRANGE', KEYS[1], tonumber(ARGV[2]) - 1, '0')
              redis.call('SETRANGE', KEYS[1], 0, ARGV[1] .. '000000000000')
            end
            local oldest = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)
            local time = redis.call('TIME')
            return {redis.call('GETRANGE', KEYS[1], 0, 27), time[1] .. string.format('%06d', time[2]),
              oldest[1] and oldest[1][1] or ''}
            """),

    /** Forgets everything: a new generation begins. */
    FORGET("""
            return redis.call('UNLINK', KEYS[1], KEYS[2])
            """),

    /** Tells generation, count and time, and if there is an answer that counts, that. */
    LOOK("""
            local head = redis.call('GETRANGE', KEYS[1], 0, 27)
            local time = redis.call('TIME')
            local now = time[1] .. string.format('%06d', time[2])
            local value = redis.pcall('GET', KEYS[3])
            if not value or type(value) == 'string' and string.sub(value, 1, 1) ~= ARGV[1] then
              return {head, now}
            end
            local bucket = type(value) == 'string' and tonumber(string.sub(value, 30, 34))
            if not bucket then
              redis.call('UNLINK', KEYS[3])
              return {head, now}
            end
            local since = string.sub(value, 18, 29)
            local floor = redis.call('GETRANGE', KEYS[1], 28 + 12 * bucket, 39 + 12 * bucket)
            if string.sub(value, 2, 17) ~= string.sub(head, 1, 16) or since < floor then
              redis.call('UNLINK', KEYS[3])
              return {head, now}
            end
            return {head, now, value}
            """),

    /** Stores an answer unless its user was evicted since, its key refused, or a later one is there. */
    STORE("""
            local head = string.sub(ARGV[1], 1, 50)
            local since = string.sub(head, 18, 29)
            local at = 28 + 12 * tonumber(string.sub(head, 30, 34))
            local floor = redis.call('GETRANGE', KEYS[1], at, at + 11)
            local there = redis.call('GETRANGE', KEYS[3], 0, 49)
            if string.sub(head, 2, 17) ~= redis.call('GETRANGE', KEYS[1], 0, 15)
                or since < floor
                or there == 'refused'
                or string.sub(there, 1, 17) == string.sub(head, 1, 17)
                  and string.sub(there, 35, 50) > string.sub(head, 35, 50) then
              return 0
            end
            redis.call('SET', KEYS[3], ARGV[1], 'PX', ARGV[2])
            return 1
            """),

    /** Keeps answers to a refused key away for as long as one from before can arrive. */
    REMOVE("""
            redis.call('UNLINK', KEYS[3])
            redis.call('SET', KEYS[3], 'refused', 'PX', ARGV[1])
            return 1
            """),

    /** Raises a bucket's floor, and tells every replica. */
    EVICT("""
            redis.call('UNLINK', KEYS[3])
            local head = redis.call('GETRANGE', KEYS[1], 0, 27)
            if #head < 28 then
              return 0
            end
            local count = string.format('%012d', tonumber(string.sub(head, 17)) + 1)
            redis.call('SETRANGE', KEYS[1], 16, count)
            redis.call('SETRANGE', KEYS[1], 28 + 12 * tonumber(ARGV[2]), count)
            redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], string.format('%.0f-0', tonumber(count)),
              'user', ARGV[1], 'by', ARGV[3])
            return 1
            """);

    // another layout has other names, so that replicas of two versions do not take each other's for lost
    static final String FLOORS = "mfa:floors:2";
    static final String EVICTIONS = "mfa:evictions:2";

    static final int FLOORS_LENGTH = Mark.GENERATION + Mark.COUNT + Names.BUCKETS * Mark.COUNT;

    private final String text;
    private final String sha1;

    Script(String text) {
        this.text = text;
        this.sha1 = sha1(text);
    }

    String text() {
        return text;
    }

    /** How Redis names a script it knows. */
    String sha1() {
        return sha1;
    }

    private static String sha1(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
