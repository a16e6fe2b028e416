package io.github.mfagateway.support;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Ticker;

/** Time that stands still until a test turns it. Its timer runs what is due, on the test's thread, while time is turned. */
public class StoppedClock implements Ticker, InstantSource {

    // turned by a test, read wherever a response comes
    private volatile long now = 1_000_000_000_000L;
    private volatile long stepped;

    private final Timer timer = new Timer();

    public void turn(Duration forward) {
        long end = now + forward.toNanos();
        timer.runUntil(end);
        now = end;
    }

    /** The wall clock alone, as after a suspension, or when it is set. */
    public void step(Duration wallClock) {
        stepped += wallClock.toNanos();
    }

    public Timer timer() {
        return timer;
    }

    @Override
    public long read() {
        return now;
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(now + stepped);
    }

    /** Drops what is cancelled at once. */
    public final class Timer extends AbstractExecutorService implements ScheduledExecutorService {

        private final List<Task<?>> tasks = new ArrayList<>();

        private Runnable hook = () -> {};

        public synchronized int pending() {
            return tasks.size();
        }

        /** @param hook runs before a task is taken; may throw */
        public synchronized void onSchedule(Runnable hook) {
            this.hook = hook;
        }

        private void runUntil(long end) {
            for (Task<?> next = next(end); next != null; next = next(end)) {
                now = Math.max(now, next.due);
                next.run();
            }
        }

        private synchronized Task<?> next(long end) {
            Task<?> next = tasks.stream()
                    .min(Comparator.comparingLong(task -> task.due))
                    .filter(task -> task.due <= end)
                    .orElse(null);
            tasks.remove(next);
            return next;
        }

        private synchronized boolean remove(Task<?> task) {
            return tasks.remove(task);
        }

        private synchronized <T> Task<T> add(Task<T> task) {
            hook.run();
            tasks.add(task);
            return task;
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            return add(new Task<>(
                    () -> {
                        command.run();
                        return null;
                    },
                    now + unit.toNanos(delay)));
        }

        @Override
        public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
            return add(new Task<>(callable, now + unit.toNanos(delay)));
        }

        @Override
        public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initial, long period, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initial, long delay, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void execute(Runnable command) {
            command.run();
        }

        @Override
        public void shutdown() {
            // nothing runs
        }

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }

        private final class Task<T> extends FutureTask<T> implements ScheduledFuture<T> {

            private final long due;

            Task(Callable<T> callable, long due) {
                super(callable);
                this.due = due;
            }

            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                remove(this);
                return super.cancel(mayInterruptIfRunning);
            }

            @Override
            public long getDelay(TimeUnit unit) {
                return unit.convert(due - now, TimeUnit.NANOSECONDS);
            }

            @Override
            public int compareTo(Delayed other) {
                return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
            }
        }
    }
}
