package io.sawlog.log.segment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.file.DiskStorage;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameBufferTest {
  private static final int SALT = 5;

  @TempDir Path directory;
  private Storage storage;
  private StorageFile file;

  @BeforeEach
  void create() throws IOException {
    storage = DiskStorage.open();
    file = storage.create(directory.resolve("frames"));
  }

  @AfterEach
  void close() throws IOException {
    file.close();
  }

  @Test
  void shouldLoadFromAPositionAsMuchAsThereIs() throws IOException {
    byte[] frame = write(64, Frames.frame(SALT, 3, "value".getBytes(UTF_8)));
    FrameBuffer buffer = new FrameBuffer(4096);

    buffer.load(file, 64);

    assertTrue(buffer.contains(64, frame.length));
    assertFalse(buffer.contains(64, frame.length + 1));
    assertFalse(buffer.contains(63, 1));
    assertEquals(0, buffer.indexOf(64));
    assertEquals(FrameCheck.VALID, buffer.check(64, 4096, SALT, 3));
  }

  @Test
  void shouldHoldNothingBehindTheEndOfTheFile() throws IOException {
    write(0, new byte[100]);
    FrameBuffer buffer = new FrameBuffer(4096);

    buffer.load(file, 200);

    assertFalse(buffer.contains(200, 1));
  }

  @Test
  void shouldLoadLittleAfterALeapAndMoreWithEachStep() throws IOException {
    write(0, new byte[200 << 10]);
    FrameBuffer buffer = new FrameBuffer(64 << 10);
    int position = 100 << 10;

    for (int expected : new int[] {8 << 10, 16 << 10, 32 << 10}) {
      buffer.load(file, position);
      assertTrue(buffer.contains(position, expected));
      assertFalse(buffer.contains(position, expected + 1));
      position += expected;
    }
    buffer.load(file, 0);

    assertTrue(buffer.contains(0, 8 << 10));
    assertFalse(buffer.contains(0, (8 << 10) + 1));
  }

  @Test
  void shouldPeekAtAHeaderOnly() throws IOException {
    write(0, Frames.frame(SALT, 3, new byte[1000]));
    FrameBuffer buffer = new FrameBuffer(4096);

    buffer.peek(file, 0);

    assertTrue(buffer.contains(0, FrameFormat.HEADER_LENGTH));
    assertFalse(buffer.contains(0, FrameFormat.HEADER_LENGTH + 1));
    assertEquals(FrameCheck.BAD_LENGTH, buffer.check(0, 4096, SALT, 3));
  }

  @Test
  void shouldGrowForALargerFrameAndLeaveTheOldMemoryToWhoeverKeptIt() throws IOException {
    byte[] frame = write(0, Frames.frame(SALT, 3, new byte[10_000]));
    FrameBuffer buffer = new FrameBuffer(1024);
    buffer.load(file, 0);
    UnsafeBuffer before = buffer.buffer();

    buffer.load(file, 0, frame.length);

    assertNotSame(before, buffer.buffer());
    assertEquals(frame.length, FrameFormat.length(before, 0));
    assertEquals(FrameCheck.VALID, buffer.check(0, frame.length, SALT, 3));
    UnsafeBuffer grown = buffer.buffer();
    buffer.load(file, 0);
    assertSame(grown, buffer.buffer());
  }

  @Test
  void shouldBeEmptyAfterAFailedRead() throws IOException {
    write(0, new byte[100]);
    FrameBuffer buffer = new FrameBuffer(1024);
    buffer.load(file, 0);
    StorageFile closed = storage.open(file.path(), Storage.Access.READ);
    closed.close();

    assertThrows(IOException.class, () -> buffer.load(closed, 0));

    assertFalse(buffer.contains(0, 1));
  }

  @Test
  void shouldForgetWhatItHolds() throws IOException {
    write(0, new byte[100]);
    FrameBuffer buffer = new FrameBuffer(1024);
    buffer.load(file, 0);

    buffer.clear();

    assertFalse(buffer.contains(0, 1));
  }

  @Test
  void shouldTellWhatStandsThereByTheLength() {
    assertEquals(FrameCheck.EMPTY, checkWithLength(0));
    assertEquals(FrameCheck.CLAIMED, checkWithLength(-64));
    assertEquals(FrameCheck.CLAIMED, checkWithLength(Integer.MIN_VALUE));
    assertEquals(FrameCheck.BAD_LENGTH, checkWithLength(24));
    assertEquals(FrameCheck.BAD_LENGTH, checkWithLength(33));
    assertEquals(FrameCheck.BAD_LENGTH, checkWithLength(Integer.MAX_VALUE));
    assertEquals(FrameCheck.BAD_LENGTH, checkWithLength(Integer.MAX_VALUE & -8));
  }

  private static FrameCheck checkWithLength(int length) {
    byte[] bytes = Frames.frame(SALT, 3, new byte[24]);
    UnsafeBuffer frame = new UnsafeBuffer(bytes);
    frame.putInt(FrameFormat.LENGTH_FIELD, length);
    return Frames.buffer(bytes).check(0, 4096, SALT, 3);
  }

  @Test
  void shouldRefuseAFrameThatReachesBehindTheEndOfTheSegment() {
    byte[] bytes = Frames.frame(SALT, 3, new byte[24]);

    assertEquals(FrameCheck.VALID, Frames.buffer(bytes).check(0, bytes.length, SALT, 3));
    assertEquals(FrameCheck.BAD_LENGTH, Frames.buffer(bytes).check(0, bytes.length - 8, SALT, 3));
  }

  @Test
  void shouldNameAnUnknownKind() {
    byte[] bytes = Frames.frame(SALT, 3, new byte[24]);
    bytes[FrameFormat.KIND_FIELD] = 4;

    assertEquals(FrameCheck.BAD_KIND, Frames.buffer(bytes).check(0, 4096, SALT, 3));
    bytes[FrameFormat.KIND_FIELD] = 0;
    assertEquals(FrameCheck.BAD_KIND, Frames.buffer(bytes).check(0, 4096, SALT, 3));
  }

  @Test
  void shouldSayInWordsWhatIsThere() {
    for (FrameCheck check : FrameCheck.values()) {
      assertFalse(check.inWords().isBlank());
    }
  }

  private byte[] write(int position, byte[] bytes) throws IOException {
    file.write(ByteBuffer.wrap(bytes), position);
    return bytes;
  }
}
