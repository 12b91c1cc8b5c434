package io.sawlog.log;

import io.sawlog.log.PartitionModel.Frame;
import io.sawlog.log.PartitionModel.Read;
import io.sawlog.log.file.Storage;
import io.sawlog.log.sim.Faults;
import io.sawlog.log.sim.SimulatedCrash;
import io.sawlog.log.sim.SimulatedStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A random history of one store: lives that append, roll, flush, delete and read, each ended by a
 * kill, a power cut or a close, at any call and any store; recoveries that are cut short; and after
 * each a check of everything that was promised. The seed decides it all.
 */
final class StoreHistory {
  private static final Path STORE = Path.of("/sim/data/store").toAbsolutePath();
  private static final String[] TOPICS = {"orders", "audit"};

  /** What happens besides kills and power cuts. */
  enum Trouble {
    NONE,
    /** Flushes fail, and the kernel calls the pages clean. */
    FAILING_FLUSHES,
    /** One call fails, or all from one on. */
    FAILING_CALLS
  }

  /** What a topic is, as far as its users know. */
  private enum Existence {
    CREATING,
    EXISTS,
    DELETING
  }

  private static final class TopicModel {
    Existence existence = Existence.CREATING;
    final List<PartitionModel> partitions = new ArrayList<>();
    int attemptedPartitions;
  }

  private final SplittableRandom random;
  private final UnaryOperator<Storage> disk;
  private final Trouble trouble;
  private final Map<String, TopicModel> topics = new TreeMap<>();
  private final StringBuilder log = new StringBuilder();
  private SimulatedStorage storage;
  private Background background;
  private Sawlog store;
  private long nowMs = 1_700_000_000_000L;
  private int nextId = 1;
  private int depth;
  private int cuts;
  private int flushFailures;

  /** Whether a call has failed since the last opening. */
  private boolean troubled;

  /** Whether it was a flush, so that what was acknowledged as written may be lost. */
  private boolean flushFailed;

  private boolean wasTroubled;

  /** Whether the power was cut and the boot id does not tell. */
  private boolean unnoticed;

  private StoreHistory(long seed, UnaryOperator<Storage> disk, Trouble trouble) {
    this.random = new SplittableRandom(seed);
    this.disk = disk;
    this.trouble = trouble;
    this.storage = SimulatedStorage.empty(random.split());
  }

  /** How often what happened. */
  record Totals(int cuts, int flushFailures) {}

  /**
   * Runs the history of a seed.
   *
   * @param disk what the engine gets instead of the simulated storage
   * @throws AssertionError if a promise was broken; it tells the story
   */
  static Totals run(long seed, UnaryOperator<Storage> disk, Trouble trouble) {
    StoreHistory history = new StoreHistory(seed, disk, trouble);
    try {
      history.live();
      return new Totals(history.cuts, history.flushFailures);
    } catch (RuntimeException | Error e) {
      throw new AssertionError("seed " + seed + ": " + e + "\nwhat happened:" + history.log, e);
    }
  }

  /**
   * Runs a short history in which a call fails: opening after a kill, and what comes then.
   *
   * @param failing which call, counted from that opening on
   * @return whether there were so many calls
   * @throws AssertionError if a promise was broken
   */
  static boolean runWithFault(long seed, Faults.Failure error, boolean forEver, long failing) {
    StoreHistory history = new StoreHistory(seed, storage -> storage, Trouble.FAILING_CALLS);
    try {
      return history.liveWithFault(error, forEver, failing);
    } catch (RuntimeException | Error e) {
      throw new AssertionError(
          "scenario "
              + seed
              + ", "
              + error
              + " in call "
              + failing
              + (forEver ? " and on: " : ": ")
              + e
              + "\nwhat happened:"
              + history.log,
          e);
    }
  }

  /** For a {@link PatchedEngine}, whose classes are others. */
  static void run(long seed, String trouble) {
    run(seed, storage -> storage, Trouble.valueOf(trouble));
  }

