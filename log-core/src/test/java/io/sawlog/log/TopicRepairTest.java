package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage of topic.properties: refused by name, and put back where something else tells it. */
class TopicRepairTest {
  private static final TopicRepair.Answers DEFAULTS =
      new TopicRepair.Answers(OptionalInt.empty(), true);

  @TempDir Path store;
  private Path topic;
  private Path properties;
  private String good;

  @BeforeEach
  void makeATopicOfThreePartitionsWithTwoInUse() throws IOException {
    topic = store.resolve("t");
    properties = topic.resolve("topic.properties");
    try (Sawlog log = Sawlog.open(store)) {
      Topic made = log.createTopic("t", TopicConfig.defaults().partitions(3).segmentBytes(1 << 20));
      made.partition(0).append(null, new byte[4]);
      made.partition(1).append(null, new byte[3]);
    }
    good = Files.readString(properties);
  }

  @Test
  void shouldFindNothingWrongWithAGoodFile() {
    TopicRepair plan = TopicRepair.plan(topic, TopicRepair.Answers.NONE);

    assertEquals(List.of(), plan.problems());
    assertEquals(List.of(), plan.steps());
    assertEquals(List.of(), plan.obstacles());
  }

  @Test
  void shouldPutBackTheTopicIdThatThePartitionsTell() throws IOException {
    for (String wrong : List.of("topic.id=" + new UUID(1, 2), "topic.id=?", "")) {
      damage(text -> text.replaceAll("topic\\.id=.*", wrong));

      mendedBy(TopicRepair.Answers.NONE);
    }
  }

  @Test
  void shouldPutBackACountThatTheDirectoriesTell() throws IOException {
    for (String wrong : List.of("partitions=1", "partitions=three", "")) {
      damage(text -> text.replaceAll("(?m)^partitions=.*", wrong));
      TopicRepair.plan(topic, TopicRepair.Answers.NONE).execute();

      String count = wrong.equals("partitions=1") ? "partitions=2" : "partitions=3";
      assertTrue(Files.readString(properties).contains(count), wrong);
      readsBoth();
      Files.writeString(properties, good);
    }
  }

  @Test
  void shouldAskWhetherPartitionsAreMissingOrNeverWere() throws IOException {
    damage(text -> text.replace("partitions=3", "partitions=7"));

    TopicRepair plan = TopicRepair.plan(topic, TopicRepair.Answers.NONE);

    assertEquals(List.of(), plan.steps());
    assertTrue(plan.obstacles().get(0).contains("'--partitions 3'"), plan.obstacles().get(0));
    assertThrows(CorruptLogException.class, plan::execute);
    mendedBy(new TopicRepair.Answers(OptionalInt.of(3), false));
  }

  @Test
  void shouldNotTakeANumberThatLeavesRecordsOutOrMakesPartitionsUp() throws IOException {
    damage(text -> text.replace("partitions=3", "partitions=7"));

    for (int number : new int[] {-1, 0, 1, 4, 7}) {
      var answers = new TopicRepair.Answers(OptionalInt.of(number), true);
      assertEquals(1, TopicRepair.plan(topic, answers).obstacles().size(), "" + number);
    }
  }

  @Test
  void shouldNotCountPastAMissingPartition() throws IOException {
    Files.delete(properties);
    deletePartition(0);

    List<String> obstacles = TopicRepair.plan(topic, DEFAULTS).obstacles();

    assertTrue(obstacles.get(0).contains("partition 0 of 2 is missing"), obstacles.toString());
    assertFalse(obstacles.get(0).contains("--partitions"), obstacles.toString());
  }

  @Test
  void shouldAskForLostSettingsAndKeepTheOthers() throws IOException {
    damage(text -> text.replace("flush.policy=interval-ms", "flush.policy=interval_ms"));

    TopicRepair plan = TopicRepair.plan(topic, TopicRepair.Answers.NONE);

    assertEquals(List.of(), plan.steps());
    assertTrue(plan.obstacles().get(0).contains("flush.policy any more"));
    mendedBy(DEFAULTS);
  }

  @Test
  void shouldMakeAMissingFileFromThePartitionsAndDefaultsThatWereAskedFor() throws IOException {
    Files.delete(properties);
    assertEquals(1, TopicRepair.plan(topic, TopicRepair.Answers.NONE).obstacles().size());

    TopicRepair.plan(topic, DEFAULTS).execute();

    assertEquals(good.replace("bytes=" + (1 << 20), "bytes=" + (256 << 20)), text());
    readsBoth();
  }

