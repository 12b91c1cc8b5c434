package io.sawlog.groups;

import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What both kinds of group are built on: the open files, the state, and the one lock under which
 * all decisions are made.
 */
final class GroupHost {
  private static final Pattern LEGAL_NAME = Pattern.compile("[A-Za-z0-9_-]{1,100}");

  private final String name;
  private final Sawlog log;
  private final GroupFiles files;
  private final Ledger ledger;
  private final GroupOptions options;
  private final GroupTimer timer;
  private final DeadLetters deadLetters;
  private final ReentrantLock lock = new ReentrantLock();

  /** Dead letters that were written, but whose event could not be recorded. */
  private final List<PartitionEvent.DeadLettered> unrecorded = new ArrayList<>();

  private GroupHost(
      String name,
      Sawlog log,
      GroupFiles files,
      Ledger ledger,
      GroupOptions options,
      GroupTimer timer) {
    this.name = name;
    this.log = log;
    this.files = files;
    this.ledger = ledger;
    this.options = options;
    this.timer = timer;
    this.deadLetters = new DeadLetters(name, files.deadLetters());
  }

  /** Returns the name, or throws the exception that says what a name looks like. */
  static String checkName(String name) {
    if (!LEGAL_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + name + "' cannot be a group name: use 1 to 100 of A-Z a-z 0-9 _ -");
    }
    return name;
  }

  /**
   * Opens a group.
   *
   * @param wanted what it has to be; null to take it as it is
   * @throws GroupMismatchException if it is something else
   * @throws GroupNotFoundException if it does not exist and nothing was wanted
   */
  static GroupHost open(String name, GroupEnvironment environment, @Nullable GroupOptions wanted) {
    GroupFiles files = environment.files().apply(name);
    try {
      Ledger ledger = Ledger.open(name, files);
      GroupOptions stored = ledger.state().options();
      if (stored == null) {
        stored = GroupOptions.orNotFound(wanted, name);
        ledger.record(new Event.Created(stored), true);
      } else if (wanted != null) {
        stored.check(name, wanted);
      }
      GroupHost host =
          new GroupHost(name, environment.log(), files, ledger, stored, environment.timer());
      host.findLetters();
      return host;
    } catch (RuntimeException e) {
      files.close();
      throw e;
    }
  }

  /**
   * Dead letters that the side log does not know were written just before a process ended: their
   * records are finished all the same.
   */
  private void findLetters() {
    Partition letters = files.deadLetters();
    long first = Math.max(state().nextLetter(), letters.logStartOffset());
    for (Message message : letters.read(Position.atOffset(first))) {
      record(found(DeadLetters.read(message)));
    }
  }

  private Event found(DeadLetter letter) {
    if (letter.redrivenFrom().isPresent()) {
      return new PartitionEvent.DeadLettered(
          Event.DEAD_LETTERS, 0, letter.redrivenFrom().getAsLong(), letter.letter());
    }
    int topic = state().numberOf(letter.topicId());
    Progress progress = state().progress(topic, letter.partition());
    return progress == null || progress.isFinished(letter.offset())
        ? new Event.DeadCounted(letter.letter() + 1, state().nextRedrive())
        : new PartitionEvent.DeadLettered(
            topic, letter.partition(), letter.offset(), letter.letter());
  }

  /**
   * Calls a record finished that is among the dead letters: first the letter, durably, then the
   * event; under the lock. A letter whose event failed is not written again; it is recorded with
   * the next one at the latest, lest the count of the known letters pass it.
   *
   * @param letter writes the letter; returns its offset
   * @return what was recorded
   */
  List<PartitionEvent.DeadLettered> bury(
      int topic, int partition, long offset, LongSupplier letter) {
    boolean isWritten =
        unrecorded.stream()
            .anyMatch(
                event ->
                    event.topic() == topic
                        && event.partition() == partition
                        && event.offset() == offset);
    if (!isWritten) {
      unrecorded.add(new PartitionEvent.DeadLettered(topic, partition, offset, letter.getAsLong()));
    }
    List<PartitionEvent.DeadLettered> buried = List.copyOf(unrecorded);
    record(buried);
    unrecorded.clear();
    return buried;
  }

  String name() {
    return name;
  }

  Sawlog log() {
    return log;
  }

  GroupOptions options() {
    return options;
  }

  GroupTimer timer() {
    return timer;
  }

  GroupClock clock() {
    return timer.clock();
  }

  DeadLetters deadLetters() {
    return deadLetters;
  }

  /** The log of the dead letters. */
  Partition letters() {
    return files.deadLetters();
  }

  ReentrantLock lock() {
    return lock;
  }

  /** The state; under the lock. */
  GroupState state() {
    return ledger.state();
  }

  boolean isSynced() {
    return options.commits() == Commits.SYNCED;
  }

  /** Records an event as durably as the group wants; under the lock. */
  void record(Event event) {
    ledger.record(event, isSynced());
  }

  /** Records events, all or none, as durably as the group wants; under the lock. */
  void record(List<? extends Event> events) {
    ledger.record(events, isSynced());
  }

  /** Records an event that has to survive the loss of power in any case; under the lock. */
  void recordSynced(Event event) {
    ledger.record(event, true);
  }

  /** Records events, all or none, that have to survive the loss of power; under the lock. */
  void recordSynced(List<? extends Event> events) {
    ledger.record(events, true);
  }

  /** Records events of which a power cut may take the last ones back; under the lock. */
  void recordWritten(List<? extends Event> events) {
    ledger.record(events, false);
  }

  /**
   * The number of a topic. One that the group has not seen gets one, and positions in all its
   * partitions; under the lock.
   *
   * @param first the position in each partition
   */
  int numberOf(Topic topic, Function<Partition, Long> first) {
    int known = state().numberOf(topic.id());
    if (known > 0) {
      return known;
    }
    int number = state().topics().size();
    List<Event> events = new ArrayList<>();
    events.add(new Event.TopicAdded(number, topic.name(), topic.id()));
    for (Partition partition : topic.partitions()) {
      events.add(new PartitionEvent.Moved(number, partition.number(), first.apply(partition)));
    }
    // a group that forgot where it began would begin elsewhere, and skip what lies between
    ledger.record(events, true);
    return number;
  }

  /** Closes the files. */
  void close() {
    files.close();
  }
}
