package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sawlog.groups.Delivery;
import io.sawlog.groups.Groups;
import io.sawlog.groups.Queue;
import io.sawlog.groups.Worker;
import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code dump} says of a group, whose side log may be damaged. */
class SideLogDumpTest {
  private final ObjectMapper json = new ObjectMapper();

  @TempDir Path directory;
  private Path group;
  private Path segment;

  @BeforeEach
  void workInAGroup() {
    Path store = directory.resolve("sawlog-data");
    try (Sawlog log = Sawlog.open(store)) {
      Topic orders = log.topic("orders");
      for (int i = 0; i < 4; i++) {
        orders.append("k" + i, "order-" + i);
      }
      try (Worker worker = Groups.of(log).worker("email", "orders", Queue.keyOrdered())) {
        List<Delivery> deliveries = worker.receive(4, Duration.ZERO);
        deliveries.get(0).ack();
        deliveries.get(1).retry("busy");
        deliveries.get(2).reject("no such address");
        deliveries.get(3).release();
      }
    }
    group = store.resolve("groups/email");
    segment = group.resolve("state/0/00000000000000000000.log");
  }

  private static final List<String> WORDS =
      List.of(
          "created as a shared group, order KEY, commits WRITTEN, visibility PUBLISHED",
          "opened for hosting, epoch 1: leases end",
          "orders-0 leased 0-3",
          "orders-0 finished 0",
          "orders-0 failed 1, attempts so far 1",
          "orders-0 given up 2, dead letter 0",
          "orders-0 given back 3");

  @Test
  void shouldSayInWordsWhatHappenedInAGroup() throws IOException {
    Cli cli = Cli.in(directory);

    String text = cli.run("dump", group.toString()).quiet().text();
    List<String> words = new ArrayList<>();
    for (String line : cli.run("dump", "sawlog-data", "--json").quiet().lines()) {
      JsonNode object = json.readTree(line);
      if (object.get("type").asText().equals("step")) {
        assertEquals("change", object.get("kind").asText());
        object.get("events").forEach(event -> words.add(event.asText()));
      }
    }
    String hex = cli.run("dump", segment.toString(), "--hex").quiet().text();

    for (String event : WORDS) {
      assertTrue(text.contains(event), event + " is not in\n" + text);
      assertTrue(words.contains(event), event + " is not in " + words);
      assertTrue(hex.contains(event), event + " is not in\n" + hex);
    }
  }

  /** As a user is told to look at one. */
  @Test
  void shouldKnowALoneSegmentByTheDirectoriesAroundIt() throws IOException {
    Cli cli = Cli.in(directory);
    Path lone = Files.copy(segment, directory.resolve(segment.getFileName()));
    Path around = Files.createDirectories(directory.resolve("copy/groups/any/state/0"));

    String bytes = cli.run("dump", lone.toString()).quiet().text();
    Files.move(lone, around.resolve(segment.getFileName()));
    String words = cli.run("dump", around.toString()).quiet().text();

    assertEquals(0, steps(bytes));
    assertTrue(words.contains("orders-0 given back 3"), words);
  }

  @Test
  void shouldMarkARecordThatIsNoEvent() throws IOException {
    try (Sawlog log = Sawlog.open(group)) {
      log.topic("state").append((byte[]) null, new byte[] {0, 99});
      log.topic("state").append((byte[]) null, (byte[]) null);
      log.topic("state").append((byte[]) null, new byte[] {0, 3, 1});
    }

    Cli.Result dumped = Cli.in(directory).run("dump", group.toString());

    dumped.failed(ErrorReport.FAILED, "2 damaged places");
    assertTrue(dumped.text().contains("holds no event of a group: an event of type 99"));
    assertTrue(dumped.lines().stream().anyMatch(line -> line.endsWith("  paused")), dumped.text());
  }

  @Test
  void shouldSayAllOtherEventsWhicheverBitIsFlipped() throws IOException {
    byte[] good = Files.readAllBytes(segment);
    int end = good.length;
    while (good[end - 1] == 0) {
      end--;
    }
    int whole = steps(dump());
    for (int bit = 0; bit < end * 8; bit += 3) {
      byte[] flipped = Arrays.copyOf(good, end + 4096);
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(segment, flipped);

      String text = dump();

      if (bit >= 64 * 8) {
        assertTrue(steps(text) >= whole - 1, "bit " + bit + ":\n" + text);
        boolean marked = text.contains("DAMAGED") || text.contains("UNFINISHED");
        assertTrue(marked, "bit " + bit + " is not noticed:\n" + text);
      }
    }
    Files.delete(IndexCopy.pathBeside(segment));
    for (int length = 0; length <= end; length++) {
      Files.write(segment, Arrays.copyOf(good, length));
      assertTrue(steps(dump()) <= whole, "length " + length);
    }
  }

  private static int steps(String text) {
    return text.split("\n    step ", -1).length - 1;
  }

  private String dump() throws IOException {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    Output output = new Output(stdout);
    Dump dump =
        new Dump(
            new TextDump(output, false),
            new Dump.Selection(0, Long.MAX_VALUE, Long.MAX_VALUE, false, false));
    dump.add(LogPath.of(segment));
    output.flush();
    return stdout.toString(StandardCharsets.UTF_8);
  }
}
