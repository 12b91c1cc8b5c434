package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
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
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles and runs the programs with groups that the documents show, around what they leave out.
 */
@Timeout(120)
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");
  private static final Path GROUPS = Path.of("..", "docs", "GROUPS.md");
  private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  /** Ends each program when ten records were handled. */
  private static final String AROUND =
      """
      import io.sawlog.groups.*;
      import io.sawlog.log.*;
      import java.nio.file.Path;
      import java.time.Duration;
      import static java.time.Duration.*;
      public class Program {
        static final Thread MAIN = Thread.currentThread();
        static volatile boolean running = true;
        static int handled;
        static synchronized void reserve(Message m) { handle(m.valueAsString()); }
        static synchronized void handle(String order) {
          System.out.println("handled " + order);
          if (++handled == 10) { running = false; }
        }
        static class smtp {
          static void send(String order) {
            handle(order);
            if (!running) { MAIN.interrupt(); }
          }
        }
        public static void main(String[] args) throws Exception {
          try {
      %s
          } catch (Exception e) {
            if (!(e instanceof InterruptedException)) { throw e; }
          }
        }
      }
      """;

  @Test
  void shouldRunTheProgramOfTheReadme(@TempDir Path directory) throws Exception {
    List<String> programs = programs(README);

    assertEquals(1, programs.size());
    assertHandlesTenOrders(programs.get(0), directory);
  }

  @Test
  void shouldRunTheProgramsOfThePageAboutGroups(@TempDir Path directory) throws Exception {
    List<String> programs = programs(GROUPS);

    assertTrue(programs.size() >= 2);
    for (int i = 0; i < programs.size(); i++) {
      assertHandlesTenOrders(
          programs.get(i), Files.createDirectory(directory.resolve("program" + i)));
    }
  }

  private static List<String> programs(Path page) throws IOException {
    Matcher matcher = PROGRAM.matcher(Files.readString(page));
    List<String> programs = new ArrayList<>();
    while (matcher.find()) {
      if (matcher.group(1).contains("Groups.")) {
        programs.add(matcher.group(1));
      }
    }
    return programs;
  }

  private static void assertHandlesTenOrders(String program, Path work) throws Exception {
    Path store = work.resolve("data");
    try (Sawlog log = Sawlog.open(store)) {
      Topic orders = log.topic("orders");
      for (int i = 0; i < 10; i++) {
        orders.append("alice", "order-" + i);
      }
    }
    List<String> wanted = Lab.numbers(0, 10).stream().map(i -> "handled order-" + i).toList();

    assertEquals(wanted, run(program, work, store).lines().toList(), program);
  }

  private static String run(String program, Path work, Path store) throws Exception {
    Path source = work.resolve("Program.java");
    String body = program.replace("Path.of(\"data\")", "Path.of(args[0])");
    Files.writeString(source, AROUND.formatted(body));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter problems = new StringWriter();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    boolean compiled =
        compiler
            .getTask(
                problems,
                null,
                null,
                List.of("-proc:none", "-cp", classPath, "-d", work.toString()),
                null,
                compiler
                    .getStandardFileManager(null, null, StandardCharsets.UTF_8)
                    .getJavaFileObjects(source))
            .call();
    assertTrue(compiled, problems.toString());
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {work.toUri().toURL()})) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader
          .loadClass("Program")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[] {store.toString()});
    } finally {
      System.setOut(console);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