  private boolean liveWithFault(Faults.Failure error, boolean forEver, long failing) {
    open(true);
    while (usable().isEmpty()) {
      createOrDelete();
    }
    act(12);
    note("kill");
    storage = storage.afterKill();
    Faults faults = Faults.at(storage.operations() + failing, forEver, error);
    storage.faults(
        (operation, path, number) -> {
          IOException failure = faults.of(operation, path, number);
          if (failure != null) {
            note(operation + " of " + path + " fails");
            troubled = true;
            flushFailed |= operation.isFlush();
          }
          return failure;
        });
    long before = storage.operations();
    boolean complete = true;
    try {
      background = new Background(() -> nowMs);
      store = Sawlog.open(STORE, config(), disk.apply(storage), background, () -> {});
    } catch (LogException e) {
      mustBeTroubled(e);
      LogChecker.check(storage.open() == 0, "an opening that failed leaves files open");
      storage.faults(Faults.NONE);
      complete = open(!flushFailed);
    }
    boolean opened = !troubled;
    if (opened) {
      act(14);
    }
    boolean reached = storage.operations() - before > failing;
    storage.faults(Faults.NONE);
    if (opened) {
      resume(error);
      close();
      complete = open(!flushFailed);
    }
    checkRecovered(complete);
    usable().forEach(name -> mustAppend(store.topic(name).partition(0)));
    checkRecovered(open(endProcess()));
    return reached;
  }

  private void act(int actions) {
    for (int i = 0; i < actions; i++) {
      act();
    }
  }

  /** The disk has room again, or is well again: what was not final must be over. */
  private void resume(Faults.Failure error) {
    for (String name : usable()) {
      for (Partition partition : store.topic(name).partitions()) {
        if (error == Faults.Failure.ENOSPC || !isFailed(partition)) {
          mustAppend(partition);
        }
      }
    }
  }

  private void mustAppend(Partition partition) {
    Frame frame = new Frame(nextId++, 1);
    PartitionModel model = modelOf(partition);
    model.begin(frame);
    byte[] value = Payload.value(frame.firstId());
    model.acknowledge(frame, partition.appendSynced(Payload.key(frame.firstId()), value));
    model.syncedAtLeast(partition.durableOffset());
  }

  private void live() {
    int lives = 1 + random.nextInt(5);
    boolean complete = true;
    for (int life = 0; life < lives; life++) {
      complete = open(complete);
      checkRecovered(complete);
      complete = liveOnce();
    }
    checkRecovered(open(complete));
  }

  /** One life of the process; tells whether all that was acknowledged must still be there. */
  private boolean liveOnce() {
    if (random.nextInt(4) > 0) {
      storage.crashAt(random.nextInt(random.nextBoolean() ? 60 : 2000));
    }
    if (trouble == Trouble.FAILING_FLUSHES) {
      failFlushes(random.nextInt(random.nextBoolean() ? 10 : 60));
    }
    try {
      act(random.nextInt(random.nextBoolean() ? 12 : 80));
      if (random.nextInt(trouble == Trouble.NONE ? 8 : 2) == 0) {
        note("close");
        close();
        if (random.nextBoolean()) {
          evict();
          return !flushFailed;
        }
      }
    } catch (SimulatedCrash e) {
      // the process is gone
    }
    return endProcess();
  }

  private void close() {
    try {
      store.close();
    } catch (LogException e) {
      mustBeTroubled(e);
    }
    LogChecker.check(storage.open() == 0, storage.open() + " files, mappings or locks are open");
  }

  /** From so many flushes on one fails, or some do, or all. */
  private void failFlushes(int later) {
    int[] left = {later};
    int how = random.nextInt(3);
    SplittableRandom choice = random.split();
    storage.faults(
        (operation, path, number) -> {
          if (!operation.isFlush() || left[0]-- > 0) {
            return null;
          }
          if (how == 0) {
            left[0] = Integer.MAX_VALUE;
          } else if (how == 1 && choice.nextBoolean()) {
            return null;
          }
          note("a flush of " + path + " fails");
          troubled = true;
          flushFailed = true;
          flushFailures++;
          return new IOException("a simulated flush failed");
        });
  }

  private void mustBeTroubled(LogException e) {
    if (!troubled || e instanceof CorruptLogException) {
      throw e;
    }
    note("" + e);
  }

  /** Pages of which a flush has failed are read again from the disk. */
  private void evict() {
    if (flushFailed && random.nextBoolean()) {
      note("evict");
      storage.evict();
    }
  }

