package io.sawlog.log;

import io.sawlog.log.file.DiskStorage;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Repairs {@code topic.properties}: first a plan, which changes nothing, then its execution. For
 * the tools; not part of the API for programs.
 *
 * <p>Which topic it is and how many partitions it has is told by the partitions; each setting by
 * its own line. What nobody knows any more is asked for, never guessed. The old file is kept.
 */
public final class TopicRepair {
  private final Storage storage;
  private final Path directory;
  private final Answers answers;
  private final TopicProperties.Remains file;
  private final TopicRemains around;
  private final List<String> problems = new ArrayList<>();
  private final List<String> known = new ArrayList<>();
  private final List<String> obstacles = new ArrayList<>();
  private @Nullable UUID topicId;
  private int partitions;

  /**
   * What only the user can know.
   *
   * @param partitions how many partitions the topic has
   * @param defaultSettings whether a setting that is lost gets its default
   */
  public record Answers(OptionalInt partitions, boolean defaultSettings) {
    /** Nothing is known but what the files tell. */
    public static final Answers NONE = new Answers(OptionalInt.empty(), false);
  }

  private TopicRepair(
      Storage storage,
      Path directory,
      Answers answers,
      TopicProperties.Remains file,
      TopicRemains around) {
    this.storage = storage;
    this.directory = directory;
    this.answers = answers;
    this.file = file;
    this.around = around;
  }

