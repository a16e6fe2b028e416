package io.github.mfagateway.cache.redis;

/** Lua scripts, which Redis executes atomically. Sent with each call, so that a flushed script cache does not matter. */
final class RedisScripts {

    // only from a master, because a replica's data may be outdated
    private static final String REPLICATION_ID =
            "string.match(redis.call('INFO', 'replication'), 'role:master.-master_replid:(%w+)') or ''";

    // two lists of 64 KiB, GenAuth's limit, and what encryption adds; a longer value is not this service's
    private static final int MAX_VALUE = 256 * 1024;

    // an epoch has 22 characters; a longer value is not this service's
    private static final int MAX_EPOCH = 64;

    /** Sets {@code epochs} to the values of all keys but the first one; false for a key without a valid value. */
    private static final String READ_EPOCHS = """
            local epochs = {}
            for i = 2, #KEYS do
              epochs[i - 1] = redis.call('STRLEN', KEYS[i]) <= %d and redis.call('GET', KEYS[i])
            end
            """.formatted(MAX_EPOCH);

    /** KEYS: entry, epochs. ARGV: new epoch, its life in ms. */
    static final String LOOKUP = READ_EPOCHS + """
            for i = 2, #KEYS do
              if not epochs[i - 1] then
                epochs[i - 1] = ARGV[1]
                redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2])
              elseif redis.call('PTTL', KEYS[i]) < tonumber(ARGV[2]) then
                redis.call('PEXPIRE', KEYS[i], ARGV[2])
              end
            end
            local time = redis.call('TIME')
            local entry = redis.call('STRLEN', KEYS[1]) <= %d and redis.call('GET', KEYS[1])
            return {%s, time[1] .. string.format('%%06d', time[2]), table.concat(epochs, ' '), entry}
            """.formatted(MAX_VALUE, REPLICATION_ID);

    /**
     * KEYS: entry, epochs. ARGV: epoch of the lookup, value, its end in microseconds, margin in ms. A newer entry stays, unless
     * it is from the future: the clock was set back since.
     */
    static final String STORE = READ_EPOCHS + """
            for i = 1, #epochs do
              if not epochs[i] then
                return 0
              end
            end
            local newest = redis.call('GETRANGE', KEYS[1], 0, 15)
            local time = redis.call('TIME')
            local now = time[1] .. string.format('%06d', time[2])
            local newer = newest > string.sub(ARGV[2], 1, 16) and newest <= now
            local life = math.floor((tonumber(ARGV[3]) - time[1] * 1000000 - time[2]) / 1000)
            if table.concat(epochs, ' ') ~= ARGV[1] or newer or life <= 0 then
              return 0
            end
            redis.call('SET', KEYS[1], ARGV[2], 'PX', life)
            for i = 2, #KEYS do
              if redis.call('PTTL', KEYS[i]) < life + ARGV[4] then
                redis.call('PEXPIRE', KEYS[i], life + ARGV[4])
              end
            end
            return 1
            """;

    /** KEYS: entry. ARGV: beginning of the value to delete. */
    static final String REMOVE = """
            if redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) == ARGV[1] then
              redis.call('UNLINK', KEYS[1])
            end
            return 1
            """;

    /** KEYS: to delete. ARGV: channels and messages in turn. No command allocates memory, so a full Redis executes all. */
    static final String INVALIDATE = """
            if #KEYS > 0 then
              redis.call('UNLINK', unpack(KEYS))
            end
            for i = 1, #ARGV, 2 do
              redis.call('PUBLISH', ARGV[i], ARGV[i + 1])
            end
            return 1
            """;

    /** KEYS: the replica's channel. UNLINK fails on a server that accepts no writes. */
    static final String HEARTBEAT = """
            redis.call('UNLINK', KEYS[1])
            if redis.call('PUBLISH', KEYS[1], '') == 0 then
              return redis.error_reply('NOSUBSCRIBER the subscription is lost')
            end
            return %s
            """.formatted(REPLICATION_ID);

    private RedisScripts() {}
}
