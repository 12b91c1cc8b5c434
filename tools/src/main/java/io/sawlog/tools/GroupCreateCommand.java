package io.sawlog.tools;

import io.sawlog.groups.Commits;
import io.sawlog.groups.ConsumerConfig;
import io.sawlog.groups.Queue;
import io.sawlog.log.Position;
import io.sawlog.log.Visibility;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Creates a group before anybody reads with it. */
@Command(
    name = "create",
    header = "Create a group with a position in a topic, before anybody reads with it.",
    footer = {
      "",
      "  sawlog group create inventory orders --to-latest",
      "  sawlog group create email orders --shared --key-ordered"
    })
final class GroupCreateCommand implements Callable<Integer> {
  private final GeneralOptions general;

  @Mixin private final OpenOptions opening = new OpenOptions();

  @Parameters(index = "0", paramLabel = "GROUP", description = "1 to 100 of A-Z a-z 0-9 _ -.")
  private String group = "";

  @Parameters(index = "1", paramLabel = "TOPIC", description = "What it will read.")
  private String topic = "";

  @ArgGroup private First first = new First();

  @Option(names = "--synced", description = "Commits survive the loss of power.")
  private boolean synced;

  @Option(names = "--durable", description = "Read only what survives the loss of power.")
  private boolean durable;

  @Option(
      names = "--shared",
      description = "A shared group: each record is leased to one worker (a work queue).")
  private boolean shared;

  @Option(
      names = "--key-ordered",
      description = "With --shared: the records of a key one after the other.")
  private boolean keyOrdered;

  /** Where the group begins; one of these. */
  static final class First {
    // for the parser, which takes one of these
    @SuppressWarnings("UnusedVariable")
    @Option(names = "--to-earliest", description = "Begin at the first record (default).")
    private boolean earliest;

    @Option(names = "--to-latest", description = "Begin behind the last record.")
    private boolean latest;

    @Option(names = "--to-offset", paramLabel = "OFFSET", description = "Begin at this offset.")
    private @Nullable Long offset;

    @Option(
        names = "--to-datetime",
        paramLabel = "TIME",
        converter = TimeConverter.class,
        description = "Begin at the first record that is not older.")
    private Bound.@Nullable AtTime time;

    Position position() {
      if (latest) {
        return Position.latest();
      } else if (offset != null) {
        return Position.atOffset(offset);
      } else {
        return time == null ? Position.earliest() : Position.atTime(time.time());
      }
    }
  }

  GroupCreateCommand(GeneralOptions general) {
    this.general = general;
  }

  @Override
  public Integer call() {
    if (keyOrdered && !shared) {
      throw new UsageException("--key-ordered is for shared groups: add --shared");
    }
    try (OpenGroups open = OpenGroups.open(general, opening)) {
      ExistingTopic.require(open.log(), topic);
      if (open.admin().list().contains(group)) {
        throw new CommandException(
            "there is a group '"
                + group
                + "' already: 'sawlog group describe' shows it, 'sawlog"
                + " group reset' moves it");
      }
      create(open);
    }
    return 0;
  }

  private void create(OpenGroups open) {
    Commits commits = synced ? Commits.SYNCED : Commits.WRITTEN;
    Visibility visibility = durable ? Visibility.DURABLE : Visibility.PUBLISHED;
    if (shared) {
      Queue queue = keyOrdered ? Queue.keyOrdered() : Queue.unordered();
      Queue wanted = queue.commits(commits).visibility(visibility).first(first.position());
      open.groups().worker(group, topic, wanted).close();
    } else {
      ConsumerConfig wanted = ConsumerConfig.defaults().commits(commits).visibility(visibility);
      open.groups().create(group, wanted.first(first.position()), topic);
    }
  }
}
