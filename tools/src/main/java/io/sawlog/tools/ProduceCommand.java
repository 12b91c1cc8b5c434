package io.sawlog.tools;

import io.sawlog.groups.GroupFloors;
import io.sawlog.log.Header;
import io.sawlog.log.Sawlog;
import io.sawlog.log.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Appends lines to a topic. */
@Command(
    name = "produce",
    header = "Append lines to a topic, one record a line.",
    description = {
      "",
      "Reads standard input or a file, as bytes: nothing is decoded, a CR stays, and an empty line"
          + " is an empty record. The store, and the topic with one partition, are created if"
          + " missing.",
      "One process at a time can produce to a store; any number can consume meanwhile.",
      ""
    },
    footer = {
      "",
      "At the cap of --keep-all-unconsumed it says so, and waits until the groups have consumed.",
      "A line in which the separator or the field is missing becomes a record without a key; the"
          + " end of the command says how many did.",
      "With --json, each record is printed after it is acknowledged. Without --sync that means: it"
          + " is safe from a crash of any process, and a second later from a power cut.",
      "",
      "  {\"topic\":\"flights\",\"partition\":0,\"offset\":17}",
      "",
      "  sawlog produce flights --file flights.tsv --key-separator $'\\t'",
      "  tail -f app.log | sawlog produce events --json-key user --sync"
    })
final class ProduceCommand implements Callable<Integer> {
  private static final int MAX_BATCH = 65_535;

  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Parameters(paramLabel = "TOPIC", description = "The topic to append to.")
  private String topicName = "";

  @Option(names = "--file", paramLabel = "F", description = "Read this file (default: stdin).")
  private @Nullable Path file;

  @ArgGroup private KeyOptions keys = new KeyOptions();

  @Option(
      names = "--header",
      paramLabel = "K=V",
      description = "A header for every record; may be repeated.")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = "--partition",
      paramLabel = "N",
      description = "The partition (default: chosen by the key; without one, in turn).")
  private @Nullable Integer partition;

  @Option(names = "--sync", description = "A record is acknowledged when it is on the device.")
  private boolean sync;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Append up to N lines at once, all or none of them (default: 1).")
  private int batch = 1;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "At most N records a second (default: as fast as it goes).")
  private double rate;

  /** Where the key is; at most one of them. */
  static final class KeyOptions {
    @Option(
        names = "--key-separator",
        paramLabel = "S",
        description = "The key of a line ends at the first S (default: no key).")
    private @Nullable String separator;

    @Option(
        names = "--json-key",
        paramLabel = "FIELD",
        description = "Lines are JSON objects, and this field of them is the key.")
    private @Nullable String field;

    LineFormat lineFormat() {
      if (separator != null && separator.isEmpty()) {
        throw new UsageException("--key-separator is empty: give at least one character");
      }
      if (field != null) {
        return new JsonKey(field);
      }
      return separator == null ? new LineFormat.WholeLine() : new LineFormat.Separated(separator);
    }
  }

  ProduceCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() throws IOException {
    if (batch < 1 || batch > MAX_BATCH) {
      throw new UsageException("--batch is 1 to " + MAX_BATCH + ", not " + batch);
    }
    if (rate < 0) {
      throw new UsageException("--rate is not negative, but " + rate);
    }
    Producer.Settings settings =
        new Producer.Settings(partition, batch, sync, rate, parseHeaders());
    LineFormat format = keys.lineFormat();
    Output output = general.output();
    Acknowledgements acknowledged =
        new Acknowledgements(topicName, output, general.json() ? JsonLines.on(output) : null);
    // The input first: a file that is not there leaves no store behind.
    try (LineReader lines = LineReader.open(file, general.input());
        Interruption interruption = Interruption.handle();
        GroupFloors floors = GroupFloors.of(general.directory(), Store.config(opening));
        Sawlog log =
            Store.openForWriting(
                general.directory(), Store.config(opening).withRetentionFloors(floors))) {
      Topic topic = log.topic(topicName);
      if (partition != null) {
        Partitions.of(topic, partition);
      }
      Producer producer = new Producer(topic, settings, acknowledged, interruption::requested);
      long keyless = produce(lines, format, topic, producer, interruption, acknowledged);
      if (keyless > 0 && format.expectsKeys()) {
        System.err.printf("sawlog: %d of %d lines had no key%n", keyless, lines.lineCount());
      }
    }
    return 0;
  }

  private long produce(
      LineReader lines,
      LineFormat format,
      Topic topic,
      Producer producer,
      Interruption interruption,
      Acknowledgements acknowledged)
      throws IOException {
    long keyless = 0;
    try (Progress progress = progress(lines.totalBytes())) {
      int maxLength = topic.config().maxFrameBytes();
      while (!interruption.requested()) {
        if (!lines.isReady()) {
          // The input pauses: whoever waits for an acknowledgement gets it now.
          producer.finish();
        }
        byte[] line = lines.next(maxLength);
        if (line == null) {
          break;
        }
        LineRecord record = format.split(line);
        keyless += record.key() == null ? 1 : 0;
        producer.add(record);
        progress.update(lines.byteCount(), lines.lineCount());
      }
      if (interruption.requested()) {
        producer.settle();
      } else {
        producer.finish();
      }
      if (producer.unsent() > 0) {
        // whoever stops waiting wants to know where to go on
        System.err.println(
            "sawlog: " + topicName + ": interrupted while it waited" + countOf(acknowledged));
      }
      return keyless;
    } catch (BrokenPipeException e) {
      throw e;
    } catch (RuntimeException e) {
      throw explained(e, producer, acknowledged);
    }
  }

  private Progress progress(long totalBytes) {
    String what = "produce " + topicName;
    return general.json() ? Progress.beside(what, totalBytes) : Progress.of(what, totalBytes);
  }

  /** An error without the number of records that are safe would leave the user guessing. */
  private CommandException explained(
      RuntimeException thrown, Producer producer, Acknowledgements acknowledged) {
    try {
      producer.settle();
    } catch (RuntimeException e) {
      // The first failure is the one to tell; the others only do not count.
    }
    Throwable cause = thrown;
    if (thrown instanceof CompletionException && thrown.getCause() != null) {
      cause = thrown.getCause();
    }
    String message = String.valueOf(cause.getMessage());
    return new CommandException(
        (message.startsWith(topicName) ? "" : topicName + ": ") + message + countOf(acknowledged),
        cause);
  }

  private static String countOf(Acknowledgements acknowledged) {
    return " ("
        + Words.count(acknowledged.count(), "record")
        + (acknowledged.count() == 1 ? " was" : " were")
        + " acknowledged)";
  }

  private List<Header> parseHeaders() {
    List<Header> parsed = new ArrayList<>();
    for (String header : headers) {
      int equals = header.indexOf('=');
      if (equals < 1) {
        throw new UsageException("--header is NAME=VALUE, not '" + header + "'");
      }
      parsed.add(
          new Header(
              header.substring(0, equals),
              header.substring(equals + 1).getBytes(StandardCharsets.UTF_8)));
    }
    return parsed;
  }
}
