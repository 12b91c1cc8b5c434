package io.sawlog.groups;

import io.sawlog.log.Message;
import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A service in a process of its own: reads the topic {@code orders} of a store that another process
 * writes, and says what it has handled before it commits or acknowledges it. Or that other process:
 * it appends records from a file, and says which of them are appended. Each says one thing at a
 * time, when it is asked.
 */
final class ServiceChild implements AutoCloseable {
  /** What the worker rejects. */
  static final String POISON = "poison";

  private final Process process;
  private final BufferedReader output;

  private ServiceChild(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static ServiceChild start(String kind, String group, Path directory) throws IOException {
    return start(List.of(kind, directory.toString(), group));
  }

  /** Appends the lines of a file, of a key, a tabulator and a value each, from one on. */
  static ServiceChild startWriter(Path directory, Path lines, int from) throws IOException {
    return start(List.of("writer", directory.toString(), lines.toString(), Integer.toString(from)));
  }

  private static ServiceChild start(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED"));
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ServiceChild.class.getName());
    command.addAll(arguments);
    return new ServiceChild(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  /** The next order that it says it has handled; null if it has ended. */
  String nextHandled() throws IOException {
    allow(1);
    return nextLine();
  }

  /** Lets it say that it has handled so many, which nobody may hear. */
  void allow(int sayings) {
    try {
      process.getOutputStream().write(new byte[sayings]);
      process.getOutputStream().flush();
    } catch (IOException e) {
      // it has ended: what it has said can still be read
    }
  }

  private String nextLine() throws IOException {
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
  List<String> kill() throws IOException {
    // by its handle: the process itself would close its output unread
    process.toHandle().destroyForcibly();
    process.onExit().join();
    List<String> rest = new ArrayList<>();
    String order = nextLine();
    while (order != null) {
      rest.add(order);
      order = nextLine();
    }
    return rest;
  }

  /** Ends it with SIGKILL. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  public static void main(String[] arguments) throws InterruptedException, IOException {
    Path directory = Path.of(arguments[1]);
    if (arguments[0].equals("writer")) {
      write(directory, Path.of(arguments[2]), Integer.parseInt(arguments[3]));
      return;
    }
    try (Sawlog log = Sawlog.openReadOnly(directory)) {
      Groups groups = Groups.of(log);
      switch (arguments[0]) {
        case "consumer" -> consume(groups, arguments[2]);
        case "worker" -> work(groups, arguments[2]);
        case "keyed" -> run(groups, arguments[2], Queue.keyOrdered());
        default -> run(groups, arguments[2], Queue.unordered());
      }
    }
  }

  private static void write(Path directory, Path lines, int from) throws IOException {
    try (Sawlog log = Sawlog.open(directory)) {
      Topic orders = log.topic("orders");
      List<String> all = Files.readAllLines(lines);
      for (String line : all.subList(from, all.size())) {
        String[] parts = line.split("\t", 2);
        orders.append(parts[0], parts[1]);
        say(parts[1]);
      }
      // until it is killed
      System.in.read();
    }
  }

  private static void run(Groups groups, String group, Queue queue) throws InterruptedException {
    Handler handler = message -> say(message.valueAsString());
    try (Running run = groups.run(group, "orders", 2, handler, queue.maxAttempts(50))) {
      run.awaitShutdown();
    }
  }

  private static void work(Groups groups, String group) {
    try (Worker worker = groups.worker(group, "orders", Queue.unordered().maxAttempts(50))) {
      while (true) {
        List<Delivery> handled = new ArrayList<>();
        for (Delivery delivery : worker.receive(10, Duration.ofSeconds(1))) {
          String value = delivery.message().valueAsString();
          if (value.contains(POISON)) {
            delivery.reject("poison");
          } else {
            say(value);
            handled.add(delivery);
          }
        }
        worker.ack(handled);
      }
    }
  }

  private static void consume(Groups groups, String group) {
    try (Consumer consumer =
        groups.consumer(group, ConsumerConfig.defaults().maxPollRecords(7), "orders")) {
      while (true) {
        for (Message message : consumer.poll(Duration.ofSeconds(1))) {
          say(message.valueAsString());
        }
        consumer.commit();
      }
    }
  }

  /** Says the number of an order, which stands before the first bar, if there is one. */
  private static void say(String order) {
    synchronized (System.out) {
      try {
        System.in.read();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      System.out.println("handled " + order.split("\\|", 2)[0]);
      System.out.flush();
    }
  }
}