  /** Kills the process, and perhaps cuts the power; false if what was not flushed may be lost. */
  private boolean endProcess() {
    cuts++;
    depth = 0;
    store = null;
    if (random.nextInt(3) == 0) {
      note("kill");
      boolean speechless = storage.isKilledSpeechless();
      storage = storage.afterKill();
      if (!speechless) {
        evict();
      }
      return !flushFailed;
    }
    unnoticed |= random.nextInt(6) == 0;
    note(unnoticed ? "unnoticed power cut" : "power cut");
    storage = unnoticed ? storage.afterUnnoticedPowerCut() : storage.afterPowerCut();
    return false;
  }

  /** Opens the store, perhaps after attempts that are cut short. */
  private boolean open(boolean completeBefore) {
    boolean complete = completeBefore;
    int attempts = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 0;
    while (true) {
      storage.calm();
      storage.faults(Faults.NONE);
      showReadOnly();
      if (attempts > 0) {
        storage.crashAt(random.nextInt(80));
        if (trouble == Trouble.FAILING_FLUSHES && random.nextBoolean()) {
          failFlushes(random.nextInt(20));
        }
      }
      attempts--;
      try {
        background = new Background(() -> nowMs);
        store = Sawlog.open(STORE, config(), disk.apply(storage), background, () -> {});
        storage.calm();
        storage.faults(Faults.NONE);
        note("opened " + store.recoveryReport().partitions());
        unnoticed = false;
        return complete && !flushFailed;
      } catch (SimulatedCrash e) {
        note("opening cut");
        complete &= endProcess();
      } catch (LogException e) {
        mustBeTroubled(e);
        complete &= !flushFailed;
        evict();
      }
    }
  }

  private SawlogConfig config() {
    return unnoticed ? SawlogConfig.defaults().withAfterPowerLoss() : SawlogConfig.defaults();
  }

  /** A reader of the dead store sees what recovery will keep, and changes nothing. */
  private void showReadOnly() {
    readOnly = null;
    if (random.nextInt(4) > 0 || !storage.exists(STORE)) {
      return;
    }
    long before = storage.mutations();
    Map<String, List<List<Read>>> shown = new TreeMap<>();
    try (Sawlog reader = Sawlog.openReadOnly(STORE, config(), storage)) {
      for (String name : reader.topicNames()) {
        TopicModel model = topics.get(name);
        List<List<Read>> perPartition = new ArrayList<>();
        for (Partition partition : reader.topic(name).partitions()) {
          perPartition.add(
              LogChecker.readAll(partition, Position.earliest(), Visibility.PUBLISHED));
          if (model != null && partition.number() < model.partitions.size()) {
            List<Read> durable =
                LogChecker.readAll(partition, Position.earliest(), Visibility.DURABLE);
            if (!durable.isEmpty()) {
              model
                  .partitions
                  .get(partition.number())
                  .syncedAtLeast(durable.get(durable.size() - 1).offset() + 1);
            }
          }
        }
        shown.put(name, perPartition);
      }
    }
    LogChecker.check(storage.mutations() == before, "a reader has changed something");
    readOnly = shown;
  }

  private Map<String, List<List<Read>>> readOnly;

  private void checkRecovered(boolean complete) {
    wasTroubled = troubled;
    troubled = false;
    flushFailed = false;
    List<String> found = store.topicNames();
    for (String name : List.copyOf(topics.keySet())) {
      TopicModel model = topics.get(name);
      if (found.contains(name)) {
        model.existence = Existence.EXISTS;
        checkTopic(store.topic(name), model, complete);
      } else {
        LogChecker.check(
            model.existence != Existence.EXISTS, "topic " + name + " has gone: " + found);
        topics.remove(name);
      }
    }
    LogChecker.check(topics.keySet().containsAll(found), "topics from nowhere: " + found);
  }

