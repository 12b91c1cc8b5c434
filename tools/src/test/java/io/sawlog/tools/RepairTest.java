package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Repair and reindex of a closed store of several segments, from the command line. */
class RepairTest {
  private static final int RECORDS = 2000;
  private static final int SIGTERM_EXIT_CODE = 143;
  private static final int SIGINT_EXIT_CODE = 130;

  @TempDir Path directory;
  private Cli cli;
  private Path store;
  private Path partition;
  private Path sealed;

  @BeforeEach
  void fillStore() {
    cli = Cli.in(directory);
    store = directory.resolve("sawlog-data");
    try (Sawlog log = Sawlog.open(store)) {
      Topic topic = log.createTopic("numbers", TopicConfig.defaults().segmentBytes(64 << 10));
      for (int i = 0; i < RECORDS; i++) {
        topic.append(null, i + " ".repeat(100));
      }
    }
    partition = store.resolve("numbers/0");
    sealed = partition.resolve("00000000000000000000.log");
  }

  @Test
  void shouldShowAPlanThenSaveAllThatCanBeReadAndKeepTheRest() throws IOException {
    Damage.overwrite(sealed, 20_000, 300, 0xEE);
    Map<Path, String> before = Damage.contentOf(directory);

    Cli.Result plan = cli.run("repair", "sawlog-data");
    assertEquals(before, Damage.contentOf(directory));
    Cli.Result done = cli.run("repair", "sawlog-data", "--execute").quiet();

    assertEquals(ErrorReport.FAILED, plan.exitCode());
    assertTrue(plan.lines().get(0).startsWith("plan: " + sealed.getFileSystem().getPath("")));
    assertTrue(plan.text().contains("--execute"), plan.text());
    assertTrue(done.lines().get(0).startsWith("done: "), done.text());
    cli.run("verify").quiet();
    List<String> left = cli.run("consume", "numbers").quiet().lines();
    assertTrue(left.size() >= RECORDS - 4 && left.size() < RECORDS, left.size() + " records");
    cli.run("repair", "sawlog-data").quiet();
    assertTrue(hasCutBytes());
  }

  /** Each segment has damage, so there is something to be in the middle of. */
  @ParameterizedTest
  @ValueSource(ints = {SIGTERM_EXIT_CODE, SIGINT_EXIT_CODE})
  void shouldGoOnWhenItWasInterrupted(int interruptedExitCode) throws IOException {
    List<Path> segments = LogPath.segments(partition);
    for (Path segment : segments) {
      Damage.overwrite(segment, 20_000, 300, 0xEE);
    }

    int exitCode;
    try (RunningCli repairing = cli.startInterruptible("repair", "sawlog-data", "--execute")) {
      while (repairing.isAlive() && !hasCutBytes()) {
        Thread.onSpinWait();
      }
      if (interruptedExitCode == SIGINT_EXIT_CODE) {
        repairing.interrupt();
      } else {
        repairing.terminate();
      }
      exitCode = repairing.await();
      // the index of the segment that it was at may be said to be made anew
      assertTrue(repairing.stderr().lines().count() <= 1, repairing.stderr());
    }
    // may say the same of an index
    assertEquals(0, cli.run("repair", "sawlog-data", "--execute").exitCode());

    assertTrue(List.of(0, interruptedExitCode).contains(exitCode), "exit code " + exitCode);
    cli.run("verify").quiet();
    // and so may reading it: the first repair was at its index, the second found nothing to do
    int left = cli.run("consume", "numbers").lines().size();
    assertTrue(left >= RECORDS - 4 * segments.size() && left < RECORDS, left + " records");
  }

  private boolean hasCutBytes() throws IOException {
    try (var files = Files.list(partition)) {
      return files.anyMatch(file -> file.toString().contains(".log.cut-"));
    }
  }

  @Test
  void shouldTellProgramsWhatIsLost() throws IOException {
    Files.delete(sealed);
    ObjectMapper json = new ObjectMapper();

    Cli.Result plan = cli.run("repair", partition.toString(), "--json");

    assertEquals(ErrorReport.FAILED, plan.exitCode());
    List<JsonNode> lines = new ArrayList<>();
    for (String line : plan.lines()) {
      lines.add(json.readTree(line));
    }
    assertEquals(0, lines.get(0).get("first_offset").asInt());
    assertTrue(lines.get(0).get("next_offset").asInt() > 100);
    JsonNode summary = lines.get(lines.size() - 1);
    assertEquals(lines.get(0).get("next_offset"), summary.get("lost_records"));
  }

  @Test
  void shouldMakeAStoreUsableThatCouldNotBeOpened() throws IOException {
    Damage.overwrite(partition.resolve(LogPath.META_FILE), 0, 8192, 0x33);
    cli.run("topic", "create", "other").failed(ErrorReport.FAILED, "'sawlog repair'");

    cli.run("repair", "sawlog-data", "--execute").quiet();

    Cli.Result opened = cli.run("topic", "create", "other");
    assertEquals(0, opened.exitCode(), opened.stderr());
    assertEquals(RECORDS, cli.run("consume", "numbers").quiet().lines().size());
    cli.run("verify").quiet();
  }

