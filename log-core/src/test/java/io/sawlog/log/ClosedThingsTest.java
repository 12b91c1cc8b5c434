package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every public method of everything that a store gives out, after the store was closed. */
@Timeout(120)
class ClosedThingsTest {
  /** These only tell what the object is, and go on telling it. */
  private static final Set<String> TELLING =
      Set.of(
          "topicName",
          "number",
          "toString",
          "name",
          "id",
          "config",
          "partitionCount",
          "partition",
          "partitions",
          "partitionFor",
          "position",
          "close",
          "recoveryReport",
          "directory",
          "isReadOnly",
          "hasMBeans");

  @TempDir Path directory;

  @Test
  void shouldBeAnExceptionInAStoreThatWasWritten() {
    Sawlog log = Sawlog.open(directory);
    Things things = new Things(log);
    for (int i = 0; i < 10; i++) {
      things.partition.append(null, new byte[10]);
    }
    Iterator<Message> messages = things.partition.read(Position.earliest()).iterator();
    messages.next();

    log.close();

    things.assertClosed();
    assertThrows(LogClosedException.class, messages::hasNext);
    assertThrows(LogClosedException.class, messages::next);
  }

  @Test
  void shouldBeAnExceptionInAStoreThatWasNeverWritten() {
    Sawlog log = Sawlog.open(directory);
    Things things = new Things(log);

    log.close();

    things.assertClosed();
  }

  @Test
  void shouldBeAnExceptionInAStoreThatWasOnlyRead() {
    try (Sawlog writer = Sawlog.open(directory)) {
      writer.topic("t").append("a", "b");
      Sawlog log = Sawlog.openReadOnly(directory);
      Things things = new Things(log);

      log.close();

      things.assertClosed();
    }
  }

  @Test
  void shouldBeAnExceptionInATopicThatWasDeleted() {
    try (Sawlog log = Sawlog.open(directory)) {
      Things things = new Things(log);
      things.partition.append(null, new byte[10]);

      log.deleteTopic("t");

      things.assertTopicClosed();
      log.createTopic("t", TopicConfig.defaults()).append("a", "b");
      things.assertTopicClosed();
      assertEquals(1, log.topic("t").partition(0).logEndOffset());
    }
  }

  @Test
  void shouldCloseAStoreAnyNumberOfTimes() {
    Sawlog log = Sawlog.open(directory);
    log.close();
    log.close();

    Sawlog.open(directory).close();
  }

  /** A call may find the store open, and get its turn when the closing is over. */
  @Test
  void shouldRefuseCallsThatGetTheirTurnAfterTheClosing() throws IOException {
    HookedStorage storage = new HookedStorage();
    Background background = new Background(System::currentTimeMillis);
    WrittenStore written =
        WrittenStore.open(directory, storage, SawlogConfig.defaults(), background);
    written.create("t", TopicConfig.defaults());
    Path lock = directory.resolve(Names.LOCK_FILE);
    TopicDirectory topics = new TopicDirectory(storage, directory);
    FollowedStore followed = new FollowedStore(topics, lock, false);

    written.close();
    followed.close();

    TopicConfig more = TopicConfig.defaults().partitions(2);
    assertThrows(LogClosedException.class, () -> written.create("u", more));
    assertThrows(LogClosedException.class, () -> written.findOrCreate("u"));
    assertThrows(LogClosedException.class, () -> written.alter("t", more));
    assertThrows(LogClosedException.class, () -> written.delete("t"));
    assertThrows(LogClosedException.class, () -> followed.find("t"));
    assertEquals(List.of("t"), topics.names());
  }

  /** One of each, made while the store was open. */
  private static final class Things {
    final Sawlog log;
    final Topic topic;
    final Partition partition;
    final Tailer tailer;
    final Batch batch = new Batch().add("a", "b");

    Things(Sawlog log) {
      this.log = log;
      topic = log.topic("t");
      partition = topic.partition(0);
      tailer = partition.tailer(Position.earliest());
    }

    void assertClosed() {
      assertAllRefuse(log);
      assertTopicClosed();
    }

    void assertTopicClosed() {
      assertAllRefuse(topic);
      assertAllRefuse(partition);
      assertAllRefuse(tailer);
      assertThrows(LogClosedException.class, () -> partition.read(Position.earliest()).iterator());
      assertThrows(LogClosedException.class, () -> topic.read(Position.earliest()).iterator());
      tailer.close();
      tailer.close();
      assertAllRefuse(tailer);
    }

    private void assertAllRefuse(Object thing) {
      List<String> wrong = new ArrayList<>();
      int called = 0;
      for (Method method : thing.getClass().getDeclaredMethods()) {
        boolean told = TELLING.contains(method.getName()) || method.getName().equals("read");
        if (Modifier.isPublic(method.getModifiers())
            && !Modifier.isStatic(method.getModifiers())
            && !method.isSynthetic()
            && !told) {
          called++;
          String outcome = outcomeOf(thing, method);
          if (!outcome.equals("LogClosedException")) {
            wrong.add(method.getName() + Arrays.toString(method.getParameterTypes()) + outcome);
          }
        }
      }
      assertEquals(List.of(), wrong);
      assertFalse(called == 0 && !(thing instanceof Sawlog));
    }

    private String outcomeOf(Object thing, Method method) {
      Object[] arguments = Arrays.stream(method.getParameterTypes()).map(this::argument).toArray();
      try {
        return "returned " + method.invoke(thing, arguments);
      } catch (InvocationTargetException e) {
        return e.getCause().getClass().getSimpleName();
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }

    private Object argument(Class<?> type) {
      if (type == int.class) {
        return 1;
      } else if (type == long.class) {
        return 0L;
      } else if (type == String.class) {
        return "t";
      } else if (type == byte[].class || type == Object.class) {
        return new byte[1];
      } else if (type == ByteBuffer.class) {
        return ByteBuffer.allocate(1);
      } else if (type == DirectBuffer.class) {
        return new UnsafeBuffer(new byte[8]);
      } else if (type == Codec.class) {
        return Codecs.bytes();
      } else if (type == Batch.class) {
        return batch;
      } else if (type == Position.class) {
        return Position.earliest();
      } else if (type == TailerConfig.class) {
        return TailerConfig.defaults();
      } else if (type == TopicConfig.class) {
        return TopicConfig.defaults();
      } else if (type == MessageHandler.class) {
        return (MessageHandler) view -> {};
      } else if (type == Duration.class) {
        return Duration.ofDays(1);
      } else if (type == Instant.class) {
        return Instant.EPOCH;
      }
      throw new AssertionError("which argument for " + type + "?");
    }
  }
}