  /**
   * Reads what is left of a topic and plans.
   *
   * @param directory the directory of the topic
   * @param answers what the user knows
   * @return the plan
   * @throws UnsupportedFormatException if a newer version wrote the file
   * @throws LogIoException if a file cannot be read
   */
  public static TopicRepair plan(Path directory, Answers answers) {
    try {
      return plan(DiskStorage.open(), directory, answers);
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  /** Partitions may be added while they are counted: the file is the same before and after. */
  private static TopicRepair plan(Storage storage, Path directory, Answers answers)
      throws IOException {
    while (true) {
      TopicProperties.Remains file = TopicProperties.remains(storage, directory);
      TopicRemains around = TopicRemains.read(storage, directory);
      String after = TopicProperties.remains(storage, directory).text();
      if (Objects.equals(file.text(), after)) {
        TopicRepair repair = new TopicRepair(storage, directory, answers, file, around);
        repair.problems.addAll(file.problems().values());
        repair.planTopicId();
        repair.planPartitions();
        repair.planSettings();
        return repair;
      }
    }
  }

  private void planTopicId() {
    UUID said = file.topicId();
    if (said != null && (around.topicIds().isEmpty() || around.topicIds().contains(said))) {
      topicId = said;
      return;
    }
    if (around.topicIds().size() != 1) {
      obstacles.add(
          "nobody knows the topic id: "
              + (around.topicIds().isEmpty() ? "no partition tells it" : "the partitions differ"));
      return;
    }
    topicId = around.topicIds().iterator().next();
    known.add("topic.id " + topicId + ", as its partitions say");
    if (said != null) {
      problems.add("topic.id is " + said + ", but its partitions belong to " + topicId);
    }
  }

  private void planPartitions() {
    int found = around.unbroken();
    int said = file.config().partitions();
    boolean tooFew = file.knowsPartitions() && said < around.atLeast();
    boolean tooMany = file.knowsPartitions() && said > found;
    if (tooFew || tooMany) {
      problems.add(contradiction(directory, said, found));
    }
    int needed = file.knowsPartitions() ? said : around.directories().size();
    if (answers.partitions().isPresent()) {
      needed = answers.partitions().getAsInt();
    } else if (tooFew) {
      needed = around.atLeast();
    }
    partitions = needed;
    if (needed < 1 || found < needed || needed < around.atLeast()) {
      obstacles.add(
          needed < 1 || found < needed
              ? "partition "
                  + found
                  + " of "
                  + needed
                  + " is missing: restore it from a backup"
                  + (found < Math.max(1, around.atLeast())
                      ? ""
                      : ", or say '--partitions " + found + "' if there never were more")
              : "partition "
                  + (around.atLeast() - 1)
                  + " has records: there are at least "
                  + around.atLeast()
                  + " partitions");
    } else if (!file.knowsPartitions() || needed != said) {
      known.add(
          "partitions "
              + needed
              + (answers.partitions().isPresent() ? ", as you say" : ", as there are directories"));
    }
  }

  /** Half a sentence about a number of partitions that the directories contradict. */
  static String contradiction(Path topic, int said, int found) {
    return said > found
        ? "it says partitions=" + said + ", but there is no directory " + topic.resolve("" + found)
        : "it says partitions=" + said + ", but there are records in " + topic.resolve("" + said);
  }

  private void planSettings() {
    List<String> lost = file.lostSettings();
    if (lost.isEmpty()) {
      return;
    }
    if (answers.defaultSettings()) {
      known.add("the default of " + String.join(", ", lost));
    } else {
      obstacles.add(
          "nobody knows "
              + String.join(", ", lost)
              + " any more: say '--default-settings', and set them with 'sawlog topic alter' after"
              + " that");
    }
  }

  /**
   * Which topic it is, by the file or by its partitions.
   *
   * @return null if nobody knows
   */
  public @Nullable UUID topicId() {
    return topicId;
  }

  /**
   * What is wrong with the file.
   *
   * @return half a sentence each; none if it is good
   */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /**
   * What cannot be repaired without guessing. Then nothing is done.
   *
   * @return a sentence each
   */
  public List<String> obstacles() {
    return problems.isEmpty()
        ? List.of()
        : obstacles.stream()
            .map(obstacle -> path() + ": " + String.join(", ", problems) + "; " + obstacle)
            .toList();
  }

  /**
   * What would be done.
   *
   * @return one step, or none
   */
  public List<RepairStep> steps() {
    if (problems.isEmpty() || !obstacles.isEmpty()) {
      return List.of();
    }
    Path keptIn = file.text() == null ? null : RepairAction.KeptBytes.nameFor(storage, path(), 0);
    return List.of(
        new RepairStep(
            path(),
            RepairStep.NONE,
            RepairStep.NONE,
            RepairStep.NONE,
            String.join(", ", problems)
                + ": it is written anew with what is left of it"
                + known.stream().map(what -> "; " + what).reduce("", String::concat),
            keptIn));
  }

  /**
   * Does what the plan says. Takes the lock of the store meanwhile, if the topic lies in one.
   *
   * @throws CorruptLogException if there are obstacles
   * @throws StoreLockedException if somebody writes the store
   * @throws LogIoException if a file cannot be read or written, or if the topic is not as it was
   *     when the plan was made
   */
  public void execute() {
    if (!obstacles().isEmpty()) {
      throw new CorruptLogException(String.join("; ", obstacles()));
    }
    Path store = directory.toAbsolutePath().getParent();
    try {
      PartitionRepair.underLock(storage, store, this::write);
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  private void write() throws IOException {
    if (!plan(storage, directory, answers).steps().equals(steps())) {
      throw new LogIoException(
          path() + " has changed since the plan was made: look at a new plan first");
    }
    UUID id = topicId;
    for (RepairStep step : steps()) {
      keep(step.keptIn());
      new TopicProperties(Objects.requireNonNull(id), file.config().partitions(partitions))
          .write(storage, directory);
    }
  }

  private void keep(@Nullable Path target) throws IOException {
    if (target != null) {
      try (StorageFile source = storage.open(path(), Storage.Access.READ);
          StorageFile kept = storage.create(target)) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(source.size()));
        source.read(bytes, 0);
        kept.write(bytes.flip(), 0);
        kept.force();
      }
      storage.forceDirectory(directory);
    }
  }

  private Path path() {
    return directory.resolve(TopicProperties.FILE_NAME);
  }

  private static LogIoException failed(Path directory, IOException e) {
    return new LogIoException(directory + " cannot be repaired: " + e.getMessage(), e);
  }
}
