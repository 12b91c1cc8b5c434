package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sawlog.log.Amount;
import io.sawlog.log.PatchedEngine;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

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
  void shouldFindRecordsThatComeTwiceAlthoughNothingFails() {
    mustBeFoundByLongForm(
        "PARTITION_WITHOUT_FAILURES",
        "OwnedPartition.java",
        "this.start = progress.floor();",
        "this.start = Math.max(partition.logStartOffset(), progress.floor() - 1);");
  }

  @Test
  void shouldFindCommitsThatGoBackwards() {
    mustBeFoundByLongForm(
        "PARTITION",
        "PartitionGroup.java",
        "(offset < floor && partition.wasSought())",
        "offset < floor");
  }

  @Test
  void shouldFindTwoOwnersOfAPartition() {
    mustBeFoundByLongForm("PARTITION", "PartitionGroup.java", "&& !owners.containsKey(name)", "");
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
  void shouldFindThatNobodyIsExpelled() {
    mustBeFoundByLongForm(
        "PARTITION", "PartitionGroup.java", "if (patience <= 0) {", "if (patience > now) {");
  }

  @Test
  void shouldFindThatASyncedCommitIsNot() {
    mustBeFound("PARTITION", "GroupHost.java", "return options.commits() == Commits.SYNCED;", NO);
  }

  @Test
  void shouldFindACommitThatIsNotInTheSideLog() {
    mustBeFoundByLongForm(
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
  void shouldFindThatAnAnswerCountsAlthoughSomebodyElseHasTheRecord() {
    mustBeFoundByLongForm(
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
  void shouldFindARecordThatIsFinishedWithoutADeadLetter() {
    mustBeFoundByLongForm(
        "SHARED",
        "GroupHost.java",
        "partition, offset, letter.getAsLong())",
        "partition, offset, state().nextLetter())");
  }

  @Test
  void shouldFindThatMemoryAndSideLogDiffer() {
    mustBeFoundByLongForm(
        "SHARED",
        "Answers.java",
        "    group.host().record(events);\n    for (int i = 0; i < deliveries.size(); i++) {",
        "    events.forEach(event -> event.applyTo(group.host().state()));\n"
            + "    for (int i = 0; i < deliveries.size(); i++) {");
  }

  @Test
  void shouldFindTokensThatGoBackwardsWithAnotherProcess() {
    mustBeFoundByLongForm(
        "SHARED",
        "SharedGroup.java",
        "new Event.Opened(host.state().epoch() + 1)",
        "new Event.Opened(host.state().epoch())");
  }

  @Test
  void shouldFindTokensThatGoBackwardsWithAPowerCut() {
    mustBeFoundByLongForm(
        "SHARED",
        "SharedGroup.java",
        "host.recordSynced(new Event.Opened",
        "host.record(new Event.Opened");
  }

  @Test
  void shouldFindAWindowWithoutBound() {
    mustBeFoundByLongForm("SHARED", "Lane.java", "return windowSize() >= window;", NO);
  }

  @Test
  void shouldFindMoreInFlightThanThereMayBe() {
    mustBeFoundByLongForm(
        "SHARED", "SharedGroup.java", "queue.maxInFlight() - leases.inFlight()", "max");
  }

  @Test
  void shouldFindThatASyncedAnswerIsNot() {
    mustBeFoundByLongForm(
        "SHARED", "GroupHost.java", "return options.commits() == Commits.SYNCED;", NO);
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
  void shouldFindThatTheRecordsBehindAPowerCutAreSkipped() {
    mustBeFoundByLongForm(
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
  void shouldFindASyncedAnswerToARecordThatThePowerTakesBack() {
    mustBeFoundByLongForm(
        "SHARED", "Answers.java", "lane.log().sync(offsets.end() - 1)", "lane.topic()");
  }

  @Test
  void shouldFindThatAWorkerSeesWhatThePowerTakesBack() {
    mustBeFoundByLongForm("SHARED", "Lane.java", ".visibility(queue.visibility())", "");
  }

  @Test
  void shouldFindThatADeliveryFailsTwice() {
    mustBeFoundByLongForm("SHARED", "Answers.java", "if (!isCounted(delivery)) {", "if (true) {");
  }

  @Test
  void shouldFindThatNobodyIsBlamedForTheEndOfAProcess() {
    mustBeFoundByLongForm("SHARED", "GroupState.java", "if (count == 1 &&", "if (count == 0 &&");
  }

  @Test
  void shouldFindThatSuspectsAreTriedTogether() {
    mustBeFoundByLongForm(
        "SHARED", "Picker.java", "if (pickSuspect(picks)) {", "if (picks == null) {");
  }

  private static final String NO = "return false;";

  private void mustBeFound(String kind, String file, String present, String changed) {
    mustBeFound(kind, PatchedEngine.with(file, present, changed));
  }

  /** In other builds it is only seen that the place of the bug is still there. */
  private void mustBeFoundByLongForm(String kind, String file, String present, String changed) {
    PatchedEngine engine = PatchedEngine.with(file, present, changed);
    Amount.assumeCrash();
    mustBeFound(kind, engine);
  }

  private void mustBeFound(String kind, PatchedEngine engine) {
    String found;
    try {
      Method firstRed =
          engine
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
