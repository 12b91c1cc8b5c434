package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Amount;
import io.sawlog.log.LogException;
import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import io.sawlog.log.Position;
import io.sawlog.log.Sawlog;
import io.sawlog.log.SawlogConfig;
import io.sawlog.log.Totals;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bits of the logs of a group are flipped: whoever looks or hosts sees what was there, or gets an
 * error. With {@code -P crash} every bit, otherwise every 61st.
 */
class DamagedSideLogTest {
  private static final int STEP = Amount.of(61, 1);
  private static final int HOST_STEP = Amount.of(2003, 101);
  private static final Queue QUEUE = Queue.unordered().maxAttempts(2);

  @TempDir Path directory;
  private Path store;
  private GroupDirectory groups;

  @BeforeEach
  void work() {
    store = directory.resolve("store");
    try (Lab lab = Lab.open(store)) {
      Partition orders = lab.createTopic("orders");
      Lab.append(orders, 0, 40);
      try (Worker worker = lab.groups().worker("g", "orders", QUEUE)) {
        for (int i = 0; i < 3; i++) {
          List<Delivery> deliveries = worker.receive(8, Duration.ZERO);
          deliveries.get(1).retry("not now");
          deliveries.get(2).reject("never");
          worker.ack(deliveries.subList(3, 8));
        }
      }
    }
    groups = new GroupDirectory(store, SawlogConfig.defaults());
  }

  /** The state, and the dead letters. */
  private List<String> look() {
    List<String> seen = new ArrayList<>();
    try (GroupView view = groups.look("g")) {
      view.state().events().forEach(event -> seen.add(event.inWords(number -> "t" + number)));
      for (Message letter : view.letters().read(Position.earliest())) {
        seen.add(DeadLetters.read(letter).toString());
      }
    }
    return seen;
  }

  private List<Path> logs() throws IOException {
    try (Stream<Path> paths = Files.walk(store.resolve("groups/g"))) {
      return paths.filter(path -> path.toString().endsWith(".log")).sorted().toList();
    }
  }

  /** How many bytes of a log mean anything: there are only zeros behind them. */
  private static int used(Path log) throws IOException {
    byte[] bytes = Files.readAllBytes(log);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private static void flip(Path log, long bit) throws IOException {
    try (FileChannel file =
        FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(one, bit / 8);
      one.put(0, (byte) (one.get(0) ^ (1 << bit % 8)));
      file.write(one.flip(), bit / 8);
    }
  }

  @Test
  void shouldShowWhatWasThereOrAnError() throws IOException {
    List<String> whole = look();
    assertTrue(whole.stream().anyMatch(line -> line.contains("never")), "no letter: " + whole);
    assertEquals(2, logs().size());
    int flipped = 0;
    int refused = 0;
    for (Path log : logs()) {
      int bits = 8 * used(log);
      for (int bit = 0; bit < bits; bit += STEP) {
        flip(log, bit);
        try {
          assertEquals(whole, look(), "bit " + bit + " of " + log);
        } catch (LogException refusal) {
          assertTrue(!refusal.getMessage().isBlank());
          refused++;
        }
        flip(log, bit);
        flipped++;
      }
    }
    assertEquals(whole, look());
    assertTrue(refused > flipped / 2, refused + " of " + flipped + " were refused");
    Totals.count("bits of side logs and dead letters flipped", flipped);
  }

  @Test
  void shouldNotBeHostedWithAnotherState() throws IOException {
    List<String> whole = hosted();
    for (Path log : logs()) {
      int bits = 8 * used(log);
      for (int bit = 0; bit < bits; bit += HOST_STEP) {
        flip(log, bit);
        try {
          assertEquals(whole, hosted(), "bit " + bit + " of " + log);
        } catch (LogException refusal) {
          assertTrue(!refusal.getMessage().isBlank());
        }
        flip(log, bit);
      }
    }
  }

  @Test
  void shouldRefuseDamageBelowTheRecoveryPointAndLeaveItAlone() throws IOException {
    Path sideLog = logs().get(1);
    flip(sideLog, 8 * 200);
    byte[] damaged = Files.readAllBytes(sideLog);

    try (Sawlog log = Sawlog.openReadOnly(store)) {
      LogException refused =
          assertThrows(LogException.class, () -> Groups.of(log).worker("g", "orders", QUEUE));

      assertTrue(refused.getMessage().contains("state-0"), refused.getMessage());
    }
    assertEquals(ByteBuffer.wrap(damaged), ByteBuffer.wrap(Files.readAllBytes(sideLog)));
  }

  /** What a copy of the group gives out when it is hosted, and how it stands then. */
  private List<String> hosted() throws IOException {
    Path copy = Files.createTempDirectory(directory, "copy");
    try (Stream<Path> paths = Files.walk(store)) {
      for (Path path : paths.sorted().toList()) {
        Path target = copy.resolve(store.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
    List<String> seen = new ArrayList<>();
    try (Sawlog log = Sawlog.openReadOnly(copy);
        Worker worker = Groups.of(log).worker("g", "orders", QUEUE)) {
      for (Delivery delivery : worker.receive(100, Duration.ZERO)) {
        seen.add(delivery.message().offset() + " attempt " + delivery.attempt());
      }
      GroupAdmin admin = Groups.of(log).admin();
      seen.add(admin.describe("g").lag().records() + ", dead " + admin.describe("g").deadLetters());
    }
    try (Stream<Path> paths = Files.walk(copy)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
    return seen;
  }
}
