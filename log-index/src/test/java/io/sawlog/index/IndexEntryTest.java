package io.sawlog.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteOrder;
import org.agrona.concurrent.AtomicBuffer;
import org.junit.jupiter.api.Test;

class IndexEntryTest {

  @Test
  void shouldAddUpItsFieldsToItsLength() {
    assertEquals(0, IndexEntry.RELATIVE_OFFSET);
    assertEquals(4, IndexEntry.POSITION);
    assertEquals(8, IndexEntry.APPEND_TIME);
    assertEquals(16, IndexEntry.LENGTH_BYTES);
    assertEquals(0, IndexHeader.LENGTH_BYTES % IndexEntry.LENGTH_BYTES);
  }

  @Test
  void shouldLieInTheBufferAsDrawn() {
    var header = new IndexHeader(1, 2, 1024, 256);
    AtomicBuffer buffer = Frames.zeroed(header);

    new SparseIndex(buffer, header).onFrame(64, 264, 0x01020304, 0x1112131415161718L);

    int at = 64 + 1 * 16;
    assertEquals(0x01020304, buffer.getInt(at, ByteOrder.LITTLE_ENDIAN));
    assertEquals(264 / 8, buffer.getInt(at + 4, ByteOrder.LITTLE_ENDIAN));
    assertEquals(0x1112131415161718L, buffer.getLong(at + 8, ByteOrder.LITTLE_ENDIAN));
  }

  @Test
  void shouldKeepTheLargestPositionAndOffsetApart() {
    long word = IndexEntry.word(Integer.MAX_VALUE, 1 << 30);

    assertEquals(Integer.MAX_VALUE, IndexEntry.relativeOffset(word));
    assertEquals(1L << 30, IndexEntry.position(word));
  }

  @Test
  void shouldReadAnyWordAsAPositionThatIsNotNegative() {
    assertEquals(0xFFFFFFFFL * 8, IndexEntry.position(-1L));
    assertEquals(-1, IndexEntry.relativeOffset(-1L));
  }
}
