import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * How many users which deployment carries, on paper: {@code java src/benchmark/Capacity.java} simulates sessions against the
 * cache's policy, prints a table, and plots docs/capacity.svg where there is a gnuplot.
 *
 * <p>A user has one session a day, and a tenth of a day's sessions are in its busiest hour. A session has a token of its own
 * and asks on average six times, 15 s apart on average, whichever replica it meets. GenAuth allows 300 calls a second.
 */
public final class Capacity {

    static final int SESSIONS = 40_000;
    static final double SESSIONS_IN_BUSIEST_SECOND = 0.1 / 3600;
    static final double MEAN_QUESTIONS = 6;
    static final double MEAN_GAP = 15;
    static final double STALE_ON_ERROR = 600;
    static final double LIMIT = 300;
    // EntryCostTest prints it
    static final double BYTES_IN_A_REPLICA = 837;
    // Redis 7.0: used_memory for each of 50,000 answers of 347 bytes, and MEMORY USAGE of mfa:floors:2
    static final double BYTES_IN_REDIS = 870;
    static final double FLOORS = 917_560;

    record Deployment(int replicas, boolean shared, double fresh, double revalidate) {}

    /** Of one session, on average; entry seconds are how long how many entries lie there. */
    record Result(double questions, double calls, double waits, double replicaSeconds, double redisSeconds) {}

    static final class Copy {
        double fetchedAt;
        double fresh;
        boolean refreshed;

        Copy(double fetchedAt, double fresh) {
            this.fetchedAt = fetchedAt;
            this.fresh = fresh;
        }
    }

    static final class Session {
        final Deployment deployment;
        final Random random;
        final Copy[] local;
        final double[] localUntil;
        final double[] localSince;
        Copy redis;
        double redisSince = -1;
        double redisUntil;
        double questions;
        double calls;
        double waits;

        Session(Deployment deployment, Random random) {
            this.deployment = deployment;
            this.random = random;
            this.local = new Copy[deployment.replicas()];
            this.localUntil = new double[deployment.replicas()];
            this.localSince = new double[deployment.replicas()];
            Arrays.fill(localSince, -1);
        }

        void run() {
            double now = 0;
            do {
                ask(now, random.nextInt(deployment.replicas()));
                now += -MEAN_GAP * Math.log(1 - random.nextDouble());
            } while (random.nextDouble() < 1 - 1 / MEAN_QUESTIONS);
        }

        void ask(double now, int replica) {
            questions++;
            Copy copy = local[replica];
            if (copy != null && now - copy.fetchedAt < copy.fresh) {
                return;
            }
            if (copy != null && now - copy.fetchedAt < copy.fresh + deployment.revalidate()) {
                if (!copy.refreshed) {
                    copy.refreshed = true;
                    lookOrCall(now, replica, false);
                }
                return;
            }
            if (lookOrCall(now, replica, true)) {
                waits++;
            }
        }

        /** @return whether GenAuth was asked, and somebody waits for it */
        boolean lookOrCall(double now, int replica, boolean waiting) {
            if (deployment.shared() && redis != null) {
                double age = now - redis.fetchedAt;
                boolean fresh = age < redis.fresh;
                if (fresh || waiting && age < redis.fresh + deployment.revalidate()) {
                    keep(now, replica, new Copy(redis.fetchedAt, redis.fresh));
                    if (!fresh) {
                        call(now, replica);
                    }
                    return false;
                }
            }
            call(now, replica);
            return waiting;
        }

        void call(double now, int replica) {
            calls++;
            Copy copy = new Copy(now, deployment.fresh() * (0.9 + 0.2 * random.nextDouble()));
            keep(now, replica, copy);
            if (deployment.shared()) {
                redis = new Copy(now, copy.fresh);
                redisSince = redisSince < 0 ? now : redisSince;
                redisUntil = now + copy.fresh + STALE_ON_ERROR;
            }
        }

        void keep(double now, int replica, Copy copy) {
            local[replica] = copy;
            localSince[replica] = localSince[replica] < 0 ? now : localSince[replica];
            localUntil[replica] = copy.fetchedAt + copy.fresh + STALE_ON_ERROR;
        }

