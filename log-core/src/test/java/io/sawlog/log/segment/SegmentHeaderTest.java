package io.sawlog.log.segment;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sawlog.log.segment.SegmentHeader.Check;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class SegmentHeaderTest {
  private static final UUID TOPIC = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
  private static final SegmentHeader HEADER =
      new SegmentHeader(TOPIC, 7, 0x0102030405060708L, 99, 1 << 20, 0x5A17_C0DE);

  private static final String GOLDEN =
      "5341574c4f471a0a" // SAWLOG
          + "01000000" // version
          + "07000000" // partition
          + "7766554433221100" // topic id
          + "ffeeddccbbaa9988"
          + "0807060504030201" // base offset
          + "6300000000000000" // records before
          + "00001000" // capacity
          + "dec0175a" // salt
          + "00000000"; // reserved

  @Test
  void shouldWriteTheGoldenBytes() {
    byte[] bytes = HEADER.encode().array();

    assertEquals(SegmentHeader.LENGTH, bytes.length);
    assertEquals(GOLDEN, HexFormat.of().formatHex(bytes, 0, SegmentHeader.LENGTH - Integer.BYTES));
  }

  @Test
  void shouldReadBackWhatItWrote() {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      SegmentHeader header =
          new SegmentHeader(
              new UUID(random.nextLong(), random.nextLong()),
              random.nextInt(),
              random.nextLong(),
              random.nextLong(),
              random.nextInt(),
              random.nextInt());

      ByteBuffer bytes = header.encode();

      assertEquals(Check.VALID, SegmentHeader.check(bytes));
      assertEquals(header, SegmentHeader.decode(bytes));
    }
  }

  @Test
  void shouldNoticeEveryFlippedBit() {
    for (int bit = 0; bit < 8 * SegmentHeader.LENGTH; bit++) {
      byte[] bytes = HEADER.encode().array();
      bytes[bit / 8] ^= (byte) (1 << bit % 8);

      assertNotEquals(Check.VALID, SegmentHeader.check(ByteBuffer.wrap(bytes)), "bit " + bit);
    }
  }

  @Test
  void shouldTakeAVersionForNewerOnlyIfTheChecksumMatches() {
    ByteBuffer torn = HEADER.encode().put(8, (byte) 2);
    ByteBuffer newer = torn.duplicate().order(LITTLE_ENDIAN);
    CRC32C crc = new CRC32C();
    crc.update(newer.duplicate().limit(60));

    assertEquals(Check.BAD_CHECKSUM, SegmentHeader.check(torn));

    newer.putInt(60, (int) crc.getValue());

    assertEquals(Check.UNKNOWN_VERSION, SegmentHeader.check(newer));
  }

  @Test
  void shouldNotTakeAForeignFileForASegment() {
    byte[] text = "#!/bin/sh\n".repeat(10).getBytes(US_ASCII);

    assertEquals(Check.NOT_A_SEGMENT, SegmentHeader.check(ByteBuffer.wrap(text)));
    assertEquals(
        Check.NOT_A_SEGMENT, SegmentHeader.check(ByteBuffer.allocate(SegmentHeader.LENGTH)));
  }

  @Test
  void shouldNotTakeAShortFileForASegment() {
    for (int length = 0; length < SegmentHeader.LENGTH; length++) {
      ByteBuffer bytes = HEADER.encode().limit(length);

      assertEquals(Check.NOT_A_SEGMENT, SegmentHeader.check(bytes));
    }
  }

  @Test
  void shouldNameFilesSoThatTheySortAsTheirOffsetsDo() {
    assertEquals("00000000000000000000.log", SegmentHeader.fileName(0));
    assertEquals("00000000002147483648.log", SegmentHeader.fileName(1L << 31));
    assertEquals("09223372036854775807.log", SegmentHeader.fileName(Long.MAX_VALUE));
  }
}
