package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  @TempDir Path directory;

  @Test
  void shouldProveItsClaimsAgainAndAgainOnOneStore() throws IOException {
    Cli cli = Cli.in(directory);
    cli.run("--dir", "store", "demo", "--orders", "2000", "--json").quiet();

    Cli.Result second = cli.run("--dir", "store", "demo", "--orders", "2000").quiet();

    List<String> claims =
        second.lines().stream().filter(line -> line.matches("  (yes|NO) .*")).toList();
    assertEquals(3, claims.size(), second.text());
    assertTrue(claims.stream().allMatch(line -> line.startsWith("  yes")), second.text());
    List<String> commands =
        second.lines().stream().filter(line -> line.startsWith("  sawlog ")).toList();
    assertEquals(3, commands.size());
    for (String command : commands) {
      cli.run(command.strip().substring("sawlog ".length()).split(" ", -1)).quiet();
    }
    assertEquals(4000, cli.run("--dir", "store", "consume", Demo.TOPIC).quiet().lines().size());
  }
}
