package io.sawlog.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexHeaderTest {

  private static final IndexHeader HEADER = new IndexHeader(0xCAFE, 500, 65_536, 4_096);

  private final AtomicBuffer buffer = Frames.zeroed(HEADER);

  @Test
  void shouldAddUpItsFieldsToItsLength() {
    assertEquals(6, IndexHeader.VERSION_AT);
    assertEquals(8, IndexHeader.SALT_AT);
    assertEquals(16, IndexHeader.BASE_OFFSET_AT);
    assertEquals(24, IndexHeader.SEGMENT_BYTES_AT);
    assertEquals(28, IndexHeader.INTERVAL_BYTES_AT);
    assertEquals(32, IndexHeader.RESERVED_AT);
    assertEquals(60, IndexHeader.CRC_AT);
    assertEquals(64, IndexHeader.CRC_AT + Integer.BYTES);
    assertEquals(64, IndexHeader.LENGTH_BYTES);
  }

  @Test
  void shouldRecogniseTheIndexOfItsSegment() {
    HEADER.writeTo(buffer);

    assertEquals(new HeaderCheck.Valid(HEADER), check(buffer));
    assertEquals("SAWIDX", buffer.getStringWithoutLengthAscii(IndexHeader.MAGIC_AT, 6));
  }

  @Test
  void shouldTakeTheIntervalFromTheIndex() {
    var coarser = new IndexHeader(0xCAFE, 500, 65_536, 16_384);
    AtomicBuffer other = Frames.zeroed(coarser);

    coarser.writeTo(other);

    assertEquals(new HeaderCheck.Valid(coarser), check(other));
  }

  @Test
  void shouldLeaveTheEntriesAloneWhenItIsWritten() {
    buffer.setMemory(0, buffer.capacity(), (byte) 0x55);

    HEADER.writeTo(buffer);

    for (int i = IndexHeader.LENGTH_BYTES; i < buffer.capacity(); i++) {
      assertEquals((byte) 0x55, buffer.getByte(i));
    }
  }

  @Test
  void shouldRefuseTheIndexOfAnotherSegment() {
    HEADER.writeTo(buffer);

    assertUnusable("salt", IndexHeader.check(buffer, 0xBEEF, 500, 65_536));
    assertUnusable("base offset 501", IndexHeader.check(buffer, 0xCAFE, 501, 65_536));
    assertUnusable("32768 bytes", IndexHeader.check(buffer, 0xCAFE, 500, 32_768));
  }

  @Test
  void shouldRefuseEveryFlippedBit() {
    for (int bit = 0; bit < IndexHeader.LENGTH_BYTES * 8; bit++) {
      HEADER.writeTo(buffer);
      buffer.putByte(bit / 8, (byte) (buffer.getByte(bit / 8) ^ (1 << (bit % 8))));

      assertInstanceOf(HeaderCheck.Unusable.class, check(buffer), "bit " + bit);
    }
  }

  @Test
  void shouldRefuseAnIndexOfAnyOtherLength() {
    HEADER.writeTo(buffer);
    byte[] longer = new byte[buffer.capacity() + 16];
    buffer.getBytes(0, longer, 0, buffer.capacity());

    for (int length = 0; length <= longer.length; length++) {
      if (length != HEADER.indexBytes()) {
        assertInstanceOf(
            HeaderCheck.Unusable.class, check(new UnsafeBuffer(longer, 0, length)), "" + length);
      }
    }
  }

  @Test
  void shouldSayWhatIsWrong() {
    assertUnusable("SAWIDX", check(buffer));

    HEADER.writeTo(buffer);
    buffer.putByte(IndexHeader.VERSION_AT, (byte) 9);
    assertUnusable("version is 9, not 1", check(buffer));

    HEADER.writeTo(buffer);
    buffer.putByte(IndexHeader.RESERVED_AT, (byte) 1);
    assertUnusable("CRC32C", check(buffer));
  }

  @Test
  void shouldHaveASlotForEachIntervalThatBeginsInTheSegment() {
    assertEquals(64 + 16, SparseIndex.lengthBytes(64, 64));
    assertEquals(64 + 2 * 16, SparseIndex.lengthBytes(72, 64));
    assertEquals(64 + 256 * 16, SparseIndex.lengthBytes(1 << 20, 4_096));
    assertEquals(64 + (1 << 28), SparseIndex.lengthBytes(1 << 30, 64));
    assertEquals(64 + 16, SparseIndex.lengthBytes(1 << 30, 1 << 30));
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -4_096, 0, 32, 63, 65, 100, 4_095})
  void shouldRefuseAnIntervalThatIsNoPowerOfTwo(int intervalBytes) {
    assertThrows(
        IllegalArgumentException.class, () -> SparseIndex.lengthBytes(65_536, intervalBytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -8, 0, 56, 65_537, (1 << 30) + 8})
  void shouldRefuseASegmentLengthOutOfRange(int segmentBytes) {
    assertThrows(IllegalArgumentException.class, () -> SparseIndex.lengthBytes(segmentBytes, 64));
  }

  private static HeaderCheck check(AtomicBuffer index) {
    return IndexHeader.check(index, 0xCAFE, 500, 65_536);
  }

  private static void assertUnusable(String part, HeaderCheck check) {
    String reason = assertInstanceOf(HeaderCheck.Unusable.class, check).reason();
    assertTrue(reason.contains(part), reason);
  }
}
