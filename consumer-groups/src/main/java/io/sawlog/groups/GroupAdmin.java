package io.sawlog.groups;

import io.sawlog.log.LogException;
import io.sawlog.log.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Administers the groups of a store. Looking always works and disturbs nobody, also at a group that
 * another process hosts. Changing works on a group that nobody else hosts; otherwise {@link
 * GroupHostedException} names the host.
 *
 * <p>All methods that take the name of a group throw {@link GroupNotFoundException} if there is no
 * such group. Thread-safe.
 */
public final class GroupAdmin {
  private final GroupEnvironment environment;

  GroupAdmin(GroupEnvironment environment) {
    this.environment = environment;
  }

  /**
   * Lists the groups, without those whose creation was cut short: creating them again works.
   *
   * @return their names, sorted
   * @throws java.io.UncheckedIOException if the directory cannot be read
   */
  public List<String> list() {
    GroupDirectory directory = environment.directory();
    return directory.names().stream().filter(directory::isMade).toList();
  }

  /**
   * Describes a group.
   *
   * @param group an existing group
   * @return what it is and where it stands
   * @throws LogException if its files cannot be read
   */
  public GroupDescription describe(String group) {
    return look(group, view -> inspection(group, view).describe());
  }

  /**
   * Lists the records of a shared group that are leased, or have failed, and are not finished.
   *
   * @param group an existing group
   * @return by partition and offset; none for a partition group
   * @throws LogException if its files cannot be read
   */
  public List<PendingRecord> pending(String group) {
    return look(group, view -> inspection(group, view).pending());
  }

  private GroupInspection inspection(String group, GroupView view) {
    return new GroupInspection(
        group,
        view,
        environment.log(),
        Hosts.find(environment.log(), group),
        environment.timer().clock().epochMs());
  }

  private <T> T look(String group, Function<GroupView, T> looking) {
    try (GroupView view = environment.directory().look(group)) {
      return looking.apply(view);
    }
  }

  /**
   * Works out what a reset would do in all partitions that the group reads. Changes nothing.
   *
   * @param group an existing group
   * @param reset where to; if it names partitions, only those
   * @return what {@link #execute} would do
   * @throws UnknownPartitionException if a topic or partition does not exist
   * @throws GroupMismatchException if a shared group does not work on the topic
   */
  public ResetPlan planReset(String group, Reset reset) {
    return look(
        group,
        view -> {
          ResetPlanner planner = planner(group, view);
          return planner.plan(
              reset,
              reset instanceof Reset.ToOffsets to
                  ? to.offsets().keySet()
                  : planner.allPartitions());
        });
  }

  /**
   * Works out what a reset would do in some partitions. Changes nothing.
   *
   * @param group an existing group
   * @param reset where to
   * @param partitions which; a partition group may have no position in their topics yet
   * @return what {@link #execute} would do
   * @throws LogException as {@link #planReset(String, Reset)}
   */
  public ResetPlan planReset(String group, Reset reset, Collection<TopicPartition> partitions) {
    return look(group, view -> planner(group, view).plan(reset, partitions));
  }

  private ResetPlanner planner(String group, GroupView view) {
    return new ResetPlanner(
        group,
        view.state(),
        environment.log(),
        Instant.ofEpochMilli(environment.timer().clock().epochMs()));
  }

  /**
   * Does what a plan says, all or nothing, and durably.
   *
   * @param plan a plan of {@link #planReset}
   * @throws StalePlanException if the group or a log has moved since
   * @throws GroupHostedException if a process hosts the group, this one included
   */
  public void execute(ResetPlan plan) {
    changeIdle(
        plan.group(),
        host -> {
          List<Event> events = new ArrayList<>();
          int topics = host.state().topics().size();
          for (ResetPlan.Move move : plan.moves()) {
            topics = addMove(host.state(), plan.group(), move, events, topics);
          }
          host.recordSynced(events);
          return events;
        });
  }