  private void checkTopic(Topic topic, TopicModel model, boolean complete) {
    int least = model.partitions.size();
    LogChecker.check(
        topic.partitionCount() >= least && topic.partitionCount() <= model.attemptedPartitions,
        topic.partitionCount() + " partitions, not " + least);
    while (model.partitions.size() < topic.partitionCount()) {
      model.partitions.add(new PartitionModel(topic.name() + "-" + model.partitions.size()));
    }
    for (Partition partition : topic.partitions()) {
      PartitionModel expected = model.partitions.get(partition.number());
      List<Read> reads = LogChecker.readAll(partition, Position.earliest(), Visibility.PUBLISHED);
      long next = partition.logEndOffset();
      long end = next;
      for (RecoveryReport.PartitionRecovery report : store.recoveryReport().partitions()) {
        if (report.topic().equals(topic.name()) && report.partition() == partition.number()) {
          end = report.endOffset();
          LogChecker.check(report.nextOffset() == next, "the report is wrong: " + report);
          LogChecker.check(
              !complete || wasTroubled || report.cause() == RecoveryReport.Cause.PROCESS_ENDED,
              "a mere kill was taken for something else: " + report);
        }
      }
      if (end == next) {
        end = expected.endBelow(next, totalRecordCount(partition));
      }
      checkSameAsReadOnly(partition, reads);
      expected.recovered(reads, partition.logStartOffset(), end, next, complete);
      LogChecker.checkLookUps(partition, expected, reads, random);
      if (random.nextInt(8) == 0) {
        checkWithoutIndexes(partition, reads, expected);
      }
    }
  }

