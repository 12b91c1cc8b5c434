package io.sawlog.log;

import io.sawlog.log.segment.AppendClock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * The three threads of the process, however many stores it has open: the ticker moves the clock,
 * the keeper prepares what producers will need, the flusher makes durable. They are started with
 * the first store and end with the last one.
 *
 * <p>Producers wake them through the clock, and only when it slept; threads that wait for a future
 * wake the flusher. Thread-safe.
 */
final class Background {
  private static final System.Logger LOGGER = System.getLogger("io.sawlog");
  private static final long RETAIN_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int TICKS_AWAKE = 128;
  private static final long REPORTED_JUMP_MS = 1000;

  private static @Nullable Background shared;
  private static int users;

  private final AppendClock clock;
  private final List<OpenPartition> partitions = new CopyOnWriteArrayList<>();
  private final Doze keeperDoze = new Doze();
  private final Doze flusherDoze = new Doze();
  private final AgentRunner keeper = runner(new Keeper(), keeperDoze);
  private final AgentRunner flusher = runner(new Flusher(), flusherDoze);
  private final Thread ticker = new Thread(this::tick, "sawlog-ticker");
  private volatile boolean running = true;

  /** Makes the background without starting its threads; tests then drive it by hand. */
  Background(LongSupplier wallClock) {
    this.clock = new AppendClock(wallClock, this::wake);
  }

  /** The background of the process, started if this is the first user. */
  static synchronized Background acquire() {
    Background now = shared;
    if (now == null) {
      now = new Background(System::currentTimeMillis);
      now.start();
      shared = now;
    }
    users++;
    return now;
  }

  /** Ends the threads if this was the last user. */
  static synchronized void release() {
    Background now = shared;
    if (--users == 0 && now != null) {
      shared = null;
      now.stop();
    }
  }

  private static AgentRunner runner(Agent agent, IdleStrategy idle) {
    return new AgentRunner(idle, error -> report(agent.roleName() + " failed", error), null, agent);
  }

  /** Says what has failed, if the logger can; one that cannot must not end the thread either. */
  private static void report(String what, Throwable failure) {
    try {
      LOGGER.log(System.Logger.Level.ERROR, what, failure);
    } catch (Throwable t) {
      failure.addSuppressed(t);
    }
  }

  private void start() {
    ticker.setDaemon(true);
    ticker.start();
    AgentRunner.startOnThread(keeper, Background::daemon);
    AgentRunner.startOnThread(flusher, Background::daemon);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    return thread;
  }

  private void stop() {
    running = false;
    wake();
    // closing is not broken off by an interrupt, and must not pass it on to the threads
    boolean interrupted = Thread.interrupted();
    keeper.close();
    flusher.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  AppendClock clock() {
    return clock;
  }

  void add(OpenPartition partition) {
    partitions.add(partition);
  }

  void remove(OpenPartition partition) {
    partitions.remove(partition);
  }

  private void wake() {
    LockSupport.unpark(ticker);
    keeperDoze.wake();
    flusherDoze.wake();
  }

  /** Lets the flusher look at the futures now. */
  void wakeFlusher() {
    flusherDoze.wake();
  }

  private void tick() {
    int ticks = 0;
    boolean reported = false;
    while (running) {
      long behindMs = clock.tick();
      if (behindMs >= REPORTED_JUMP_MS && !reported) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "the system clock is {0} ms behind the append times given out: they stand still until"
                + " it has caught up",
            behindMs);
      }
      reported = behindMs >= REPORTED_JUMP_MS;
      if (++ticks % TICKS_AWAKE == 0) {
        clock.sleep();
      } else if (clock.isAsleep()) {
        LockSupport.park(this);
        continue;
      }
      LockSupport.parkNanos(TICK_NS);
    }
  }

  /** One round of the keeper over all partitions. */
  int keep() {
    return each(partition -> partition.upkeep().work());
  }

  /** One round of retention over all partitions. */
  void retain() {
    each(
        partition -> {
          partition.upkeep().retain();
          return true;
        });
  }

  /** One round of the flusher over all partitions. */
  int flush(long nowNs) {
    return each(partition -> partition.flushSchedule().work(nowNs));
  }

  /** Does something for each partition, whatever becomes of it with the others. */
  private int each(Predicate<OpenPartition> task) {
    int worked = 0;
    for (OpenPartition partition : partitions) {
      try {
        worked += task.test(partition) ? 1 : 0;
      } catch (Throwable t) {
        // an agent would end its thread after an Error, and all stores of the process with it
        report(partition.place().name() + ": upkeep failed", t);
      }
    }
    return worked;
  }

  private long restNs(long nowNs) {
    long least = IDLE_NS;
    for (OpenPartition partition : partitions) {
      least = Math.min(least, partition.flushSchedule().restNs(nowNs));
    }
    return least;
  }

  private final class Keeper implements Agent {
    private long retainedNs = System.nanoTime();

    @Override
    public int doWork() {
      int work = keep();
      long nowNs = System.nanoTime();
      if (nowNs - retainedNs >= RETAIN_NS) {
        retainedNs = nowNs;
        retain();
      }
      return work;
    }

    @Override
    public String roleName() {
      return "sawlog-keeper";
    }
  }

  private final class Flusher implements Agent {
    @Override
    public int doWork() {
      long nowNs = System.nanoTime();
      int work = flush(nowNs);
      flusherDoze.atMost(restNs(nowNs));
      return work;
    }

    @Override
    public String roleName() {
      return "sawlog-flusher";
    }
  }

  /** Waits a tick while somebody appends, longer while nobody does, and not at all when woken. */
  private final class Doze implements IdleStrategy {
    private volatile @Nullable Thread thread;
    private long mostNs = IDLE_NS;

    /** Limits the next waits; to be called by the thread that waits. */
    void atMost(long ns) {
      mostNs = ns;
    }

    @Override
    public void idle(int workCount) {
      if (workCount == 0) {
        idle();
      }
    }

    @Override
    public void idle() {
      thread = Thread.currentThread();
      if (running) {
        LockSupport.parkNanos(this, clock.isAsleep() ? mostNs : Math.min(mostNs, TICK_NS));
        // an interrupt would end the agent, and nobody has a reason to send one
        Thread.interrupted();
      }
    }

    @Override
    public void reset() {
      // it has no state to reset
    }

    void wake() {
      LockSupport.unpark(thread);
    }
  }
}
