package io.sawlog.tools;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Prints the records of a topic. */
@Command(
    name = "consume",
    header = "Print the records of a topic, also while another process appends.",
    description = {
      "",
      "Reads from the earliest record to the end of the log, as it is at the start of the command."
          + " Several partitions are merged by append time.",
      ""
    },
    footer = {
      "",
      "Formats: value and key-value (KEY TAB VALUE, a missing key as an empty one) print the bytes"
          + " as they were appended; hex is key-value with both in hexadecimal; json has topic,"
          + " partition, offset, append_time, event_time, key, value, headers.",
      "TIME is an append time: 2024-05-31T18:00:00Z, without Z in the local time zone, or -15m.",
      "",
      "  sawlog consume flights --format key-value",
      "  sawlog consume flights --partition 0 --from 12345 --max 100",
      "  sawlog consume flights --from -15m --follow --grep LAS",
      "  sawlog consume flights --group board --follow"
    })
final class ConsumeCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Parameters(paramLabel = "TOPIC", description = "The topic to read.")
  private String topic = "";

  @Option(names = "--partition", paramLabel = "N", description = "Only this partition.")
  private @Nullable Integer partition;

  @Option(
      names = "--from",
      paramLabel = "earliest|latest|OFFSET|TIME",
      converter = Bound.Converter.class,
      description =
          "Where to start (default: earliest). An offset needs --partition if the topic"
              + " has several.")
  private Bound from = new Bound.Earliest();

  @Option(
      names = "--to",
      paramLabel = "OFFSET|TIME",
      converter = Bound.EndConverter.class,
      description = "Where to stop: before this offset or time.")
  private @Nullable Bound to;

  @Option(names = "--max", paramLabel = "N", description = "Stop after so many records.")
  private long max = Long.MAX_VALUE;

  @Option(
      names = "--follow",
      description = "At the end of the log wait for more, until Ctrl-C or --timeout.")
  private boolean follow;

  @Option(
      names = "--timeout",
      paramLabel = "D",
      converter = Durations.class,
      description = "Follow, but end when no record came for so long: 500ms, 30s, 15m.")
  private @Nullable Duration timeout;

  @Option(
      names = "--group",
      paramLabel = "G",
      description =
          "Start where this consumer group stands, and commit what was printed; a new group starts"
              + " at the earliest record.")
  private @Nullable String group;

  @Option(
      names = "--format",
      paramLabel = "value|key-value|json|hex",
      converter = RecordFormat.Converter.class,
      description = "How to print a record (default: value).")
  private @Nullable RecordFormat format;

  @Option(
      names = "--grep",
      paramLabel = "REGEX",
      converter = RegexConverter.class,
      description = "Only records whose value, as text, contains a match.")
  private @Nullable Pattern grep;

  ConsumeCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    if (max < 0) {
      throw new UsageException("--max is not negative, but " + max);
    }
    if (general.json() && format != null && format != RecordFormat.JSON) {
      throw new UsageException(
          "--json and --format " + format.optionValue() + " contradict each other");
    }
    RecordFormat chosen =
        general.json() ? RecordFormat.JSON : format == null ? RecordFormat.VALUE : format;
    boolean following = follow || timeout != null;
    if (group != null) {
      return consume(group, chosen, following);
    }
    Consumption.Range range = new Consumption.Range(partition, from, to, max);
    Output output = general.output();
    new Consumption(general.directory(), opening, topic, range)
        .run(new RecordPrinter(chosen, output, grep), following, timeout);
    output.flush();
    return 0;
  }

  private int consume(String member, RecordFormat chosen, boolean following) {
    if (partition != null || to != null || !(from instanceof Bound.Earliest)) {
      throw new UsageException(
          "--group starts where the group stands: leave out --partition, --from and --to, or move"
              + " it with 'sawlog group reset'");
    }
    Output output = general.output();
    try (OpenGroups open = OpenGroups.open(general, opening)) {
      new GroupConsumption(open, member, topic, max)
          .run(new RecordPrinter(chosen, output, grep), following, timeout);
    }
    return 0;
  }

  /** Reads a regular expression. */
  static final class RegexConverter implements ITypeConverter<Pattern> {
    @Override
    public Pattern convert(String text) {
      try {
        return Pattern.compile(text);
      } catch (PatternSyntaxException e) {
        throw new TypeConversionException(
            "'" + text + "' is not a regular expression: " + e.getDescription());
      }
    }
  }
}
