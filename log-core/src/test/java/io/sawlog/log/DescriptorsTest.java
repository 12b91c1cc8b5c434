package io.sawlog.log;

import static io.sawlog.log.Logs.fingerprint;
import static io.sawlog.log.Logs.numbers;
import static io.sawlog.log.Logs.values;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sawlog.log.file.Child;
import io.sawlog.log.file.Shell;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that has no file descriptors left. */
class DescriptorsTest {
  @TempDir Path directory;
  @TempDir Path classes;

  @BeforeEach
  void needsLimits() {
    assumeTrue(Shell.isLinux(), "skipped: needs a limit on descriptors");
  }

  private Child start(String... prefix) throws IOException {
    return Child.start(
        List.of(prefix), jars(), Child.OPEN, LogChild.class, "write", directory.toString());
  }

  /** The class path as jars, as an application has it: classes in them need no new descriptor. */
  private String jars() throws IOException {
    List<String> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        path = jar(path, classes.resolve(jars.size() + ".jar"));
      }
      jars.add(path.toString());
    }
    return String.join(File.pathSeparator, jars);
  }

  private static Path jar(Path root, Path jar) throws IOException {
    try (JarOutputStream output = new JarOutputStream(Files.newOutputStream(jar));
        var paths = Files.walk(root)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        output.putNextEntry(
            new ZipEntry(root.relativize(path).toString().replace(File.separatorChar, '/')));
        Files.copy(path, output);
      }
    }
    return jar;
  }

  /** Takes all descriptors from a process that has more than a few, or gives them back. */
  private static void limit(Child child, int descriptors) throws IOException {
    Shell.output("prlimit", "--pid", Long.toString(child.pid()), "--nofile=" + descriptors + ":");
  }

  @Test
  void shouldSayThatThereAreTooFewToOpenAStoreAndChangeNothing() throws IOException {
    List<String> expected = new ArrayList<>();
    try (DrivenStore store = DrivenStore.open(directory)) {
      Topic topic = store.log.createTopic("t", Logs.small().partitions(60));
      for (int i = 0; i < 60; i++) {
        topic.append("value " + i);
        expected.add("value " + i);
      }
    }
    Map<String, String> before = logs();

    try (Child child = start("bash", "-c", "ulimit -n 64; exec \"$@\"", "--")) {
      String answer = LogChild.hear(child);
      assertTrue(answer.startsWith("LogIoException: "), answer);
      assertTrue(answer.contains("Too many open files"), answer);
    }

    assertEquals(before, logs());
    try (DrivenStore store = DrivenStore.open(directory)) {
      assertTrue(store.log.recoveryReport().isClean());
      assertEquals(expected, values(store.log.topic("t").read(Position.earliest())));
    }
  }

  @Test
  void shouldRefuseAppendsThatNeedAFileAndGoOnWhenThereAreDescriptors() throws IOException {
    try (Child child = start()) {
      assertEquals("opened", LogChild.hear(child));
      assertEquals("created", LogChild.ask(child, "small"));
      assertEquals("999", LogChild.ask(child, "append 1000"));
      assertEquals("warned", LogChild.ask(child, "warn"));
      limit(child, 3);

      // more than what is left of this segment, and of the next one that may be ready
      String refused = LogChild.ask(child, "append 10000");
      assertTrue(refused.startsWith("LogIoException: "), refused);
      assertTrue(refused.contains("Too many open files"), refused);

      limit(child, 1000);
      int last = Integer.parseInt(LogChild.ask(child, "append 5000"));
      assertEquals("flushed", LogChild.ask(child, "flush"));
      assertEquals(String.join(" ", numbers(0, last + 1)), LogChild.ask(child, "read"));
    }
    try (DrivenStore store = DrivenStore.open(directory)) {
      List<String> values = values(store.log.topic("t").partition(0));
      assertEquals(numbers(0, values.size()), values);
    }
  }

  private Map<String, String> logs() throws IOException {
    Map<String, String> files = fingerprint(directory.resolve("t"));
    files.keySet().removeIf(name -> !name.endsWith(".log"));
    return files;
  }
}
