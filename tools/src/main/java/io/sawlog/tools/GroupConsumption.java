package io.sawlog.tools;

import io.sawlog.groups.Consumer;
import io.sawlog.groups.ConsumerConfig;
import io.sawlog.groups.GroupDescription;
import io.sawlog.groups.GroupType;
import io.sawlog.groups.RecordsLostException;
import io.sawlog.groups.TopicPartition;
import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@code consume --group}: reads from where a group stands, and commits what it has
 * printed after it has printed it, so that whatever is cut off comes again.
 */
final class GroupConsumption {
  private static final Duration WAIT = Duration.ofMillis(100);

  private final OpenGroups open;
  private final String group;
  private final String topic;
  private final long max;

  /** Where each partition ends for this run. */
  private final Map<TopicPartition, Long> ends = new HashMap<>();

  private long printed;

  GroupConsumption(OpenGroups open, String group, String topic, long max) {
    this.open = open;
    this.group = group;
    this.topic = topic;
    this.max = max;
  }

  /**
   * Reads, prints and commits.
   *
   * @param printer what to do with the records
   * @param follow whether to wait for more at the end of the log
   * @param timeout end when no record came for so long; null for never
   */
  void run(RecordPrinter printer, boolean follow, @Nullable Duration timeout) {
    for (Partition partition : open.log().topic(topic).partitions()) {
      ends.put(
          new TopicPartition(topic, partition.number()),
          follow ? Long.MAX_VALUE : partition.logEndOffset());
    }
    try (Interruption interruption = Interruption.handle();
        Consumer consumer = open.groups().consumer(group, config(), topic)) {
      long idleSince = System.nanoTime();
      while (!interruption.requested() && printed < max) {
        List<Message> messages = poll(consumer, follow ? WAIT : Duration.ZERO);
        if (print(messages, consumer, printer)) {
          idleSince = System.nanoTime();
        } else if ((messages.isEmpty() && !follow)
            || (timeout != null && System.nanoTime() - idleSince >= timeout.toNanos())) {
          return;
        }
      }
    }
  }

  /** Takes a group that exists as it is. */
  private ConsumerConfig config() {
    ConsumerConfig config = ConsumerConfig.defaults();
    if (!open.admin().list().contains(group)) {
      return config;
    }
    GroupDescription described = open.admin().describe(group);
    if (described.type() == GroupType.SHARED) {
      throw new CommandException(
          "group '"
              + group
              + "' is a shared group, whose records are leased to workers: consume it with a"
              + " program, or use another group");
    }
    return config.commits(described.commits()).visibility(described.visibility());
  }

  /** Records that are lost are worth a line; the rest is not lost. */
  private static List<Message> poll(Consumer consumer, Duration wait) {
    while (true) {
      try {
        return consumer.poll(wait);
      } catch (RecordsLostException e) {
        System.err.println("sawlog: " + e.getMessage());
      }
    }
  }

  /** Returns whether there was anything to print or to pass over. */
  private boolean print(List<Message> messages, Consumer consumer, RecordPrinter printer) {
    Map<TopicPartition, Long> done = new HashMap<>();
    for (Message message : messages) {
      TopicPartition partition = new TopicPartition(message.topic(), message.partition());
      if (message.offset() >= ends.getOrDefault(partition, Long.MAX_VALUE)) {
        consumer.pause(Set.of(partition));
      } else if (printed < max) {
        printed += printer.print(message) ? 1 : 0;
        done.put(partition, message.offset() + 1);
      }
    }
    printer.flush();
    consumer.commit(done);
    return !done.isEmpty();
  }
}
