package io.sawlog.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A process that appends to a store from several threads and says what has returned, one line each,
 * until it is killed or told to close. See {@link RigLedger} for what it says.
 */
final class RigChild {
  static final String TOPIC = "t";
  static final int PARTITIONS = 2;

  /** How many numbers one life may use up. */
  static final int IDS = 100_000;

  private static final int THREADS = 3;
  private static final int MOST_APPENDS = 300;
  private static final TopicConfig CONFIG =
      TopicConfig.defaults()
          .partitions(PARTITIONS)
          .segmentBytes(64 << 10)
          .maxFrameBytes(1 << 20)
          .indexIntervalBytes(512)
          .flushPolicy(FlushPolicy.every(Duration.ofMillis(5)));

  private final PrintStream answers =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
  private final Topic topic;

  private RigChild(Topic topic) {
    this.topic = topic;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path directory = Path.of(arguments[0]);
    int firstId = Integer.parseInt(arguments[1]);
    SawlogConfig config = SawlogConfig.defaults();
    System.out.println("opening");
    boolean failed = false;
    try (Sawlog log =
        Sawlog.open(
            directory, arguments[2].equals("power") ? config.withAfterPowerLoss() : config)) {
      Topic topic = log.hasTopic(TOPIC) ? log.topic(TOPIC) : log.createTopic(TOPIC, CONFIG);
      System.out.println("opened");
      failed = new RigChild(topic).appendAll(firstId);
      System.out.println(failed ? "failed" : "done");
      while (System.in.read() >= 0) {
        // until it is told to close
      }
    } catch (LogException e) {
      System.out.println("failed " + e.getClass().getSimpleName() + ": " + e.getMessage());
      return;
    }
    System.out.println("closed");
  }

  private boolean appendAll(int firstId) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    boolean[] failed = new boolean[THREADS];
    for (int i = 0; i < THREADS; i++) {
      int number = i;
      threads.add(
          new Thread(() -> failed[number] = !append(number, firstId + number * IDS / THREADS)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    return failed[0] || failed[1] || failed[2];
  }

  /** The first thread appends synced, the second one written, the third one as it comes. */
  private boolean append(int thread, int firstId) {
    SplittableRandom random = new SplittableRandom(firstId);
    int id = firstId;
    for (int i = 0; i < MOST_APPENDS; i++) {
      int count = thread == 2 ? 1 + random.nextInt(5) : 1;
      boolean synced = thread == 0 || (thread == 2 && random.nextInt(4) == 0);
      Batch batch = new Batch();
      for (int j = 0; j < count; j++) {
        batch.add(Payload.key(id + j), Payload.value(id + j));
      }
      Partition partition = topic.partition(random.nextInt(PARTITIONS));
      try {
        long offset = synced ? partition.appendSynced(batch) : partition.append(batch);
        answers.println(
            (synced ? "S " : "W ") + partition.number() + " " + offset + " " + id + " " + count);
      } catch (LogException e) {
        answers.println("refused " + e.getClass().getSimpleName());
        return false;
      }
      id += count;
    }
    return true;
  }
}
