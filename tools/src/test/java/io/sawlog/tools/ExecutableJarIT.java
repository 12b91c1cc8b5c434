package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every command, from the executable jar through its launcher, as it is shipped. */
@DisabledOnOs(OS.WINDOWS)
class ExecutableJarIT {
  /** The real one takes ten seconds; {@link DemoTest} looks at all that it claims. */
  private static final String SMALL_DEMO = "100";

  @TempDir Path directory;
  private final SortedSet<String> tried = new TreeSet<>();
  private Cli cli;

  /** Classes that the JVMs share, which halves the time they take to start. */
  @TempDir static Path shared;

  /** The jar is there, unless somebody runs this class alone. */
  @BeforeAll
  static void haveTheJar(@TempDir Path anywhere) throws IOException {
    String keep = "-XX:ArchiveClassesAtExit=" + shared.resolve("classes");
    assertEquals(
        0, Cli.launcher(anywhere).withJavaOptions(keep).run("topic", "create", "t").exitCode());
  }

  private static Cli launcher(Path directory) {
    return Cli.launcher(directory)
        .withJavaOptions("-XX:SharedArchiveFile=" + shared.resolve("classes"));
  }

  /** Runs a command that is good and quiet, and prints what matches. */
  private void good(String pattern, String... arguments) throws IOException {
    fed("", pattern, arguments);
  }

  private void fed(String input, String pattern, String... arguments) throws IOException {
    Cli.Result result = cli.feed(input, arguments).quiet();
    assertTrue(
        result.text().matches("(?s)" + pattern),
        String.join(" ", arguments) + " printed " + result.text());
    tried.add(nameIn(arguments));
  }

  /** The names of the commands at the beginning of a command line. */
  private static String nameIn(String... arguments) {
    CommandLine command = Main.commandLine(new GeneralOptions(Invocation.ofThisProcess()));
    for (String word : arguments) {
      CommandLine next = command.getSubcommands().get(word);
      if (next == null) {
        break;
      }
      command = next;
    }
    return command.getCommandSpec().qualifiedName();
  }

  private static void addLeaves(CommandLine command, SortedSet<String> leaves) {
    if (command.getCommandSpec().usageMessage().hidden()) {
      return;
    }
    if (command.getSubcommands().isEmpty()) {
      leaves.add(command.getCommandSpec().qualifiedName());
    }
    command.getSubcommands().values().forEach(subcommand -> addLeaves(subcommand, leaves));
  }

  @Test
  void shouldDoWhatEachCommandIsFor() throws IOException {
    cli = launcher(directory);

    good("topic orders created, 1 partition\n", "topic", "create", "orders");
    fed("a:1\nb:2\nc:3\n", "", "produce", "orders", "--key-separator", ":");
    good("orders\n", "topic", "list");
    good(
        "topic orders .* flush every 2s .*",
        "topic",
        "alter",
        "orders",
        "--partitions",
        "1",
        "--flush",
        "2s");
    good("topic orders .* flush every 2s .*", "topic", "describe");
    good("1\n2\n3\n", "consume", "orders");
    good("", "group", "create", "work", "orders", "--shared");
    good("1\n2\n", "consume", "orders", "--group", "g", "--max", "2");
    good("g\nwork\n", "group", "list");
    good("group g  idle .*orders +0 +2 +3 +1 .*", "group", "describe", "g");
    good(".*\norders +0 +2 +1 +2\n", "group", "reset", "g", "--to-offset", "1", "--execute");
    good("", "group", "copy", "g", "h");
    good("", "group", "pause", "h");
    good("", "group", "resume", "h");
    good("", "group", "delete-offsets", "h", "--topic", "orders");
    good("", "group", "delete", "h");
    good("TOPIC[^\n]*\n", "group", "pending", "work");
    good(" +LETTER[^\n]*\n", "group", "dead", "work");
    good(" +LETTER[^\n]*\n", "group", "redrive", "work", "--execute");
    good(".* DATA  offset 0  1 record .*orders-0 committed: goes on at 2.*", "dump", "sawlog-data");
    good("ok: .*", "verify");
    good(".*orders +0 +0 +3 +3 +3 .*GROUP.*", "stats");
    good(".*", "report", "-o", "report.html");
    assertTrue(Files.readString(directory.resolve("report.html")).contains("<html"));
    good("100 records sent, .*", "perf", "produce", "--num-records", "100");
    good("110 records read, .*", "perf", "consume");
    good(
        "100 records received, .*",
        "perf",
        "end-to-end",
        "--num-records",
        "100",
        "--throughput",
        "10000");
    good("topic sawlog-perf deleted\n", "topic", "delete", "sawlog-perf");
    good(".*verified\n", "backup", "backups");
    good(".*verified\n", "restore", "backups", "--dir", "restored");
    good("\\d+ index files? made anew\n", "reindex", "restored");
    good("nothing that was durable is damaged\n", "repair", "restored");
    good("orders-0 starts at offset 1, was 0\n", "topic", "trim", "orders", "--before", "1");
    good(".*  yes .*", "demo", "--dir", "shop", "--orders", SMALL_DEMO);
    good(".*\nUsage: sawlog stats .*", "help", "stats");
    good(".*complete -F _complete_sawlog.*", "generate-completion");

    SortedSet<String> all = new TreeSet<>();
    addLeaves(Main.commandLine(new GeneralOptions(Invocation.ofThisProcess())), all);
    assertEquals(all, tried, "every command is tried here");
  }

