package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sawlog.groups.Consumer;
import io.sawlog.groups.Groups;
import io.sawlog.log.Position;
import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import io.sawlog.log.TopicConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sawlog stats}. */
class StatsTest {
  private final ObjectMapper json = new ObjectMapper();

  @TempDir Path directory;
  private Path store;
  private Cli cli;

  @BeforeEach
  void setUp() {
    store = directory.resolve("sawlog-data");
    cli = Cli.in(directory);
  }

  private JsonNode parse(String line) throws IOException {
    return json.readTree(line);
  }

  @Test
  void shouldTellOfALiveStoreAndItsGroups() throws IOException {
    try (Sawlog log = Sawlog.open(store)) {
      Topic orders = log.createTopic("orders", TopicConfig.defaults().segmentBytes(64 << 10));
      log.topic("empty");
      long before = System.currentTimeMillis();
      for (int i = 0; i < 1000; i++) {
        orders.append("k", "order " + i + " of a hundred bytes or so".repeat(5));
      }
      log.flush();
      try (Consumer consumer = Groups.of(log).consumer("invoices", "orders")) {
        consumer.poll(Duration.ZERO);
        consumer.commit();
      }
      Groups.of(log).create("others", "empty", Position.earliest());

      List<String> lines = cli.run("stats", "--json").quiet().lines();
      List<String> ofOrders = cli.run("stats", "orders", "--json").quiet().lines();
      Cli.Result text = cli.run("stats", "--idle", "0ms").quiet();

      assertEquals(4, lines.size(), lines.toString());
      JsonNode empty = parse(lines.get(0));
      JsonNode full = parse(lines.get(1));
      final JsonNode group = parse(lines.get(2));
      assertEquals("empty", empty.get("topic").asText());
      assertTrue(empty.get("oldest_append_time").isNull());
      assertTrue(empty.get("newest_append_time").isNull());
      assertEquals(1000, full.get("records").asLong());
      assertEquals(1000, full.get("log_end_offset").asLong());
      assertEquals(1000, full.get("durable_offset").asLong());
      assertTrue(full.get("segments").asInt() > 1, full.toString());
      assertTrue(full.get("size_bytes").asLong() > 100_000, full.toString());
      long oldest = Instant.parse(full.get("oldest_append_time").asText()).toEpochMilli();
      long newest = Instant.parse(full.get("newest_append_time").asText()).toEpochMilli();
      long end = System.currentTimeMillis();
      assertTrue(before <= oldest + 100 && oldest <= newest && newest <= end, full.toString());
      assertEquals("invoices", group.get("group").asText());
      assertEquals("idle", group.get("status").asText());
      assertEquals(1000 - committed(), group.get("lag").asLong());
      assertFalse(group.get("long_unhosted").asBoolean(), "a day has not passed");
      assertEquals(2, ofOrders.size(), "only the topic, and the group that reads it");
      assertTrue(text.lines().get(0).contains("written by process"), text.text());
      assertTrue(text.text().contains("nobody hosts group 'invoices', which has done nothing for"));
    }
  }

  private long committed() throws IOException {
    String described = cli.run("group", "describe", "invoices", "--json").quiet().text();
    return parse(described).get("partitions").get(0).get("committed").asLong();
  }

  @Test
  void shouldWatchWhatAnotherProcessWritesUntilItIsInterrupted() throws IOException {
    try (Sawlog log = Sawlog.open(store)) {
      Topic orders = log.topic("orders");
      orders.append("first");
      try (RunningCli watching = cli.startInterruptible("stats", "--watch", "--json")) {
        JsonNode look = parse(watching.readLine());
        assertEquals(1, look.get("records").asLong());
        assertFalse(look.has("records_per_second"), "there is nothing to measure from");

        for (int i = 0; i < 500; i++) {
          orders.append("order " + i);
        }
        JsonNode next = parse(watching.readLine());
        while (next.get("records").asLong() < 501) {
          next = parse(watching.readLine());
        }

        assertTrue(next.has("bytes_per_second"), next.toString());
        watching.interrupt();
        assertEquals(130, watching.await());
        assertEquals("", watching.stderr());
      }
    }
  }

  @Test
  void shouldEndQuietlyWhenNobodyWatchesAnyMore() throws IOException {
    try (Sawlog log = Sawlog.open(store)) {
      log.topic("orders").append("first");
    }

    Cli.Result watched = cli.shell("\"$@\" stats --watch | head -n 1; echo ${PIPESTATUS[0]} >&2");

    assertTrue(watched.text().endsWith("nobody writes it\n"), watched.text());
    assertEquals("141\n", watched.stderr());
  }

  @Test
  void shouldTellWhatItCanOfADamagedPartition() throws IOException {
    try (Sawlog log = Sawlog.open(store)) {
      log.topic("orders").append("first");
    }
    Damage.flip(store.resolve("orders/0/00000000000000000000.log"), 64 + 35);

    Cli.Result damaged = cli.run("stats", "--json");

    damaged.failed(ErrorReport.FAILED, "orders", "position 64");
    assertEquals(1, parse(damaged.text()).get("records").asLong());
    Damage.flip(store.resolve("orders/0/00000000000000000000.log"), 64 + 35);
    Damage.flip(store.resolve("orders/0/00000000000000000000.log"), 64 + 40);
    JsonNode torn = parse(cli.run("stats", "--json").quiet().text());
    assertEquals(1, torn.get("records").asLong());
    assertEquals(torn.get("oldest_append_time"), torn.get("newest_append_time"), "before a gap");
    cli.run("stats", "none").failed(ErrorReport.FAILED, "no topic 'none'");
  }

  @Test
  void shouldPutTimesRoughly() {
    assertEquals("3 days", StatsReport.roughly(Duration.ofHours(80)));
    assertEquals("1 hour", StatsReport.roughly(Duration.ofMinutes(119)));
    assertEquals("2 minutes", StatsReport.roughly(Duration.ofMinutes(2)));
    assertEquals("0 seconds", StatsReport.roughly(Duration.ofMillis(900)));
  }
}
