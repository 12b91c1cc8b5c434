package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Amount;
import io.sawlog.log.Partition;
import io.sawlog.log.Totals;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A writer, and services in processes of their own that are killed at random. */
@Timeout(120)
class ProcessesCrashTest {
  private static final int ORDERS = 400;
  private static final int KILLS = Amount.of(3, 30);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"consumer", "run"})
  void shouldBringEveryOrderToAServiceThatIsKilledAgainAndAgain(String kind) throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Set<String> handled = new HashSet<>();
    try (Lab lab = Lab.open(directory)) {
      Partition orders = lab.createTopic("orders");
      for (int life = 0; life <= KILLS; life++) {
        int from = life * ORDERS / (KILLS + 1);
        int to = (life + 1) * ORDERS / (KILLS + 1);
        Lab.append(orders, from, to);
        try (ServiceChild service = ServiceChild.start(kind, "service", directory)) {
          int most = life == KILLS ? Integer.MAX_VALUE : 1 + random.nextInt(60);
          for (int i = 0; i < most && handled.size() < to; i++) {
            String order = service.nextHandled();
            assertNotNull(order, "the service has ended by itself; seed " + seed);
            handled.add(order);
          }
          handled.addAll(service.kill());
        }
      }
    }
    assertEquals(new HashSet<>(Lab.numbers(0, ORDERS)), handled, "seed " + seed);
    Totals.count("kills of a process that hosts a group", KILLS + 1);
  }

  @Test
  void shouldNameTheProcessThatHostsAGroup() throws Exception {
    try (Lab lab = Lab.open(directory)) {
      Lab.append(lab.createTopic("orders"), 0, 1);
      try (ServiceChild service = ServiceChild.start("consumer", "service", directory)) {
        assertEquals("0", service.nextHandled());

        GroupHostedException refused =
            assertThrows(
                GroupHostedException.class, () -> lab.groups().consumer("service", "orders"));

        String pid = Long.toString(service.pid());
        assertTrue(refused.getMessage().contains(pid), refused.getMessage());
      }
      lab.groups().consumer("service", "orders").close();
    }
  }
}
