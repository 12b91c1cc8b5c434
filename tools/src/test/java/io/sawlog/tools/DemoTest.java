package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  @TempDir Path directory;

  private Cli cli;

  @BeforeEach
  void createCli() {
    cli = Cli.in(directory);
  }

  @Test
  void shouldProveItsClaimsAgainAndAgainOnOneStore() throws IOException {
    String first = cli.run("--dir", "store", "demo", "--orders", "1000", "--json").quiet().text();

    Cli.Result second = cli.run("--dir", "store", "demo", "--orders", "1000").quiet();

    assertTrue(first.contains("\"group\":\"email-service\",\"handled\":999,"), first);
    assertTrue(first.contains("\"dead_letters\":1,"), first);
    List<String> claims = claims(second);
    assertEquals(9, claims.size(), second.text());
    assertTrue(claims.stream().allMatch(line -> line.startsWith("  yes")), second.text());
    List<String> commands =
        second.lines().stream().filter(line -> line.startsWith("  sawlog ")).toList();
    assertEquals(3, commands.size());
    for (String command : commands) {
      cli.run(command.strip().substring("sawlog ".length()).split(" ", -1)).quiet();
    }
    assertEquals(2000, cli.run("--dir", "store", "consume", Demo.TOPIC).quiet().lines().size());
    assertEquals(
        3, cli.run("--dir", "store", "group", "dead", EmailService.GROUP).quiet().lines().size());
  }

  private static List<String> claims(Cli.Result result) {
    return result.lines().stream().filter(line -> line.matches("  (yes|NO) .*")).toList();
  }

  @Test
  void shouldFailIfOneOfItsClaimsIsNotSo() throws IOException {
    cli.run("--dir", "store", "demo", "--orders", "100").quiet();
    Path segment = directory.resolve("store/" + Demo.TOPIC + "/0/00000000000000000000.log");
    Damage.flip(segment, 200);

    Cli.Result result = cli.run("--dir", "store", "demo", "--orders", "100");

    assertEquals(ErrorReport.FAILED, result.exitCode(), result.text());
    List<String> broken = claims(result).stream().filter(line -> line.startsWith("  NO ")).toList();
    assertEquals(1, broken.size(), result.text());
    assertTrue(broken.get(0).contains("DAMAGED"), broken.get(0));
  }

  @Test
  void shouldLeaveNothingBehindWhenItIsInterrupted() throws Exception {
    Path temporary = Files.createDirectory(directory.resolve("temporary"));
    ProcessBuilder builder = cli.builder("demo", "--orders", "200000");
    builder.command().add(1, "-Djava.io.tmpdir=" + temporary);
    try (RunningCli demo = RunningCli.of(builder.start(), "demo")) {
      List<ProcessHandle> children = childrenOnceOrdersFlow(demo);

      demo.terminate();

      assertEquals(143, demo.await(), demo.stderr());
      assertEquals("", demo.stderr());
      awaitEnd(children);
    }
    try (var left = Files.list(temporary)) {
      assertEquals(
          List.of(),
          left.filter(path -> path.getFileName().toString().startsWith("sawlog")).toList());
    }
  }

  @Test
  void shouldLeaveNoProcessBehindWhenItIsKilled() throws Exception {
    try (RunningCli demo = cli.start("--dir", "store", "demo", "--orders", "200000")) {
      List<ProcessHandle> children = childrenOnceOrdersFlow(demo);

      demo.kill();

      awaitEnd(children);
    }
  }

  /** The e-mail service is there before the first order. */
  private static List<ProcessHandle> childrenOnceOrdersFlow(RunningCli demo) throws IOException {
    List<String> lines = new ArrayList<>();
    String line = demo.readLine();
    while (line != null && !line.contains("order-service took")) {
      lines.add(line);
      line = demo.readLine();
    }
    List<ProcessHandle> children =
        ProcessHandle.of(Long.parseLong(demo.pid())).orElseThrow().children().toList();
    assertEquals(1, children.size(), lines.toString());
    return children;
  }

  private static void awaitEnd(List<ProcessHandle> processes) throws Exception {
    for (ProcessHandle process : processes) {
      process.onExit().get(Cli.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }
}
