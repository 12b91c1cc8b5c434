package io.sawlog.tools;

import io.sawlog.log.MessageView;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Sawlog;
import io.sawlog.log.Tailer;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measures the way from the producer to the consumer. */
@Command(
    name = "end-to-end",
    header = "Measure how long records take from the producer to a consumer that follows it.",
    description = {
      "",
      "One thread appends, another one follows. Latency counts from the time at which a record was"
          + " meant to be appended to the call of the consumer's handler. As fast as it goes, the"
          + " consumer lags behind, and that is what is measured: give --throughput.",
      ""
    },
    footer = {
      "",
      "  sawlog perf end-to-end --num-records 100000 --throughput 10000",
    })
final class PerfEndToEndCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int POLL_RECORDS = 500;
  private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(50);

  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Mixin private final PerfLoad load = new PerfLoad();

  PerfEndToEndCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    load.check(Long.BYTES);
    Output output = general.output();
    try (Interruption interruption = Interruption.handle();
        Sawlog log = Store.openForWriting(general.directory(), opening)) {
      Partition partition = PerfLoad.partition(log);
      Measurement measurement = new Measurement(output, general.json(), "received");
      try (Tailer tailer = partition.tailer(Position.latest())) {
        Follower follower = new Follower(tailer, measurement);
        Thread thread = new Thread(follower, "perf-consumer");
        thread.start();
        try {
          append(partition, interruption, follower);
        } catch (RuntimeException | Error e) {
          follower.stop();
          throw e;
        } finally {
          if (interruption.requested()) {
            follower.stop();
          }
          joinWhateverHappens(thread);
        }
        follower.rethrow();
      }
      measurement.print();
    }
    return 0;
  }

  private void append(Partition partition, Interruption interruption, Follower follower) {
    BooleanSupplier cancelled = () -> interruption.requested() || follower.hasEnded();
    append(partition, load.warmup(), cancelled);
    // What the warm-up left behind is not to delay what is measured.
    while (!follower.isWarm() && !cancelled.getAsBoolean()) {
      LockSupport.parkNanos(PAUSE_NS);
    }
    append(partition, load.records(), cancelled);
  }

  private void append(Partition partition, long count, BooleanSupplier cancelled) {
    UnsafeBuffer value = load.value();
    StartTimes times = load.startTimes();
    for (long i = 0; i < count && !cancelled.getAsBoolean(); i++) {
      value.putLong(0, times.await(cancelled));
      load.append(partition, value);
    }
  }

  /** The store must not be closed under the consumer, also if this thread was interrupted. */
  private static void joinWhateverHappens(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The consumer. */
  private final class Follower implements Runnable {
    private final Tailer tailer;
    private final Measurement measurement;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Throwable failure;
    private volatile boolean warm = load.warmup() == 0;
    private long left = load.warmup() + load.records();

    Follower(Tailer tailer, Measurement measurement) {
      this.tailer = tailer;
      this.measurement = measurement;
    }

    @Override
    public void run() {
      try {
        while (left > 0 && !ended.get()) {
          tailer.poll(this::take, POLL_RECORDS, POLL);
        }
      } catch (RuntimeException | Error e) {
        failure = e;
      } finally {
        ended.set(true);
      }
    }

    private void take(MessageView view) {
      long now = System.nanoTime();
      if (left == load.records()) {
        measurement.restart();
      }
      measurement.add(view.value().getLong(view.valueOffset()), now, 1, view.valueLength());
      left--;
      warm = left <= load.records();
    }

    boolean isWarm() {
      return warm;
    }

    void stop() {
      ended.set(true);
    }

    boolean hasEnded() {
      return ended.get();
    }

    void rethrow() {
      Throwable thrown = failure;
      if (thrown instanceof Error error) {
        throw error;
      }
      if (thrown instanceof RuntimeException exception) {
        throw exception;
      }
    }
  }
}
