package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the programs that the README shows. */
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");
  private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void shouldRunTheProgramsOfTheReadme(@TempDir Path directory) throws Exception {
    List<String> programs = programs();

    List<String> output = new ArrayList<>();
    for (int i = 0; i < programs.size(); i++) {
      Path work = Files.createDirectory(directory.resolve("program" + i));
      output.add(run(programs.get(i), work));
    }

    assertEquals(
        String.join("", IntStream.range(0, 10).mapToObj(i -> i + " order-" + i + "\n").toList()),
        output.get(0));
    assertEquals(
        String.join("", IntStream.range(990, 1000).mapToObj(i -> i + "\n").toList()),
        output.get(1));
  }

  @Test
  void shouldKeepTheReadmeShort() throws IOException {
    long lines = Files.readAllLines(README).size();

    assertTrue(lines < 120, "the README has " + lines + " lines");
  }

  private static List<String> programs() throws IOException {
    Matcher matcher = PROGRAM.matcher(Files.readString(README));
    List<String> programs = new ArrayList<>();
    while (matcher.find()) {
      // those with groups run in the module of the groups
      if (!matcher.group(1).contains("Groups.")) {
        programs.add(matcher.group(1));
      }
    }
    return programs;
  }

  private static String run(String program, Path work) throws Exception {
    String body = program.replace("Path.of(\"data\")", "Path.of(args[0])");
    Path source = work.resolve("Program.java");
    Files.writeString(
        source,
        "import io.sawlog.log.*;\nimport java.nio.file.Path;\n"
            + "import org.agrona.concurrent.UnsafeBuffer;\n"
            + "public class Program {\n public static void main(String[] args) {\n"
            + body
            + "\n}}\n");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter problems = new StringWriter();
    boolean compiled =
        compiler
            .getTask(
                problems,
                null,
                null,
                List.of("-proc:none", "-cp", classPath(), "-d", work.toString()),
                null,
                compiler
                    .getStandardFileManager(null, null, StandardCharsets.UTF_8)
                    .getJavaFileObjects(source))
            .call();
    assertTrue(compiled, problems.toString());
    return output(work);
  }

  private static String output(Path work) throws Exception {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {work.toUri().toURL()})) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader
          .loadClass("Program")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[] {work.resolve("data").toString()});
    } finally {
      System.setOut(console);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
