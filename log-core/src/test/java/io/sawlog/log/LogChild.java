package io.sawlog.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sawlog.log.file.Child;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that does with topic {@code t} of a store what it is told line by line, and answers
 * each line with one.
 */
final class LogChild {
  private static final String PROMPT = "> ";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Sawlog log;
  private Tailer tailer;

  private LogChild(Sawlog log) {
    this.log = log;
  }

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[1]);
    try (Sawlog opened =
        arguments[0].equals("write") ? Sawlog.open(directory) : Sawlog.openReadOnly(directory)) {
      say("opened");
      new LogChild(opened).obey();
    } catch (LogException e) {
      say(words(e));
    }
  }

  private static String words(Exception e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage().replace('\n', ' ');
  }

  private static void say(String line) {
    System.out.println(PROMPT + line);
    System.out.flush();
  }

  /** The next answer of a child; what else it prints are messages for people. */
  static String hear(Child child) throws IOException {
    String line = child.readLine();
    while (line != null && !line.startsWith(PROMPT)) {
      line = child.readLine();
    }
    return line == null ? "the child has ended" : line.substring(PROMPT.length());
  }

  /** Tells a child what to do, and waits for its answer. */
  static String ask(Child child, String line) throws IOException {
    child.writeLine(line);
    return hear(child);
  }

  private void obey() throws IOException {
    try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      String line;
      while ((line = input.readLine()) != null) {
        String[] words = line.split(" ", 2);
        try {
          say(answer(words[0], words.length > 1 ? words[1] : ""));
        } catch (LogException e) {
          say(words(e));
        }
      }
    }
  }

  private String answer(String command, String argument) throws IOException {
    return switch (command) {
      case "append" -> append(Integer.parseInt(argument), false);
      case "sync" -> append(Integer.parseInt(argument), true);
      case "flush" -> {
        log.flush();
        yield "flushed";
      }
      case "small" -> {
        log.createTopic("t", Logs.small());
        yield "created";
      }
      case "read" ->
          String.join(" ", Logs.values(log.topic("t").partition(0).read(Position.earliest())));
      case "tail" -> {
        TailerConfig config = TailerConfig.defaults().visibility(Visibility.valueOf(argument));
        tailer = log.topic("t").partition(0).tailer(Position.earliest(), config);
        yield "tailing";
      }
      case "poll" -> poll(Integer.parseInt(argument));
      case "warn" -> {
        // the logger loads what it needs the first time it is used
        System.getLogger("io.sawlog").log(System.Logger.Level.WARNING, "ready for anything");
        yield "warned";
      }
      default -> throw new IllegalArgumentException(command);
    };
  }

  /** Appends the next numbers, and answers with the last offset. */
  private String append(int count, boolean synced) {
    Partition partition = log.topic("t").partition(0);
    long offset = -1;
    for (int i = 0; i < count; i++) {
      byte[] value = Logs.utf8(Long.toString(partition.logEndOffset()));
      offset = synced ? partition.appendSynced(null, value) : partition.append(null, value);
    }
    return Long.toString(offset);
  }

  /** Waits until so many records were seen, and answers with them. */
  private String poll(int count) {
    List<String> values = new ArrayList<>();
    long start = System.nanoTime();
    while (values.size() < count && System.nanoTime() - start < PATIENCE.toNanos()) {
      tailer.poll(view -> values.add(view.copy().valueAsString()), count - values.size(), PATIENCE);
    }
    return String.join(" ", values);
  }
}