        double replicaSeconds() {
            double all = 0;
            for (int i = 0; i < local.length; i++) {
                all += local[i] == null ? 0 : localUntil[i] - localSince[i];
            }
            return all;
        }
    }

    static Result simulate(Deployment deployment) {
        Random random = new Random(1);
        double questions = 0;
        double calls = 0;
        double waits = 0;
        double replicaSeconds = 0;
        double redisSeconds = 0;
        for (int i = 0; i < SESSIONS; i++) {
            Session session = new Session(deployment, random);
            session.run();
            questions += session.questions;
            calls += session.calls;
            waits += session.waits;
            replicaSeconds += session.replicaSeconds();
            redisSeconds += session.redisSince < 0 ? 0 : session.redisUntil - session.redisSince;
        }
        return new Result(
                questions / SESSIONS,
                calls / SESSIONS,
                waits / SESSIONS,
                replicaSeconds / SESSIONS,
                redisSeconds / SESSIONS);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Locale.setDefault(Locale.ROOT);
        List<Deployment> deployments = new ArrayList<>();
        for (double fresh : new double[] {30, 300}) {
            for (int replicas : new int[] {1, 2, 6, 20}) {
                deployments.add(new Deployment(replicas, false, fresh, 30));
                if (replicas > 1) {
                    deployments.add(new Deployment(replicas, true, fresh, 30));
                }
            }
        }
        System.out.println("| fresh | replicas | shared | users at 300 calls/s | calls a session | hits | who waits"
                + " | entries a replica, 10⁶ users | heap | Redis, 10⁶ users |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        for (Deployment each : deployments) {
            Result one = simulate(each);
            double sessions = 1e6 * SESSIONS_IN_BUSIEST_SECOND;
            double entries = sessions * one.replicaSeconds() / each.replicas();
            System.out.printf(
                    "| %.0f s | %d | %s | %,.0f | %.2f | %.0f %% | %.0f %% | %,.0f | %.1f MiB | %s |%n",
                    each.fresh(),
                    each.replicas(),
                    each.shared() ? "redis" : "none",
                    LIMIT / one.calls() / SESSIONS_IN_BUSIEST_SECOND,
                    one.calls(),
                    100 * (1 - one.waits() / one.questions()),
                    100 * one.waits() / one.questions(),
                    entries,
                    entries * BYTES_IN_A_REPLICA / 1024 / 1024,
                    each.shared()
                            ? "%.1f MiB".formatted(
                                    (FLOORS + sessions * one.redisSeconds() * BYTES_IN_REDIS) / 1024 / 1024)
                            : "");
        }
        plot();
    }

    static void plot() throws IOException, InterruptedException {
        List<Deployment> lines = List.of(
                new Deployment(1, false, 0, 0),
                new Deployment(20, false, 30, 30),
                new Deployment(6, false, 30, 30),
                new Deployment(20, true, 30, 30),
                new Deployment(20, true, 300, 30));
        List<String> titles = List.of(
                "no memory", "20 replicas", "6 replicas", "20 replicas and Redis", "the same, fresh for 5 min");
        StringBuilder script = new StringBuilder(
                """
                set terminal svg size 800,480 background rgb 'white'
                set output 'docs/capacity.svg'
                set logscale xy
                set xlabel 'users'
                set ylabel 'calls to GenAuth a second, in the busiest hour'
                set key left top
                set xrange [1e5:1e8]
                set format x '10^{%L}'
                set grid
                """);
        script.append("plot 300 title 'GenAuth allows 300' lw 2 dt 2 lc rgb 'black'");
        for (int i = 0; i < lines.size(); i++) {
            double calls = simulate(lines.get(i)).calls() * SESSIONS_IN_BUSIEST_SECOND;
            script.append(", %.8f * x title '%s' lw 2".formatted(calls, titles.get(i)));
        }
        Path file = Files.createTempFile("capacity", ".gnuplot");
        Files.writeString(file, script);
        try {
            int ended = new ProcessBuilder("gnuplot", file.toString()).inheritIO().start().waitFor();
            System.out.println(ended == 0 ? "\nPlotted: docs/capacity.svg" : "\nNot plotted: gnuplot failed");
        } catch (IOException notThere) {
            System.out.println("\nNot plotted: gnuplot is not on the PATH");
        } finally {
            Files.delete(file);
        }
    }
}