  @Test
  void shouldLeaveAStoreAloneThatSomebodyWrites() throws IOException {
    Damage.overwrite(sealed, 20_000, 300, 0xEE);
    try (Sawlog writer = Sawlog.open(store)) {
      Cli another = Cli.processes(directory);
      another.run("repair", "sawlog-data", "--execute").failed(ErrorReport.FAILED, "process");
      cli.run("reindex", "sawlog-data").failed(ErrorReport.FAILED, "process");
      assertTrue(writer.hasTopic("numbers"));
    }
  }

  @Test
  void shouldSayWhatItCannotRepair() throws IOException {
    Path settings = partition.resolveSibling(LogPath.TOPIC_FILE);
    Files.writeString(settings, "garbage");
    Map<Path, String> before = Damage.contentOf(directory);

    Cli.Result result = cli.run("repair", "sawlog-data", "--execute");

    assertEquals(ErrorReport.FAILED, result.exitCode());
    assertTrue(result.text().contains(settings.getFileName() + ": "), result.text());
    assertTrue(result.text().contains("'--default-settings'"), result.text());
    assertEquals(before, Damage.contentOf(directory));
    cli.run("repair", sealed.toString()).failed(ErrorReport.BAD_USAGE, "directory");
    cli.run("repair", "sawlog-data", "--partitions", "1")
        .failed(ErrorReport.BAD_USAGE, "--partitions");
  }

  @Test
  void shouldPutBackSettingsThatArePartlyKnown() throws IOException {
    Path settings = partition.resolveSibling(LogPath.TOPIC_FILE);
    String good = Files.readString(settings);
    Files.writeString(
        settings,
        good.replaceAll("topic.id=.*", "topic.id=" + new UUID(1, 2)).replace("4096", "?"));

    cli.run("repair", "sawlog-data", "--execute", "--default-settings").quiet();

    assertEquals(good, Files.readString(settings));
    cli.run("verify").quiet();
    assertEquals(RECORDS, cli.run("consume", "numbers").quiet().lines().size());
  }

  @Test
  void shouldKeepPartitionsTogetherWithTheirTopicWhenOnlyOneIsRepaired() throws IOException {
    Path settings = partition.resolveSibling(LogPath.TOPIC_FILE);
    Files.writeString(
        settings,
        Files.readString(settings).replaceAll("topic.id=.*", "topic.id=" + new UUID(1, 2)));
    Map<Path, String> before = Damage.contentOf(directory);

    cli.run("repair", partition.toString(), "--execute").quiet();

    assertEquals(before, Damage.contentOf(directory));
  }

  @Test
  void shouldNameTheFileAndTheWayOutWhenPartitionsAreMiscounted() throws IOException {
    Path settings = partition.resolveSibling(LogPath.TOPIC_FILE);
    String good = Files.readString(settings);
    Files.writeString(settings, good.replace("partitions=1", "partitions=7"));

    for (String command : List.of("consume numbers", "stats", "topic describe numbers")) {
      cli.run(command.split(" ")).failed(ErrorReport.FAILED, LogPath.TOPIC_FILE, "'sawlog repair'");
    }
    Cli.Result refused = cli.feed("x\n", "produce", "numbers");
    assertEquals(ErrorReport.FAILED, refused.exitCode());
    assertTrue(refused.stderr().contains("'sawlog repair'"), refused.stderr());
    assertTrue(cli.run("verify").text().contains("partitions=7"));
    assertTrue(cli.run("repair", "sawlog-data").text().contains("'--partitions 1'"));
    cli.run("repair", "sawlog-data/numbers", "--partitions", "1", "--execute").quiet();

    assertEquals(good, Files.readString(settings));
  }

  @Test
  void shouldNotTakeTheNameOfATopicThatHasLostItsSettings() throws IOException {
    Files.delete(partition.resolveSibling(LogPath.TOPIC_FILE));

    cli.run("topic", "create", "numbers").failed(ErrorReport.FAILED, LogPath.TOPIC_FILE);
    assertEquals(ErrorReport.FAILED, cli.feed("x\n", "produce", "numbers").exitCode());
    cli.run("repair", "sawlog-data", "--execute", "--default-settings").quiet();

    assertEquals(RECORDS, cli.run("consume", "numbers").quiet().lines().size());
  }

  @Test
  void shouldMakeIndexesAnew() throws IOException {
    Path index = IndexCopy.pathBeside(sealed);
    byte[] good = Files.readAllBytes(index);
    Files.delete(index);
    Damage.overwrite(partition.resolve("00000000000000000434.index"), 70, 9, 0x77);

    Cli.Result made = cli.run("reindex", "sawlog-data").quiet();

    assertTrue(made.text().endsWith("index files made anew\n"), made.text());
    assertTrue(Files.size(index) > 0 && good.length > 0);
    assertTrue(cli.run("verify").quiet().text().startsWith("ok: "));
  }
}