  @Test
  void shouldNotBelieveAnIdThatThePartitionsDoNotShare() throws IOException {
    Files.delete(properties);
    try (Sawlog log = Sawlog.open(store.resolve("other"))) {
      log.createTopic("t", TopicConfig.defaults().partitions(4));
    }
    Files.move(store.resolve("other/t/3"), topic.resolve("3"));

    TopicRepair plan = TopicRepair.plan(topic, DEFAULTS);

    assertEquals(null, plan.topicId());
    assertTrue(plan.obstacles().get(0).contains("the partitions differ"));
  }

  @Test
  void shouldRefuseByNameWhateverIsWrongAndChangeNothing() throws IOException {
    List<UnaryOperator<String>> damages =
        List.of(
            text -> "",
            text -> text.substring(0, 150),
            text -> text.replace("partitions=3", "partitions=1"),
            text -> text.replace("partitions=3", "partitions=9"),
            text -> text.replace("partitions=3", "partitions=-3"),
            text -> text.replace("topic.id", "topic.ie"),
            text -> text.replace("segment.bytes=1", "segment.bytes=\\u00"));
    for (UnaryOperator<String> damage : damages) {
      damage(damage);
      refused(false);
      refused(true);
    }
    Files.delete(properties);
    refused(false);
    refused(true);
  }

  @Test
  void shouldNotDeleteRecordsWhenATopicGrowsWhoseCountWasEditedDown() throws IOException {
    try (Sawlog log = Sawlog.open(store)) {
      damage(text -> text.replace("partitions=3", "partitions=1"));

      assertThrows(
          CorruptLogException.class,
          () -> log.alterTopic("t", log.topic("t").config().partitions(4)));
    }
    Files.writeString(properties, good);
    readsBoth();
  }

  @Test
  void shouldLeaveAStoreAloneThatSomebodyWrites() throws IOException {
    try (Sawlog log = Sawlog.open(store)) {
      damage(text -> text.replace("topic.id", "topic.ie"));
      TopicRepair plan = TopicRepair.plan(topic, TopicRepair.Answers.NONE);

      assertThrows(StoreLockedException.class, plan::execute);
      assertTrue(log.hasTopic("t"));
    }
  }

  @Test
  void shouldPlanSomethingWhicheverBitIsFlipped() throws IOException {
    byte[] bytes = Files.readAllBytes(properties);
    for (int bit = 0; bit < 8 * bytes.length; bit += 7) {
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(properties, bytes);
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        TopicRepair plan = TopicRepair.plan(topic, DEFAULTS);
        assertEquals(
            plan.problems().isEmpty() ? 0 : 1, plan.steps().size() + plan.obstacles().size());
      } catch (UnsupportedFormatException e) {
        assertTrue(e.getMessage().contains("has format version"), e.getMessage());
      }
    }
  }

  private void damage(UnaryOperator<String> how) throws IOException {
    String damaged = how.apply(good);
    assertFalse(damaged.equals(good));
    Files.writeString(properties, damaged);
  }

  private void refused(boolean readOnly) {
    LogException refused =
        assertThrows(
            CorruptLogException.class,
            () -> {
              try (Sawlog log = readOnly ? Sawlog.openReadOnly(store) : Sawlog.open(store)) {
                log.topic("t");
              }
            });
    assertTrue(refused.getMessage().contains(properties.toString()), refused.getMessage());
    assertTrue(refused.getMessage().contains("'sawlog repair'"), refused.getMessage());
  }

  private void mendedBy(TopicRepair.Answers answers) throws IOException {
    String damaged = text();
    TopicRepair plan = TopicRepair.plan(topic, answers);
    assertEquals(List.of(), plan.obstacles());
    RepairStep step = plan.steps().get(0);

    plan.execute();

    assertEquals(good, text());
    assertEquals(damaged, Files.readString(step.keptIn()));
    assertEquals(List.of(), TopicRepair.plan(topic, TopicRepair.Answers.NONE).problems());
    readsBoth();
  }

  private void readsBoth() {
    try (Sawlog log = Sawlog.open(store)) {
      assertEquals(1, log.topic("t").partition(0).logEndOffset());
      assertEquals(1, log.topic("t").partition(1).logEndOffset());
    }
  }

  private String text() throws IOException {
    return Files.readString(properties);
  }

  private void deletePartition(int number) throws IOException {
    Path partition = topic.resolve("" + number);
    try (var files = Files.list(partition)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(partition);
  }
}
