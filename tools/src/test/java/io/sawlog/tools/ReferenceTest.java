package io.sawlog.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** The reference in {@code docs} is what the commands say of themselves. */
class ReferenceTest {
  private static final Path DOCUMENTS = Path.of("..", "docs");
  private static final Path GENERATED = Path.of("target", "reference");
  private static final String WAY_OUT =
      "docs/COMMANDS.md and docs/man are generated: cp -r tools/target/reference/. docs";

  private final CommandLine sawlog =
      Main.commandLine(new GeneralOptions(Invocation.ofThisProcess())).setUsageHelpAutoWidth(false);

  @Test
  void shouldHaveACommandReferenceThatIsNotStale() throws IOException {
    StringBuilder text =
        new StringBuilder(
            "# Commands\n\nWhat `sawlog COMMAND --help` prints, for all commands. Generated; a test"
                + " keeps it true.\n");
    append(sawlog, text);
    Files.createDirectories(GENERATED);
    Files.writeString(GENERATED.resolve("COMMANDS.md"), text);

    assertEquals(text.toString(), Files.readString(DOCUMENTS.resolve("COMMANDS.md")), WAY_OUT);
    assertTrue(text.toString().contains("\n## sawlog group reset\n"), "subcommands are in it");
  }

  private static void append(CommandLine command, StringBuilder text) {
    if (command.getCommandSpec().usageMessage().hidden()) {
      return;
    }
    text.append("\n## ").append(command.getCommandSpec().qualifiedName()).append("\n\n```\n");
    text.append(command.getUsageMessage(Ansi.OFF).strip()).append("\n```\n");
    command.getSubcommands().values().forEach(subcommand -> append(subcommand, text));
  }

  @Test
  void shouldHaveManPagesThatAreNotStale() throws IOException {
    Path generated = GENERATED.resolve("man");
    if (Files.exists(generated)) {
      Directories.delete(generated);
    }
    Files.createDirectories(generated);

    nameFooters(sawlog);
    // The real one names the Java that it runs on.
    sawlog.getCommandSpec().versionProvider(null).version("Sawlog");

    int exitCode =
        ManPageGenerator.generateManPage(
            generated.toFile(), null, new boolean[0], false, sawlog.getCommandSpec());

    assertEquals(0, exitCode);
    assertEquals(pages(generated), pages(DOCUMENTS.resolve("man")), WAY_OUT);
    assertTrue(pages(generated).containsKey("sawlog-group-reset.adoc"));
  }

  /** A page has a section for the footer only if it has a heading. */
  private static void nameFooters(CommandLine command) {
    command.getCommandSpec().usageMessage().footerHeading("Notes%n");
    command.getSubcommands().values().forEach(ReferenceTest::nameFooters);
  }

  private static Map<String, String> pages(Path directory) throws IOException {
    Map<String, String> pages = new TreeMap<>();
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          pages.put(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    return pages;
  }
}
