package io.sawlog.groups;

import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import io.sawlog.log.Sawlog;
import io.sawlog.log.SawlogConfig;
import io.sawlog.log.SimulatedStores;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import io.sawlog.log.sim.SimulatedStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** A store whose groups live in a time that the test moves. */
final class Lab implements AutoCloseable {
  static final long START_MS = 1_700_000_000_000L;

  private static final Path SIMULATED = Path.of("/simulated");

  private final AtomicLong nanos = new AtomicLong(1_000_000);
  private final GroupTimer timer =
      GroupTimer.driven(new GroupClock(nanos::get, () -> START_MS + nanos.get() / 1_000_000));
  private final GroupDirectory directory;
  private Sawlog log;
  private SimulatedStorage disk;

  private Lab(Sawlog log) {
    this.log = log;
    this.directory = new GroupDirectory(log.directory(), SawlogConfig.defaults());
  }

  static Lab open(Path directory) {
    return new Lab(Sawlog.open(directory));
  }

  static Lab open(Path directory, SawlogConfig config) {
    return new Lab(Sawlog.open(directory, config));
  }

  /** Only reads the topics; another lab, or process, writes them. */
  static Lab openReadOnly(Path directory) {
    return new Lab(Sawlog.openReadOnly(directory));
  }

  /** A store on a simulated disk. */
  static Lab simulated(SplittableRandom random) {
    SimulatedStorage empty = SimulatedStorage.empty(random);
    Lab lab = new Lab(SimulatedStores.open(SIMULATED, empty));
    lab.disk = empty;
    return lab;
  }

  /** A topic, created if it does not exist yet, with everything in it durable. */
  Topic flushedTopic(String name, TopicConfig config) {
    Topic topic = log.hasTopic(name) ? log.topic(name) : log.createTopic(name, config);
    topic.partitions().forEach(Partition::flush);
    return topic;
  }

  /**
   * The power goes, and comes again: the store is another one, and the old one must not be used.
   */
  void cutPower() {
    // first, so that nothing of what the closing writes is on the disk
    disk = disk.afterPowerCut();
    log.close();
    log = SimulatedStores.open(SIMULATED, disk);
  }

  Sawlog log() {
    return log;
  }

  Partition createTopic(String name) {
    return log.createTopic(name, TopicConfig.defaults()).partition(0);
  }

  /** Groups in real files. */
  Groups groups() {
    return new Groups(new GroupEnvironment(log, directory, directory::open, timer));
  }

  /** The floors of these groups. */
  GroupFloors floors() {
    return new GroupFloors(directory, timer).start();
  }

  /** Groups in memory, which outlive being closed in the map. */
  Groups groups(Map<String, MemoryGroup> files, Partition deadLetters) {
    return new Groups(
        new GroupEnvironment(
            log,
            directory,
            name -> files.computeIfAbsent(name, n -> new MemoryGroup(deadLetters)),
            timer));
  }

  /** Lets time go by, and the groups do what is due. */
  void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
    timer.tick();
  }

  /** Lets time go by, and nobody notice yet. */
  void advanceUnnoticed(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  static void append(Partition partition, int from, int to) {
    for (int i = from; i < to; i++) {
      partition.append(null, Integer.toString(i).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  static List<String> poll(Consumer consumer) {
    return values(consumer.poll(Duration.ZERO));
  }

  static List<String> values(Iterable<Message> messages) {
    List<String> values = new ArrayList<>();
    messages.forEach(message -> values.add(message.valueAsString()));
    return values;
  }

  static List<String> numbers(int from, int to) {
    List<String> numbers = new ArrayList<>();
    for (int i = from; i < to; i++) {
      numbers.add(Integer.toString(i));
    }
    return numbers;
  }

  static Map<String, MemoryGroup> noFiles() {
    return new HashMap<>();
  }

  @Override
  public void close() {
    log.close();
  }
}