  /** Adds the events of one move; returns how many topics the group has then. */
  private int addMove(
      GroupState state, String group, ResetPlan.Move move, List<Event> events, int topics) {
    TopicPartition name = move.partition();
    Topic topic = Topics.find(environment.log(), name.topic(), move.topicId());
    int number = state.numberOf(move.topicId());
    Progress progress = state.progress(number, name.partition());
    OptionalLong at = progress == null ? OptionalLong.empty() : OptionalLong.of(progress.floor());
    if (topic == null
        || !at.equals(move.from())
        || move.to() < topic.partition(name.partition()).logStartOffset()
        || move.to() > topic.partition(name.partition()).logEndOffset()) {
      throw new StalePlanException(
          "group '" + group + "' or the log has moved in " + name + " since the plan: plan again");
    }
    if (number > 0) {
      events.add(new PartitionEvent.Moved(number, name.partition(), move.to()));
      return topics;
    }
    int added = numberAmong(events, move);
    int isNew = added < 0 ? 1 : 0;
    if (added < 0) {
      added = topics;
      events.add(new Event.TopicAdded(added, name.topic(), move.topicId()));
    }
    events.add(new PartitionEvent.Moved(added, name.partition(), move.to()));
    return topics + isNew;
  }

  private static int numberAmong(List<Event> events, ResetPlan.Move move) {
    for (Event event : events) {
      if (event instanceof Event.TopicAdded added && added.id().equals(move.topicId())) {
        return added.topic();
      }
    }
    return -1;
  }

  /**
   * Deletes a group, with its positions and its dead letters. It survives the loss of power as a
   * whole, or is gone.
   *
   * @param group an existing group
   * @throws GroupHostedException if a process hosts it, this one included
   * @throws java.io.UncheckedIOException if its files cannot be deleted
   */
  public void delete(String group) {
    Hosts.whileIdle(
        environment.log(),
        group,
        () -> {
          environment.directory().delete(group);
          return group;
        });
  }

  /**
   * Forgets where a group is in a topic: whoever reads it next begins as in one that the group has
   * never seen.
   *
   * @param group an existing group
   * @param topic a topic that it has positions in; it need not exist any more
   * @throws UnknownPartitionException if the group has no position there
   * @throws GroupHostedException if a process hosts the group, this one included
   */
  public void deleteOffsets(String group, String topic) {
    changeIdle(
        group,
        host -> {
          List<Event> events = new ArrayList<>();
          List<GroupState.TopicProgress> topics = host.state().topics();
          for (int number = 1; number < topics.size(); number++) {
            if (topics.get(number).name().equals(topic)
                && !topics.get(number).partitions().isEmpty()) {
              events.add(new Event.TopicForgotten(number));
            }
          }
          if (events.isEmpty()) {
            throw new UnknownPartitionException(
                "group '" + group + "' has no position in topic '" + topic + "'");
          }
          host.recordSynced(events);
          return events;
        });
  }

  /**
   * Forgets where a group is in some partitions, all or none: it goes on at their log start, as in
   * partitions that were added to a topic later.
   *
   * @param group an existing group
   * @param partitions in which it has positions
   * @throws UnknownPartitionException if it has none in one of them; nothing was changed
   * @throws GroupHostedException if a process hosts the group, this one included
   */
  public void deleteOffsets(String group, Collection<TopicPartition> partitions) {
    changeIdle(
        group,
        host -> {
          List<Event> events = new ArrayList<>();
          for (TopicPartition name : new TreeSet<>(partitions)) {
            List<Event> ofPartition = forgetting(host.state().topics(), name);
            if (ofPartition.isEmpty()) {
              throw new UnknownPartitionException(
                  "group '" + group + "' has no position in " + name);
            }
            events.addAll(ofPartition);
          }
          host.recordSynced(events);
          return events;
        });
  }

  private static List<Event> forgetting(
      List<GroupState.TopicProgress> topics, TopicPartition partition) {
    List<Event> events = new ArrayList<>();
    for (int number = 1; number < topics.size(); number++) {
      GroupState.TopicProgress topic = topics.get(number);
      if (topic.name().equals(partition.topic())
          && topic.partitions().containsKey(partition.partition())) {
        events.add(new Event.PartitionForgotten(number, partition.partition()));
      }
    }
    return events;
  }

