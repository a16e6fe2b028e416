package io.github.mfagateway.cache.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.github.mfagateway.cache.CacheKey;
import io.github.mfagateway.cache.redis.RedisCommands.Message;

/**
 * Names of keys and channels, and the messages on them. All depend on the secret. During a rotation there are two secrets,
 * and invalidations use both.
 */
final class RedisKeys {

    private static final int DIGEST = 32;
    private static final int REPLICA = 16;

    private final SecureRandom random = new SecureRandom();
    private final byte[] replica = randomBytes();
    private final String prefix;
    private final List<SharedSecret> secrets;

    /** @param secrets the current one first */
    RedisKeys(String prefix, List<SharedSecret> secrets) {
        this.prefix = prefix;
        this.secrets = secrets;
    }

    SharedSecret secret() {
        return secrets.get(0);
    }

    String prefix() {
        return prefix;
    }

    String entry(CacheKey key) {
        return entry(secret(), key);
    }

    /** The epoch keys of the key and of its user, for each secret, so that a replica with only one can invalidate. */
    List<String> epochs(CacheKey key, Optional<String> user) {
        return secrets.stream()
                .flatMap(secret -> Stream.concat(
                        Stream.of(epoch(secret, key)), user.stream().map(subject -> epoch(secret, subject))))
                .toList();
    }

    private String epoch(SharedSecret secret, CacheKey key) {
        return prefix + "epoch:" + secret.digest("key", bytes(key));
    }

    private String epoch(SharedSecret secret, String user) {
        return prefix + "epoch:" + secret.digest("user", user.getBytes(StandardCharsets.US_ASCII));
    }

    String randomEpoch() {
        return base64(randomBytes());
    }

    String heartbeatChannel() {
        return prefix + "replica:" + base64(replica);
    }

    List<String> channels() {
        return secrets.stream().map(this::channel).toList();
    }

    /** The keys that an invalidation deletes. */
    List<String> keys(Invalidation invalidation) {
        if (invalidation.isOfAll()) {
            return List.of();
        }
        return secrets.stream()
                .flatMap(secret -> Stream.concat(
                        invalidation.key().stream().map(key -> entry(secret, key)),
                        Stream.of(invalidation
                                .user()
                                .map(user -> epoch(secret, user))
                                .orElseGet(
                                        () -> epoch(secret, invalidation.key().orElseThrow())))))
                .toList();
    }

    /** The messages that an invalidation publishes, one for each secret. */
    List<Message> messages(Invalidation invalidation) {
        char kind = invalidation.isOfAll() ? 'A' : invalidation.user().isPresent() ? 'U' : 'K';
        byte[] digest = invalidation
                .user()
                .map(Base64.getUrlDecoder()::decode)
                .or(() -> invalidation.key().map(RedisKeys::bytes))
                .orElseGet(() -> new byte[DIGEST]);
        byte[] plain = ByteBuffer.allocate(REPLICA + 1 + DIGEST)
                .put(replica)
                .put((byte) kind)
                .put(digest)
                .array();
        return secrets.stream()
                .map(secret -> new Message(channel(secret), secret.encrypt("message", channel(secret), plain)))
                .toList();
    }

    /**
     * Another replica's invalidation; empty for one of this replica.
     *
     * @throws RedisSessionEndedException if no secret of this replica decrypts it
     */
    Optional<Invalidation> read(String channel, byte[] message) {
        byte[] plain = secrets.stream()
                .filter(secret -> channel(secret).equals(channel))
                .flatMap(secret -> secret.decrypt("message", channel, message).stream())
                .findFirst()
                .orElseThrow(() -> new RedisSessionEndedException("a message is unreadable"));
        if (Arrays.equals(plain, 0, REPLICA, replica, 0, REPLICA)) {
            return Optional.empty();
        }
        byte[] digest = Arrays.copyOfRange(plain, REPLICA + 1, plain.length);
        return Optional.of(
                switch (plain[REPLICA]) {
                    case 'U' -> new Invalidation(Optional.empty(), Optional.of(base64(digest)));
                    case 'K' -> new Invalidation(Optional.of(key(digest)), Optional.empty());
                    default -> Invalidation.ALL;
                });
    }

    private String entry(SharedSecret secret, CacheKey key) {
        return prefix + "entry:" + secret.digest("entry", bytes(key));
    }

    /** Depends on the secret, because pub/sub spans all databases of a server. */
    private String channel(SharedSecret secret) {
        return prefix + "invalidations:" + secret.digest("channel", new byte[0]);
    }

    private byte[] randomBytes() {
        byte[] bytes = new byte[REPLICA];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] bytes(CacheKey key) {
        return ByteBuffer.allocate(DIGEST)
                .putLong(key.first())
                .putLong(key.second())
                .putLong(key.third())
                .putLong(key.fourth())
                .array();
    }

    private static CacheKey key(byte[] digest) {
        ByteBuffer numbers = ByteBuffer.wrap(digest);
        return new CacheKey(numbers.getLong(), numbers.getLong(), numbers.getLong(), numbers.getLong());
    }
}
