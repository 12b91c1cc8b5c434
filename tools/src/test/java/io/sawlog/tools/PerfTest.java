package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sawlog perf ...}: that it does and counts what it says, not how fast anything is. */
class PerfTest {
  private static final String NUMBER = "\\d+\\.\\d+";
  private static final String SUMMARY =
      "N records VERB, # records/sec \\(# MB/sec\\), # ms avg latency, # ms max latency, # ms 50th,"
          + " # ms 95th, # ms 99th, # ms 99.9th\\.";

  private final ObjectMapper json = new ObjectMapper();

  @TempDir Path directory;

  private static void assertSummary(int records, String verb, Cli.Result result) {
    List<String> lines = result.quiet().lines();
    String expected =
        SUMMARY.replace("N", Integer.toString(records)).replace("VERB", verb).replace("#", NUMBER);
    String last = lines.get(lines.size() - 1);
    assertTrue(last.matches(expected), last);
  }

  @Test
  void shouldMeasureOnATopicOfItsOwnInTheWordsOfKafka() throws IOException {
    Cli cli = Cli.in(directory);
    cli.feed("a\nb\n", "produce", "orders").quiet();

    assertSummary(
        2000,
        "sent",
        cli.run("perf", "produce", "--num-records", "2000", "--throughput", "100000"));
    assertSummary(2200, "read", cli.run("perf", "consume"));
    Cli.Result synced =
        cli.run(
            "perf",
            "produce",
            "--sync",
            "--num-records=20",
            "--warmup-records=0",
            "--record-size=1k",
            "--json");
    assertSummary(
        500, "received", cli.run("perf", "end-to-end", "--num-records=500", "--throughput=10000"));

    JsonNode measured = json.readTree(synced.quiet().text());
    assertEquals(20, measured.get("records").asInt());
    assertEquals(20 * 1024, measured.get("bytes").asInt());
    assertTrue(measured.get("elapsed_ns").asLong() > 0, measured.toString());
    assertTrue(
        measured.get("latency_p50_ns").asLong() <= measured.get("latency_max_ns").asLong(),
        measured.toString());
    assertEquals(List.of("a", "b"), cli.run("consume", "orders").quiet().lines());
    JsonNode topic =
        json.readTree(cli.run("topic", "describe", PerfLoad.TOPIC, "--json").quiet().text());
    assertEquals(2200 + 20 + 550, topic.get("partitions").get(0).get("records").asInt());
    assertSummary(2, "read", cli.run("perf", "consume", "--topic", "orders"));
    cli.run("verify").quiet();
  }

  @Test
  void shouldSayWhatItMeasuredUntilItWasInterrupted() throws IOException {
    Cli cli = Cli.in(directory);
    try (RunningCli perf =
        cli.startInterruptible(
            "perf", "produce", "--warmup-records=0", "--throughput=1000", "--record-size=10")) {
      Path partition = directory.resolve("sawlog-data").resolve(PerfLoad.TOPIC).resolve("0");
      while (!Files.exists(partition.resolve("00000000000000000000.log"))) {
        assertTrue(perf.isAlive());
      }

      perf.interrupt();

      assertEquals(130, perf.await());
      assertTrue(String.valueOf(perf.readLine()).endsWith(" ms 99.9th."));
      assertEquals("", perf.stderr());
    }
    cli.run("verify").quiet();
  }

  @Test
  void shouldRefuseALoadThatMakesNoSense() throws IOException {
    Cli cli = Cli.in(directory);
    for (String load :
        List.of(
            "produce --num-records 0",
            "produce --throughput 0",
            "end-to-end --record-size 7",
            "consume --num-records 0")) {
      cli.run(("perf " + load).split(" ", -1)).failed(ErrorReport.BAD_USAGE, "--");
    }
    assertFalse(Files.exists(directory.resolve("sawlog-data")));
    cli.feed("a\n", "produce", "orders").quiet();
    cli.run("perf", "consume").failed(ErrorReport.FAILED, "no topic 'sawlog-perf'");
  }

  @Test
  void shouldHoldThePlanWhateverBecomesOfAnOperation() {
    StartTimes times = new StartTimes(1_000_000);

    long first = times.await(() -> true);

    for (int i = 1; i < 1000; i++) {
      assertEquals(first + 1000L * i, times.await(() -> true));
    }
  }

  @Test
  void shouldCountFromTheTimeThatWasMeantWithoutTheWarmUp() throws IOException {
    ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    Measurement measurement = new Measurement(new Output(stdout), true, "sent");
    measurement.add(0, 1_000_000_000, 1, 100);
    measurement.restart();

    for (int i = 1; i <= 1000; i++) {
      measurement.add(5, 5 + i * 1000L, 1, 100);
    }
    measurement.print();

    JsonNode measured = json.readTree(stdout.toString(StandardCharsets.UTF_8));
    assertEquals(1000, measured.get("records").asInt());
    assertEquals(100_000, measured.get("bytes").asInt());
    assertEquals(500_500, measured.get("latency_avg_ns").asDouble(), 500);
    assertEquals(1_000_000, measured.get("latency_max_ns").asDouble(), 1000);
    assertEquals(500_000, measured.get("latency_p50_ns").asDouble(), 500);
    assertEquals(990_000, measured.get("latency_p99_ns").asDouble(), 1000);
    assertEquals(999_000, measured.get("latency_p99_9_ns").asDouble(), 1000);
  }
}
