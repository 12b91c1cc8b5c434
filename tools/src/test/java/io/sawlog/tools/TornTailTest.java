package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store of a writer that died before anything was flushed. */
class TornTailTest {
  @TempDir Path directory;

  @Test
  void shouldNoteATornTailAndCallNothingDamaged() throws IOException {
    Cli cli = Cli.in(directory);
    cli.run("topic", "create", "events", "--flush", "on-request").quiet();
    try (RunningCli producer = cli.start("produce", "events", "--json")) {
      for (int i = 0; i < 3; i++) {
        producer.writeLine("event " + i);
        producer.readLine();
      }
      producer.kill();
    }
    Path segment = directory.resolve("sawlog-data/events/0/00000000000000000000.log");
    cli.run("verify").quiet();
    Damage.flip(segment, positionOfLast(cli, segment) + 40);

    Cli.Result torn = cli.run("verify").quiet();

    assertTrue(torn.lines().get(0).startsWith("note: "), torn.text());
    assertTrue(torn.lines().get(0).contains("torn tail"), torn.text());
    assertEquals(List.of("event 0", "event 1"), cli.run("consume", "events").lines());
    Cli.Result recovered = cli.feed("event 3\n", "produce", "events");
    assertEquals(0, recovered.exitCode());
    String said =
        "sawlog: recovered events-0 up to offset 2 although its files are not as they were written:"
            + " ";
    assertTrue(recovered.stderr().startsWith(said), recovered.stderr());
    assertEquals(
        List.of("event 0", "event 1", "event 3"), cli.run("consume", "events").quiet().lines());
    cli.run("verify").quiet();
  }

  private static long positionOfLast(Cli cli, Path segment) throws IOException {
    String frame =
        cli.run("dump", segment.toString(), "--from", "2", "--max", "1").quiet().lines().get(2);
    assertTrue(frame.startsWith("  position "), frame);
    return Long.parseLong(frame.replaceAll("^  position (\\d+) .*", "$1"));
  }
}
