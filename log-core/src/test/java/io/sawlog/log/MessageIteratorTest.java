package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MessageIteratorTest {
  @TempDir Path directory;

  @Test
  @EnabledOnOs(OS.LINUX)
  void shouldKeepNoFileOpenWhenItIsLeftBeforeItsEnd() throws IOException {
    try (SmallStore store = new SmallStore(directory, new HookedStorage())) {
      store.roll();
      store.roll();
      store.settle();
      long before = openFiles();

      for (int i = 0; i < 20; i++) {
        assertEquals(0, store.partition.read(Position.earliest()).iterator().next().offset());
      }

      assertEquals(before, openFiles());
    }
  }

  @Test
  void shouldGiveWhatComesBeforeDamageAndThenReportItForEver() throws IOException {
    try (SmallStore store = new SmallStore(directory, new HookedStorage())) {
      store.roll();
      store.settle();
      Path first = store.partition.segments().get(0).file();
      // two frames of 1000 byte values, the second one damaged
      try (FileChannel file = FileChannel.open(first, StandardOpenOption.WRITE)) {
        file.write(ByteBuffer.wrap(new byte[] {1}), 64 + 1040 + 500);
      }
      Iterator<Message> messages = store.partition.read(Position.earliest()).iterator();

      assertTrue(messages.hasNext());
      assertEquals(0, messages.next().offset());
      assertThrows(CorruptLogException.class, messages::hasNext);
      assertThrows(LogException.class, messages::next);
      assertThrows(LogException.class, messages::hasNext);
    }
  }

  @Test
  void shouldGoOnOverRollsAndDeletionsOfWhatItHasPassed() {
    try (SmallStore store = new SmallStore(directory, new HookedStorage())) {
      store.roll();
      long base = store.roll();
      store.settle();
      Iterator<Message> messages = store.partition.read(Position.earliest()).iterator();

      for (long offset = 0; offset <= base; offset++) {
        assertEquals(offset, messages.next().offset());
        store.partition.deleteBefore(offset);
      }

      assertEquals(1, store.partition.segments().size());
    }
  }

  private long openFiles() throws IOException {
    try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      return links.filter(this::leadsHere).count();
    }
  }

  private boolean leadsHere(Path link) {
    try {
      return Files.readSymbolicLink(link).startsWith(directory);
    } catch (IOException e) {
      return false;
    }
  }
}