  private static long totalRecordCount(Partition partition) {
    try {
      return partition.view().totalRecordCount();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void checkSameAsReadOnly(Partition partition, List<Read> reads) {
    if (readOnly != null && readOnly.containsKey(partition.topicName())) {
      List<List<Read>> shown = readOnly.get(partition.topicName());
      LogChecker.check(
          partition.number() >= shown.size() || shown.get(partition.number()).equals(reads),
          "a reader of the dead store saw another log");
    }
  }

  /** Deletes or scrambles the indexes, and asks again. */
  private void checkWithoutIndexes(Partition partition, List<Read> reads, PartitionModel model) {
    SimulatedStorage copy = storage.copy();
    for (Path index : copy.files(STORE, ".index")) {
      int how = random.nextInt(3);
      int at = random.nextInt(1 << 12);
      copy.damage(
          index,
          bytes -> {
            for (int i = how == 0 ? 64 : 0; i < bytes.length; i++) {
              bytes[i] = (byte) (how == 1 ? 0 : i >= at ? random.nextInt() : bytes[i]);
            }
          });
    }
    try (Sawlog reader = Sawlog.openReadOnly(STORE, SawlogConfig.defaults(), copy)) {
      Partition same = reader.topic(partition.topicName()).partition(partition.number());
      LogChecker.check(
          LogChecker.readAll(same, Position.earliest(), Visibility.PUBLISHED).equals(reads),
          "without its indexes the log is another one");
      LogChecker.checkLookUps(same, model, reads, random);
    }
  }

  private void note(String what) {
    log.append('\n').append("  ".repeat(depth)).append(what);
  }

  private void act() {
    try {
      anyAction();
    } catch (LogException e) {
      mustBeTroubled(e);
    }
    durableOffsets();
  }

  private void anyAction() {
    int action = random.nextInt(100);
    if (usable().isEmpty() || action < 2) {
      createOrDelete();
    } else if (action < 57) {
      append(action < 12);
    } else if (action < 63) {
      background.keep();
      storage.checkAlive();
    } else if (action < 69) {
      background.flush(random.nextLong(1L << 40));
      storage.checkAlive();
    } else if (action < 73) {
      retain();
    } else if (action < 78) {
      storage.writeBack();
    } else if (action < 82) {
      flush();
    } else if (action < 85) {
      deleteBefore();
    } else if (action < 88) {
      read();
    } else if (action < 90) {
      readFromOutside();
    } else if (action < 91) {
      alter();
    } else {
      moveClock();
    }
  }

  private void moveClock() {
    nowMs +=
        switch (random.nextInt(10)) {
          case 0 -> random.nextInt(1_000_000);
          case 1 -> -random.nextInt(1_000_000);
          default -> random.nextInt(5);
        };
    background.clock().tick();
    if (random.nextInt(4) == 0) {
      background.clock().sleep();
    }
  }

  private void createOrDelete() {
    String name = TOPICS[random.nextInt(TOPICS.length)];
    TopicModel known = topics.get(name);
    if (known == null) {
      TopicModel created = new TopicModel();
      topics.put(name, created);
      TopicConfig config = anyConfig();
      created.attemptedPartitions = config.partitions();
      note("create " + name + " " + config);
      store.createTopic(name, config);
      created.existence = Existence.EXISTS;
      for (int i = 0; i < config.partitions(); i++) {
        created.partitions.add(new PartitionModel(name + "-" + i));
      }
    } else if (known.existence == Existence.EXISTS && random.nextInt(4) == 0) {
      known.existence = Existence.DELETING;
      note("delete " + name);
      store.deleteTopic(name);
      topics.remove(name);
    }
  }

  private TopicConfig anyConfig() {
    TopicConfig config =
        TopicConfig.defaults()
            .segmentBytes(64 << 10)
            .maxFrameBytes(1 << 20)
            .indexIntervalBytes(random.nextBoolean() ? 4096 : 512)
            .partitions(random.nextInt(4) == 0 ? 2 : 1);
    config =
        switch (random.nextInt(3)) {
          case 0 -> config.flushPolicy(FlushPolicy.onRequest());
          case 1 -> config.flushPolicy(FlushPolicy.every(Duration.ofMillis(1)));
          default -> config.flushPolicy(FlushPolicy.everyBytes(20_000));
        };
    return switch (random.nextInt(4)) {
      case 0 -> config.retention(Retention.forever().maxBytes(200_000));
      case 1 -> config.retention(Retention.forever().maxAge(Duration.ofMillis(200)));
      default -> config;
    };
  }

  private void alter() {
    String name = anyTopic();
    TopicModel model = topics.get(name);
    Topic topic = store.topic(name);
    if (topic.partitionCount() == 1) {
      model.attemptedPartitions = 2;
      note("alter " + name);
      store.alterTopic(name, topic.config().partitions(2));
      model.partitions.add(new PartitionModel(name + "-1"));
    }
  }

  private String anyTopic() {
    List<String> usable = usable();
    return usable.get(random.nextInt(usable.size()));
  }

  /** The topics of which it is certain that they exist. */
  private List<String> usable() {
    return topics.entrySet().stream()
        .filter(topic -> topic.getValue().existence == Existence.EXISTS)
        .map(Map.Entry::getKey)
        .toList();
  }

  private Partition anyPartition() {
    Topic topic = store.topic(anyTopic());
    return topic.partition(random.nextInt(topic.partitionCount()));
  }

  private PartitionModel modelOf(Partition partition) {
    return topics.get(partition.topicName()).partitions.get(partition.number());
  }

  private void append(boolean synced) {
    Partition partition = anyPartition();
    PartitionModel model = modelOf(partition);
    int count = random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 1;
    Frame frame = new Frame(nextId, count);
    nextId += count;
    Batch batch = new Batch();
    for (int i = 0; i < count; i++) {
      batch.add(Payload.key(frame.firstId() + i), Payload.value(frame.firstId() + i));
    }
    boolean alone = depth == 0;
    if (depth < 3 && random.nextInt(6) == 0) {
      storage.interrupt(random.nextInt(8), this::others);
    }
    model.begin(frame);
    long offset;
    try {
      offset = synced && alone ? partition.appendSynced(batch) : partition.append(batch);
    } catch (LogException e) {
      mustBeTroubled(e);
      model.failed(frame);
      return;
    } finally {
      if (alone) {
        storage.calmInterrupt();
      }
    }
    model.acknowledge(frame, offset);
    note((synced && alone ? "synced " : "append ") + partition + " " + frame + " at " + offset);
    if (synced && alone) {
      model.syncedAtLeast(offset + count);
    }
  }

  /** What other threads do while one is in the middle of something. */
  private void others() {
    depth++;
    note("meanwhile");
    int actions = 1 + random.nextInt(4);
    for (int i = 0; i < actions; i++) {
      int action = random.nextInt(12);
      if (action < 7) {
        append(false);
      } else if (action == 7) {
        background.keep();
        storage.checkAlive();
      } else if (action == 8) {
        background.flush(random.nextLong(1L << 40));
        storage.checkAlive();
      } else if (action == 9) {
        storage.writeBack();
      } else if (action == 10) {
        moveClock();
      } else if (trouble != Trouble.FAILING_CALLS && random.nextInt(3) == 0) {
        note("die");
        storage.crash();
      }
    }
    depth--;
  }

  private void flush() {
    Partition partition = anyPartition();
    long end = partition.logEndOffset();
    note("flush " + partition);
    partition.flush();
    modelOf(partition).syncedAtLeast(end);
  }

  private void deleteBefore() {
    Partition partition = anyPartition();
    PartitionModel model = modelOf(partition);
    long start = partition.logStartOffset();
    if (random.nextInt(3) == 0) {
      letGo(partition);
    }
    List<Read> present = model.from(start);
    if (!present.isEmpty()) {
      long target = present.get(random.nextInt(present.size())).offset() + random.nextInt(2);
      note("deleteBefore " + partition + " " + target);
      model.attemptStart(target);
      model.start(partition.deleteBefore(target));
      LogChecker.check(partition.logStartOffset() == target, "the start is not " + target);
    }
  }

  /** Makes segments ready to be deleted, and perhaps dies in the middle of the deleting. */
  private void letGo(Partition partition) {
    partition.flush();
    for (int i = 0; i < 4; i++) {
      background.keep();
      storage.checkAlive();
    }
    if (random.nextBoolean()) {
      storage.crashSooner(random.nextInt(16));
    }
  }

  private void retain() {
    if (random.nextBoolean()) {
      letGo(anyPartition());
    }
    for (String name : usable()) {
      for (Partition partition : store.topic(name).partitions()) {
        modelOf(partition).attemptStart(partition.logEndOffset());
      }
    }
    background.retain();
    storage.checkAlive();
    for (String name : usable()) {
      for (Partition partition : store.topic(name).partitions()) {
        modelOf(partition).start(partition.logStartOffset());
      }
    }
  }

  private void durableOffsets() {
    for (String name : usable()) {
      for (Partition partition : store.topic(name).partitions()) {
        PartitionModel model = modelOf(partition);
        model.synced(partition.durableOffset());
        LogChecker.check(
            partition.logStartOffset() <= partition.durableOffset()
                && partition.durableOffset() <= partition.logEndOffset(),
            "start "
                + partition.logStartOffset()
                + ", durable "
                + partition.durableOffset()
                + ", end "
                + partition.logEndOffset());
      }
    }
  }

  private void read() {
    Partition partition = anyPartition();
    PartitionModel model = modelOf(partition);
    long start = partition.logStartOffset();
    boolean durable = random.nextBoolean();
    List<Read> reads =
        LogChecker.readAll(
            partition,
            Position.atOffset(start),
            durable ? Visibility.DURABLE : Visibility.PUBLISHED);
    long before = durable || isFailed(partition) ? partition.durableOffset() : Long.MAX_VALUE;
    model.checkReading(reads, start, before);
    if (!durable && !troubled) {
      LogChecker.checkLookUps(partition, model, reads, random);
    }
  }

  private static boolean isFailed(Partition partition) {
    return partition.view() instanceof OpenPartition open
        && open.writer().stopped() instanceof FailedLogException;
  }

  /** Another process reads while this one has the store open. */
  private void readFromOutside() {
    Partition partition = anyPartition();
    PartitionModel model = modelOf(partition);
    long before = storage.mutations();
    try (Sawlog reader = Sawlog.openReadOnly(STORE, SawlogConfig.defaults(), storage)) {
      Partition same = reader.topic(partition.topicName()).partition(partition.number());
      List<Read> reads = LogChecker.readAll(same, Position.earliest(), Visibility.PUBLISHED);
      long visible = isFailed(partition) ? partition.durableOffset() : Long.MAX_VALUE;
      model.checkReading(reads, same.logStartOffset(), visible);
      if (troubled) {
        return;
      }
      LogChecker.check(
          same.logEndOffset() == partition.logEndOffset(),
          "outside the log ends at "
              + same.logEndOffset()
              + ", inside "
              + partition.logEndOffset());
      LogChecker.checkLookUps(same, model, reads, random);
    }
    LogChecker.check(storage.mutations() == before, "a reader has changed something");
  }
}
