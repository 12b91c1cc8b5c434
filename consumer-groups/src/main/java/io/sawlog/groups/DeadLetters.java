package io.sawlog.groups;

import io.sawlog.log.Batch;
import io.sawlog.log.Header;
import io.sawlog.log.Message;
import io.sawlog.log.Partition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * The dead letters of a group: the records as they were, each with headers that tell where it comes
 * from and why, whose names are reserved. They are durable before the group calls the record
 * finished.
 */
final class DeadLetters {
  private static final String PREFIX = "sawlog.dead.";
  private static final String TOPIC = PREFIX + "topic";
  private static final String TOPIC_ID = PREFIX + "topic-id";
  private static final String PARTITION = PREFIX + "partition";
  private static final String OFFSET = PREFIX + "offset";
  private static final String REDRIVEN_FROM = PREFIX + "redriven-from";
  private static final String ATTEMPTS = PREFIX + "attempts";
  private static final String REASON = PREFIX + "reason";
  private static final String TIME = PREFIX + "time";

  private final String group;
  private final Partition letters;

  DeadLetters(String group, Partition letters) {
    this.group = group;
    this.letters = letters;
  }

  /**
   * Adds a record of a topic, durably.
   *
   * @return its offset among the dead letters
   */
  long add(Message message, UUID topicId, int attempts, String reason, long epochMs) {
    List<Header> headers = new ArrayList<>(withoutOwn(message));
    headers.add(Header.of(TOPIC, message.topic()));
    headers.add(Header.of(TOPIC_ID, topicId.toString()));
    headers.add(Header.of(PARTITION, Integer.toString(message.partition())));
    headers.add(Header.of(OFFSET, Long.toString(message.offset())));
    long letter = append(message, headers, attempts, reason, epochMs);
    GroupEvents.deadLetter(
        group, message.topic(), message.partition(), message.offset(), letter, attempts, reason);
    return letter;
  }

  /**
   * Adds a dead letter that was redriven and has failed again, durably.
   *
   * @return its new offset among the dead letters
   */
  long addAgain(Message letter, int attempts, String reason, long epochMs) {
    List<Header> headers = new ArrayList<>(withoutOwn(letter));
    for (String kept : List.of(TOPIC, TOPIC_ID, PARTITION, OFFSET)) {
      letter.header(kept).ifPresent(headers::add);
    }
    headers.add(Header.of(REDRIVEN_FROM, Long.toString(letter.offset())));
    long added = append(letter, headers, attempts, reason, epochMs);
    DeadLetter origin = read(letter);
    GroupEvents.deadLetter(
        group, origin.topic(), origin.partition(), origin.offset(), added, attempts, reason);
    return added;
  }

  private long append(
      Message message, List<Header> headers, int attempts, String reason, long epochMs) {
    headers.add(Header.of(ATTEMPTS, Integer.toString(attempts)));
    headers.add(Header.of(REASON, reason));
    headers.add(Header.of(TIME, Instant.ofEpochMilli(epochMs).toString()));
    Batch batch = new Batch();
    if (message.eventTime().isPresent()) {
      batch.add(message.key(), message.value(), message.eventTime().getAsLong(), headers);
    } else {
      batch.add(message.key(), message.value(), headers);
    }
    return letters.appendSynced(batch);
  }

  /** The headers that the producer gave. */
  static List<Header> withoutOwn(Message letter) {
    return letter.headers().stream().filter(h -> !h.name().startsWith(PREFIX)).toList();
  }

  /** Reads what the headers tell. */
  static DeadLetter read(Message message) {
    return new DeadLetter(
        message.offset(),
        text(message, TOPIC),
        UUID.fromString(text(message, TOPIC_ID)),
        Integer.parseInt(text(message, PARTITION)),
        Long.parseLong(text(message, OFFSET)),
        message
            .header(REDRIVEN_FROM)
            .map(header -> OptionalLong.of(Long.parseLong(header.valueAsString())))
            .orElse(OptionalLong.empty()),
        Integer.parseInt(text(message, ATTEMPTS)),
        text(message, REASON),
        Instant.parse(text(message, TIME)),
        message);
  }

  private static String text(Message message, String name) {
    return message.header(name).map(Header::valueAsString).orElse("");
  }
}