  /** Standard output is a pipe whose reader has gone before the command starts. */
  @Test
  void shouldEndQuietlyWhenNobodyReadsWhicheverCommandPrints() throws IOException {
    cli = launcher(directory);
    cli.feed("a\nb\n", "produce", "orders").quiet();
    cli.run("consume", "orders", "--group", "g").quiet();
    List<String> commands =
        List.of(
            "topic list",
            "topic describe",
            "consume orders",
            "group list",
            "group describe",
            "group reset g --to-earliest --execute",
            "group dead g",
            "dump sawlog-data",
            "verify",
            "stats",
            "perf consume --topic orders",
            "repair sawlog-data",
            "backup backups");
    StringBuilder script = new StringBuilder("exec 3> >(true); wait $!\n");
    List<String> expected = new ArrayList<>();
    for (String command : commands) {
      script.append("\"$@\" ").append(command).append(" >&3; echo ").append(command);
      script.append(" $?\n");
      expected.add(command + " " + ErrorReport.BROKEN_PIPE);
    }

    assertEquals(expected, cli.shell(script.toString()).quiet().lines());
  }

  @Test
  void shouldWorkFromAnyDirectoryThroughSymbolicLinks() throws IOException {
    Path elsewhere = Files.createDirectories(directory.resolve("else where"));
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("once"), Cli.launcher());
    Files.createSymbolicLink(bin.resolve("sawlog"), Path.of("once"));

    Cli linked = Cli.program(elsewhere, bin.resolve("sawlog"));
    Cli named = Cli.program(elsewhere, Path.of("env"), "PATH=" + bin + ":/usr/bin:/bin", "sawlog");

    assertTrue(linked.run("--version").quiet().text().startsWith("sawlog "));
    assertTrue(named.run("--version").quiet().text().startsWith("sawlog "));
  }

  @Test
  void shouldSayThatItBuildsWhatIsNotThereYet() throws IOException {
    Path project = directory.resolve("project");
    Path bin = Files.createDirectories(project.resolve("tools/bin"));
    Path launcher = Files.copy(Cli.launcher(), bin.resolve("sawlog"));
    Path path = Files.createDirectories(directory.resolve("path"));
    Path maven = path.resolve("mvn");
    Cli fresh =
        Cli.program(
            directory, Path.of("env"), "PATH=" + path + ":/usr/bin:/bin", launcher.toString());
    Path jar = project.resolve("tools/target/sawlog.jar");
    Path real = Cli.launcher().resolve("../../target/sawlog.jar").normalize();

    executable(maven, "#!/bin/sh\necho no network\nexit 1\n");
    Cli.Result failed = fresh.run("--version");
    executable(maven, "#!/bin/sh\nmkdir -p tools/target && cp '" + real + "' tools/target/\n");
    Cli.Result built = fresh.run("--version");

    assertEquals(1, failed.exitCode());
    String building = "sawlog: building " + jar.toRealPath() + " (first use)\n";
    assertEquals(building + "no network\nsawlog: the build failed, see above\n", failed.stderr());
    assertEquals(building, built.stderr());
    assertEquals(0, built.exitCode());
    assertTrue(built.text().startsWith("sawlog "), built.text());
    assertEquals(built.text(), fresh.run("--version").quiet().text());
  }

  private static void executable(Path file, String script) throws IOException {
    Files.writeString(file, script);
    assertTrue(file.toFile().setExecutable(true));
  }

  @Test
  void shouldNameTheJavaThatWillNotDo() throws IOException {
    Path old = Files.createDirectories(directory.resolve("old/bin"));
    executable(old.resolve("java"), "#!/bin/sh\nexit 99\n");
    Files.writeString(directory.resolve("old/release"), "JAVA_VERSION=\"11.0.2\"\n");
    String launcher = Cli.launcher().toString();

    Cli missing = Cli.program(directory, Path.of("env"), "JAVA_HOME=/nothing", launcher);
    Cli tooOld =
        Cli.program(directory, Path.of("env"), "JAVA_HOME=" + directory.resolve("old"), launcher);

    missing.run("--version").failed(1, "JAVA_HOME is /nothing", "no /nothing/bin/java");
    tooOld.run("--version").failed(1, "Java 17 or newer is needed", "is Java 11");
  }
}
