package io.sawlog.groups;

import io.sawlog.log.Message;
import io.sawlog.log.Sawlog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A service in a process of its own: reads the topic {@code orders} of a store that another process
 * writes, and says what it has handled before it commits or acknowledges it.
 */
final class ServiceChild implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ServiceChild(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static ServiceChild start(String kind, String group, Path directory) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED"));
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ServiceChild.class.getName(), kind, group, directory.toString()));
    return new ServiceChild(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /** The next order that it says it has handled; null if it has ended. */
  String nextHandled() throws IOException {
    String line = output.readLine();
    while (line != null && !line.startsWith("handled ")) {
      line = output.readLine();
    }
    return line == null ? null : line.substring("handled ".length());
  }

  long pid() {
    return process.pid();
  }

  /** Ends it with SIGKILL; returns what it had said and nobody had heard yet. */
  Set<String> kill() throws IOException {
    // by its handle: the process itself would close its output unread
    process.toHandle().destroyForcibly();
    process.onExit().join();
    Set<String> rest = new HashSet<>();
    String order = nextHandled();
    while (order != null) {
      rest.add(order);
      order = nextHandled();
    }
    return rest;
  }

  /** Ends it with SIGKILL. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  public static void main(String[] arguments) throws InterruptedException {
    try (Sawlog log = Sawlog.openReadOnly(Path.of(arguments[2]))) {
      Groups groups = Groups.of(log);
      if (arguments[0].equals("consumer")) {
        consume(groups, arguments[1]);
      } else {
        try (Running run =
            groups.run(
                arguments[1], "orders", 2, ServiceChild::say, Queue.unordered().maxAttempts(50))) {
          run.awaitShutdown();
        }
      }
    }
  }

  private static void consume(Groups groups, String group) {
    try (Consumer consumer =
        groups.consumer(group, ConsumerConfig.defaults().maxPollRecords(7), "orders")) {
      while (true) {
        for (Message message : consumer.poll(Duration.ofSeconds(1))) {
          say(message);
        }
        consumer.commit();
      }
    }
  }

  private static void say(Message message) {
    synchronized (System.out) {
      System.out.println("handled " + message.valueAsString());
      System.out.flush();
    }
  }
}