  /**
   * Makes a group that stands where another one stands. Dead letters, and who has what, are not
   * copied.
   *
   * @param group an existing group, whoever hosts it
   * @param copy the name of the new one: 1 to 100 of {@code A-Z a-z 0-9 _ -}
   * @throws GroupExistsException if there is one of that name
   */
  public void copy(String group, String copy) {
    GroupHost.checkName(copy);
    List<Event> events =
        look(
            group,
            view -> {
              GroupOptions.orNotFound(view.state().options(), group);
              return view.state().eventsOfACopy();
            });
    Hosts.whileIdle(
        environment.log(),
        copy,
        () -> {
          try (GroupFiles files = environment.files().apply(copy)) {
            Ledger ledger = Ledger.open(copy, files);
            if (ledger.state().options() != null) {
              throw new GroupExistsException(
                  "there is a group '" + copy + "' already: delete it first, or use another name");
            }
            ledger.record(events, true);
          }
          return copy;
        });
  }

  /**
   * Lets a group rest: polls and receives return nothing, until {@link #resume}. Survives restarts.
   *
   * @param group an existing group
   * @throws GroupHostedException if another process hosts it
   */
  public void pause(String group) {
    change(group, host -> paused(host, true));
  }

  /**
   * Ends {@link #pause}.
   *
   * @param group an existing group
   * @throws GroupHostedException if another process hosts it
   */
  public void resume(String group) {
    change(group, host -> paused(host, false));
  }

  private static boolean paused(GroupHost host, boolean paused) {
    host.record(new Event.Paused(paused));
    return paused;
  }

  /**
   * The dead letters of a group.
   *
   * @param group an existing group
   * @return all of them, the oldest first
   */
  public List<DeadLetter> deadLetters(String group) {
    return look(group, view -> Redrive.letters(view.letters(), 0));
  }

  /**
   * The dead letters that were never redriven.
   *
   * @param group an existing group
   * @return what {@link #redrive(String)} would give out, the oldest first
   */
  public List<DeadLetter> redrivable(String group) {
    return look(group, view -> Redrive.letters(view.letters(), view.state().nextRedrive()));
  }

  /**
   * Gives the dead letters that were never redriven to the workers of the group once more, also
   * where the topic they come from does not hold them any more.
   *
   * @param group an existing shared group
   * @return how many
   * @throws GroupMismatchException if it is a partition group
   * @throws GroupHostedException if another process hosts it
   */
  public long redrive(String group) {
    return change(
        group, host -> new Redrive(host).toWorkers(host.state().nextRedrive(), Long.MAX_VALUE));
  }

  /**
   * Gives some dead letters to the workers of the group once more.
   *
   * @param group an existing shared group
   * @param from the first of them; see {@link DeadLetter#letter}
   * @param to the one behind the last
   * @return how many
   * @throws LogException as {@link #redrive(String)}
   */
  public long redrive(String group, long from, long to) {
    return change(group, host -> new Redrive(host).toWorkers(from, to));
  }

  /**
   * Appends the dead letters that were never redriven to the topics that they come from, durably,
   * as the records that they were; so all groups get them. If this fails half-way, some may be
   * appended again by the next call.
   *
   * @param group an existing group of either kind
   * @return how many
   * @throws TopicsNotWritableException if this process does not write the topics
   * @throws UnknownPartitionException if one of the topics does not exist any more; nothing was
   *     appended
   * @throws GroupHostedException if another process hosts the group
   */
  public long redriveToTopic(String group) {
    return change(
        group, host -> new Redrive(host).toTopics(host.state().nextRedrive(), Long.MAX_VALUE));
  }

  /**
   * Appends some dead letters to the topics that they come from.
   *
   * @param group an existing group of either kind
   * @param from the first of them; see {@link DeadLetter#letter}
   * @param to the one behind the last
   * @return how many
   * @throws LogException as {@link #redriveToTopic(String)}
   */
  public long redriveToTopic(String group, long from, long to) {
    return change(group, host -> new Redrive(host).toTopics(from, to));
  }

  /** Changes a group, hosted by this process or by nobody. */
  private <T> T change(String group, Function<GroupHost, T> change) {
    environment.directory().require(group);
    return Hosts.change(
        environment.log(), group, () -> GroupHost.open(group, environment, null), change);
  }

  /** Changes a group that nobody hosts, nor this process. */
  private <T> T changeIdle(String group, Function<GroupHost, T> change) {
    return Hosts.whileIdle(environment.log(), group, () -> change(group, change));
  }
}
