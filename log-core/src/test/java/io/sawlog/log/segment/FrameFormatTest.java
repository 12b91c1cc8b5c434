package io.sawlog.log.segment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class FrameFormatTest {
  private static final int SALT = 0x0BADCAFE;

  /** Of one record with key {@code k} and value {@code value}, and how it was made. */
  private static final String GOLDEN =
      "30000000" // length 48
          + "@@@@@@@@" // crc32c
          + "0807060504030201" // base offset
          + "0068e5cf8b010000" // append time 1,700,000,000,000
          + "0100" // one record
          + "01" // DATA
          + "00" // attributes
          + "40000000" // durable up to byte 512
          + "03" // key and value
          + "016b" // k
          + "0576616c7565" // value
          + "00000000000000";

  @Test
  void shouldPutTheFieldsOneBehindTheOtherUpToTheHeaderLength() {
    int[][] fields = {
      {FrameFormat.LENGTH_FIELD, Integer.BYTES},
      {FrameFormat.CRC_FIELD, Integer.BYTES},
      {FrameFormat.BASE_OFFSET_FIELD, Long.BYTES},
      {FrameFormat.APPEND_TIME_FIELD, Long.BYTES},
      {FrameFormat.RECORD_COUNT_FIELD, Short.BYTES},
      {FrameFormat.KIND_FIELD, Byte.BYTES},
      {FrameFormat.ATTRIBUTES_FIELD, Byte.BYTES},
      {FrameFormat.DURABLE_FIELD, Integer.BYTES}
    };

    int next = 0;
    for (int[] field : fields) {
      assertEquals(next, field[0]);
      next += field[1];
    }

    assertEquals(FrameFormat.HEADER_LENGTH, next);
    assertEquals(0, FrameFormat.HEADER_LENGTH % FrameFormat.ALIGNMENT);
  }

  @Test
  void shouldWriteTheGoldenBytes() {
    FrameBuilder frame = new FrameBuilder();
    frame.add("k".getBytes(UTF_8), "value".getBytes(UTF_8));

    frame.complete(0x0102030405060708L, 1_700_000_000_000L, 64, SALT);

    byte[] bytes = new byte[frame.length()];
    frame.buffer().getBytes(0, bytes);
    assertEquals(withChecksum(GOLDEN), HexFormat.of().formatHex(bytes));
  }

  /** Computes the checksum as the document says, not as the code does. */
  private static String withChecksum(String golden) {
    byte[] bytes = HexFormat.of().parseHex(golden.replace("@@@@@@@@", "fecaad0b"));
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    ByteBuffer field = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    field.putInt((int) crc.getValue());
    return golden.replace("@@@@@@@@", HexFormat.of().formatHex(field.array()));
  }

  @Test
  void shouldReadEveryFieldBack() {
    UnsafeBuffer frame = new UnsafeBuffer(new byte[FrameFormat.HEADER_LENGTH + 8]);
    byte[] header =
        HexFormat.of().parseHex("30000000efbeadde0807060504030201f6ffffffffffffffffff03ff00000008");
    frame.putBytes(8, header);

    assertEquals(48, FrameFormat.length(frame, 8));
    assertEquals(0xDEADBEEF, FrameFormat.crc(frame, 8));
    assertEquals(0x0102030405060708L, FrameFormat.baseOffset(frame, 8));
    assertEquals(-10, FrameFormat.appendTime(frame, 8));
    assertEquals(FrameFormat.MAX_RECORD_COUNT, FrameFormat.recordCount(frame, 8));
    assertEquals(FrameFormat.KIND_END, FrameFormat.kind(frame, 8));
    assertEquals(255, FrameFormat.attributes(frame, 8));
    assertEquals(1 << 30, FrameFormat.durablePosition(frame, 8));
  }

  @Test
  void shouldRoundLengthsUpToTheAlignment() {
    assertEquals(0, FrameFormat.align(0));
    assertEquals(8, FrameFormat.align(1));
    assertEquals(8, FrameFormat.align(8));
    assertEquals(16, FrameFormat.align(9));
  }
}
