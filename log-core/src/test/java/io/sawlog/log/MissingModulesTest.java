package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sawlog.log.file.Child;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine in a runtime without Flight Recorder and JMX, as jlink makes them. */
class MissingModulesTest {
  @TempDir Path directory;

  /** The child: goes through the places that make events, and asks for MBeans. */
  public static void main(String[] arguments) {
    try (Sawlog log = Sawlog.open(Path.of(arguments[0]))) {
      Partition partition = log.createTopic("t", Logs.small()).partition(0);
      while (partition.segments().size() < 3) {
        partition.append(null, new byte[1000]);
      }
      partition.flush();
      System.out.println("events: " + FlightEvents.PRESENT);
      System.out.println("durable: " + (partition.durableOffset() == partition.logEndOffset()));
    }
    try {
      SawlogConfig.defaults().withJmx();
    } catch (IllegalStateException e) {
      System.out.println(e.getMessage());
    }
  }

  @Test
  void shouldWorkWithoutFlightRecorderAndSayThatThereIsNoJmx() throws IOException {
    List<String> options = new ArrayList<>(Child.OPEN);
    options.addAll(List.of("--limit-modules", "java.base,jdk.unsupported"));
    List<String> said = new ArrayList<>();
    try (Child child =
        Child.start(
            List.of(),
            System.getProperty("java.class.path"),
            options,
            MissingModulesTest.class,
            directory.resolve("store").toString())) {
      String line;
      while ((line = child.readLine()) != null) {
        said.add(line);
      }
    }

    assertEquals(
        List.of(
            "events: false",
            "durable: true",
            "withJmx needs the module java.management: add it to the runtime, or leave JMX out"),
        said);
  }
}
