package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Amount;
import io.sawlog.log.Message;
import io.sawlog.log.Position;
import io.sawlog.log.Sawlog;
import io.sawlog.log.TopicConfig;
import io.sawlog.log.Totals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A writer and three services, all in processes of their own, each of which is killed at random
 * again and again while the others go on. The records can be those of a file, of a key, a tabulator
 * and a value in each line: {@code -Dsawlog.records=FILE}.
 */
@Timeout(900)
class ServicesCrashTest {
  private static final int RECORDS = Amount.of(150, 20_000);
  private static final int MOST_IN_A_LIFE = Amount.of(100, 400);

  @TempDir Path directory;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicLong kills = new AtomicLong();
  private final long seed = Long.getLong("sawlog.seed", System.nanoTime());
  private Path store;
  private Path file;
  private List<String> keys;
  private Set<Integer> poison;

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  @Test
  void shouldBringEveryRecordToEveryServiceWhoeverIsKilled() throws Exception {
    System.out.println("seed " + seed);
    long started = System.nanoTime();
    store = directory.resolve("store");
    prepareRecords();
    try (Sawlog log = Sawlog.open(store)) {
      log.createTopic("orders", TopicConfig.defaults().partitions(3));
    }

    List<Callable<Void>> processes =
        List.of(
            this::write,
            () -> serve("consumer", "inventory", Set.of()),
            () -> serve("keyed", "payment", Set.of()),
            () -> serve("worker", "email", poison));
    for (Future<Void> process : threads.invokeAll(processes)) {
      process.get();
    }

    assertDeadLettersAreComplete();
    assertEquals(numbers(), numbersInTheLog());
    Totals.count("kills of a writer and three services at once", kills.get());
    System.out.printf(
        "%,d records, %d kills, %.0f s%n",
        keys.size(), kills.get(), (System.nanoTime() - started) / 1e9);
  }

  private void prepareRecords() throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    String given = System.getProperty("sawlog.records");
    List<String> records = new ArrayList<>();
    if (given == null) {
      for (int i = 0; i < RECORDS; i++) {
        records.add("customer-" + random.nextInt(50) + "\tan order");
      }
    } else {
      records.addAll(Files.readAllLines(Path.of(given)));
    }
    keys = records.stream().map(record -> record.split("\t", 2)[0]).toList();
    poison = numbers().stream().filter(i -> i % 101 == 7).collect(Collectors.toSet());
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      String value = poison.contains(i) ? ServiceChild.POISON : records.get(i).split("\t", 2)[1];
      lines.add(keys.get(i) + "\t" + i + "|" + value);
    }
    file = Files.write(directory.resolve("records"), lines);
  }

  private Set<Integer> numbers() {
    return IntStream.range(0, keys.size()).boxed().collect(Collectors.toSet());
  }

  /** A record whose append was not told of is appended again, so it may be there twice. */
  private Void write() throws IOException {
    SplittableRandom random = new SplittableRandom(seed + 1);
    int next = 0;
    while (next < keys.size()) {
      try (ServiceChild writer = ServiceChild.startWriter(store, file, next)) {
        for (int i = random.nextInt(MOST_IN_A_LIFE); i >= 0 && next < keys.size(); i--) {
          assertEquals(Integer.toString(next++), writer.nextHandled(), "seed " + seed);
        }
        next += writer.kill().size();
        kills.incrementAndGet();
      }
    }
    return null;
  }

  private Void serve(String kind, String group, Set<Integer> rejected) throws IOException {
    SplittableRandom random = new SplittableRandom(seed + group.hashCode());
    Set<Integer> missing = numbers();
    missing.removeAll(rejected);
    Map<String, Integer> last = new HashMap<>();
    while (!missing.isEmpty()) {
      try (ServiceChild service = ServiceChild.start(kind, group, store)) {
        for (int i = random.nextInt(MOST_IN_A_LIFE); i >= 0 && !missing.isEmpty(); i--) {
          String said = service.nextHandled();
          assertNotNull(said, group + " has ended by itself; seed " + seed);
          handled(group, Integer.parseInt(said), missing, last);
        }
        for (String said : service.kill()) {
          handled(group, Integer.parseInt(said), missing, last);
        }
        kills.incrementAndGet();
      }
    }
    return null;
  }

  /** Whatever comes again: what comes for the first time comes in the order of its key. */
  private void handled(String group, int number, Set<Integer> missing, Map<String, Integer> last) {
    if (missing.remove(number)) {
      Integer before = last.put(keys.get(number), number);
      boolean ordered = group.equals("email") || before == null || before < number;
      assertTrue(ordered, group + ": " + number + " after " + before + "; seed " + seed);
    }
  }

  private void assertDeadLettersAreComplete() throws IOException {
    try (ServiceChild service = ServiceChild.start("worker", "email", store);
        Sawlog log = Sawlog.openReadOnly(store)) {
      // some that it had not acknowledged come again
      service.allow(1000);
      GroupAdmin admin = Groups.of(log).admin();
      Set<Integer> dead = new HashSet<>();
      while (!dead.containsAll(poison)) {
        LockSupport.parkNanos(10_000_000);
        dead.clear();
        Set<String> origins = new HashSet<>();
        for (DeadLetter letter : admin.deadLetters("email")) {
          assertTrue(origins.add(letter.partition() + ":" + letter.offset()), "seed " + seed);
          dead.add(number(letter.message().valueAsString()));
        }
      }
      assertEquals(poison, dead, "seed " + seed);
    }
  }

  private Set<Integer> numbersInTheLog() {
    Set<Integer> found = new HashSet<>();
    try (Sawlog log = Sawlog.openReadOnly(store)) {
      log.topic("orders")
          .partitions()
          .forEach(
              partition -> {
                for (Message message : partition.read(Position.earliest())) {
                  found.add(number(message.valueAsString()));
                }
              });
    }
    return found;
  }

  private static int number(String value) {
    return Integer.parseInt(value.substring(0, value.indexOf('|')));
  }
}
