package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sawlog.log.PatchedEngine;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The models' own test: each bug that is planted here breaks an invariant, and must be found. Some
 * of them are tried in every run, all of them with {@code -P crash}.
 */
class PlantedBugsTest {
  private static final int MOST_SCHEDULES = 10_000;

  @Test
  void shouldFindRecordsThatAreSkipped() {
    mustBeFound(
        "PARTITION",
        "OwnedPartition.java",
        "this.start = progress.floor();",
        "this.start = partition.logEndOffset();");
  }

  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldFindRecordsThatComeTwiceAlthoughNothingFails() {
    mustBeFound(
        "PARTITION_WITHOUT_FAILURES",
        "OwnedPartition.java",
        "this.start = progress.floor();",
        "this.start = Math.max(partition.logStartOffset(), progress.floor() - 1);");
  }

  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldFindCommitsThatGoBackwards() {
    mustBeFound(
        "PARTITION",
        "PartitionGroup.java",
        "(offset < floor && partition.wasSought())",
        "offset < floor");
  }

  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldFindTwoOwnersOfAPartition() {
    mustBeFound("PARTITION", "PartitionGroup.java", "&& !owners.containsKey(name)", "");
  }

  @Test
  void shouldFindThatCommitsOfAStaleMemberCount() {
    mustBeFound(
        "PARTITION",
        "PartitionGroup.java",
        "if (!partition.isOwned()) {",
        "if (partition.topicNumber() < 0) {");
  }

  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldFindThatNobodyIsExpelled() {
    mustBeFound(
        "PARTITION", "PartitionGroup.java", "if (patience <= 0) {", "if (patience > now) {");
  }

  @Test
  void shouldFindThatASyncedCommitIsNot() {
    mustBeFound("PARTITION", "GroupHost.java", "return options.commits() == Commits.SYNCED;", NO);
  }

  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldFindACommitThatIsNotInTheSideLog() {
    mustBeFound(
        "PARTITION",
        "PartitionGroup.java",
        "host.record(events);",
        "events.forEach(event -> event.applyTo(host.state()));");
  }

  @Test
  void shouldFindARecordThatNeverComesAgain() {
    mustBeFound("SHARED", "Answers.java", "      group.backOff(item, failures, now);\n", "");
  }

  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldFindThatAnAnswerCountsAlthoughSomebodyElseHasTheRecord() {
    mustBeFound(
        "SHARED", "Answers.java", "return delivery.item().delivery == delivery;", "return true;");
  }

  @Test
  void shouldFindRecordsOfAKeyOutOfOrder() {
    mustBeFound(
        "SHARED", "Item.java", "return chain == null || chain.first() == this;", "return true;");
  }

  @Test
  void shouldFindADeadLetterThatIsThereTwice() {
    mustBeFound(
        "SHARED", "GroupHost.java", "      record(found(DeadLetters.read(message)));\n", "");
  }

  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldFindARecordThatIsFinishedWithoutADeadLetter() {
    mustBeFound(
        "SHARED",
        "GroupHost.java",
        "partition, offset, letter.getAsLong())",
        "partition, offset, state().nextLetter())");
  }

  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldFindThatMemoryAndSideLogDiffer() {
    mustBeFound(
        "SHARED",
        "Answers.java",
        "    group.host().record(events);\n    for (int i = 0; i < deliveries.size(); i++) {",
        "    events.forEach(event -> event.applyTo(group.host().state()));\n"
            + "    for (int i = 0; i < deliveries.size(); i++) {");
  }

  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldFindTokensThatGoBackwardsWithAnotherProcess() {
    mustBeFound(
        "SHARED",
        "SharedGroup.java",
        "new Event.Opened(host.state().epoch() + 1)",
        "new Event.Opened(host.state().epoch())");
  }

  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldFindTokensThatGoBackwardsWithAPowerCut() {
    mustBeFound(
        "SHARED",
        "SharedGroup.java",
        "host.recordSynced(new Event.Opened",
        "host.record(new Event.Opened");
  }

  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldFindAWindowWithoutBound() {
    mustBeFound("SHARED", "Lane.java", "return windowSize() >= window;", NO);
  }

  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldFindMoreInFlightThanThereMayBe() {
    mustBeFound("SHARED", "SharedGroup.java", "queue.maxInFlight() - leases.inFlight()", "max");
  }

  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldFindThatASyncedAnswerIsNot() {
    mustBeFound("SHARED", "GroupHost.java", "return options.commits() == Commits.SYNCED;", NO);
  }

  @Test
  void shouldFindASyncedCommitOfARecordThatThePowerTakesBack() {
    mustBeFound("PARTITION", "Consumer.java", "partition.partition().sync(offset - 1);", "");
  }

  @Test
  void shouldFindThatAGroupSeesWhatThePowerTakesBack() {
    mustBeFound("PARTITION", "OwnedPartition.java", ".visibility(visibility)", "");
  }

  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldFindThatTheRecordsBehindAPowerCutAreSkipped() {
    mustBeFound(
        "PARTITION",
        "OwnedPartition.java",
        "this.start = progress.floor();",
        """
        this.start =
            progress.floor() >>> 31 < partition.logEndOffset() >>> 31
                ? partition.logEndOffset()
                : progress.floor();
        """);
  }

  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldFindASyncedAnswerToARecordThatThePowerTakesBack() {
    mustBeFound("SHARED", "Answers.java", "lane.log().sync(offsets.end() - 1)", "lane.topic()");
  }

  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldFindThatAWorkerSeesWhatThePowerTakesBack() {
    mustBeFound("SHARED", "Lane.java", ".visibility(queue.visibility())", "");
  }

  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldFindThatADeliveryFailsTwice() {
    mustBeFound("SHARED", "Answers.java", "if (!isCounted(delivery)) {", "if (true) {");
  }

  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldFindThatNobodyIsBlamedForTheEndOfAProcess() {
    mustBeFound("SHARED", "GroupState.java", "if (count == 1 &&", "if (count == 0 &&");
  }

  @Test
  @EnabledIfSystemProperty(named = "sawlog.tests", matches = "crash")
  void shouldFindThatSuspectsAreTriedTogether() {
    mustBeFound("SHARED", "Picker.java", "if (pickSuspect(picks)) {", "if (picks == null) {");
  }

  private static final String NO = "return false;";

  private void mustBeFound(String kind, String file, String present, String changed) {
    String found;
    try {
      Method firstRed =
          PatchedEngine.with(file, present, changed)
              .loadClass(Schedules.class.getName())
              .getDeclaredMethod("firstRed", String.class, long.class, int.class);
      firstRed.setAccessible(true);
      found = (String) firstRed.invoke(null, kind, 1L, MOST_SCHEDULES);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    assertFalse(found.isEmpty(), "not found in " + MOST_SCHEDULES + " schedules");
    System.out.println("found with " + found.lines().findFirst().orElse(""));
  }
}
