package io.sawlog.tools;

import io.sawlog.groups.Consumer;
import io.sawlog.groups.Delivery;
import io.sawlog.groups.Groups;
import io.sawlog.groups.Queue;
import io.sawlog.groups.Worker;
import io.sawlog.log.Sawlog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine;

/** A store on which every command has something to do. */
final class SmallStore {
  static final int RECORDS = 10;

  private SmallStore() {}

  /**
   * Makes it: a topic {@code orders}, a group {@code g} that has consumed the first four records of
   * it, and a shared group {@code email} in which one record is dead and one has failed.
   */
  static void make(Path store) {
    try (Sawlog log = Sawlog.open(store)) {
      for (int i = 0; i < RECORDS; i++) {
        log.topic("orders").append("k" + i % 3, Integer.toString(i));
      }
      try (Consumer consumer = Groups.of(log).consumer("g", "orders")) {
        consumer.commit(consumer.poll(Duration.ZERO).get(3));
      }
      try (Worker worker = Groups.of(log).worker("email", "orders", Queue.keyOrdered())) {
        List<Delivery> deliveries = worker.receive(3, Duration.ZERO);
        deliveries.get(0).reject("no such address");
        deliveries.get(1).retry("busy");
        deliveries.get(2).ack();
      }
    }
  }

  /** The names of all commands that do something, without those of the parser itself. */
  static List<String> commands() {
    return commands(Main.commandLine(new GeneralOptions(Invocation.ofThisProcess())), "");
  }

  private static List<String> commands(CommandLine command, String prefix) {
    return command.getSubcommands().entrySet().stream()
        .filter(entry -> entry.getValue().getCommand().getClass().getName().startsWith("io.sawlog"))
        .flatMap(
            entry -> {
              String name = prefix + entry.getKey();
              return entry.getValue().getSubcommands().isEmpty()
                  ? List.of(name).stream()
                  : commands(entry.getValue(), name + " ").stream();
            })
        .toList();
  }
}
