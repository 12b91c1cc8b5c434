package io.sawlog.log.segment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What must never pass as a frame of this place. */
class FrameIntegrityTest {
  private static final int SALT = 0x1234_5678;
  private static final int FILE_END = 1 << 20;

  @Test
  void shouldNoticeEveryFlippedBitOfARecord() {
    byte[] frame = Frames.frame(SALT, 7, "some bytes of a record".getBytes(UTF_8));

    assertEveryFlipIsNoticed(frame, frame.length);
  }

  @Test
  void shouldNoticeEveryFlippedBitOfAnEnd() {
    byte[] frame = Frames.frame(FrameFormat.KIND_END, SALT, 7, 0);

    assertEveryFlipIsNoticed(frame, frame.length);
  }

  @Test
  void shouldNoticeEveryFlippedBitInTheHeaderOfAnAbortedFrame() {
    byte[] frame = Frames.frame(FrameFormat.KIND_ABORTED, SALT, 7, 3);

    assertEveryFlipIsNoticed(frame, FrameFormat.HEADER_LENGTH);
  }

  private static void assertEveryFlipIsNoticed(byte[] frame, int length) {
    assertEquals(FrameCheck.VALID, Frames.buffer(frame).check(0, FILE_END, SALT, 7));
    for (int bit = 0; bit < 8 * length; bit++) {
      byte[] flipped = frame.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);

      FrameCheck found = Frames.buffer(flipped).check(0, FILE_END, SALT, 7);

      assertNotEquals(FrameCheck.VALID, found, "bit " + bit);
    }
  }

  @Test
  void shouldAcceptAnAbortedFrameWhateverItsClaimLeftBehind() {
    byte[] frame = new byte[FrameFormat.HEADER_LENGTH + 64];
    FrameBuilder aborted = new FrameBuilder();
    aborted.completeWithoutRecords(FrameFormat.KIND_ABORTED, frame.length, 7, 1007, 3, 0, SALT);
    aborted.buffer().getBytes(0, frame, 0, FrameFormat.HEADER_LENGTH);
    frame[FrameFormat.HEADER_LENGTH + 5] = 42;

    assertEquals(FrameCheck.VALID, Frames.buffer(frame).check(0, FILE_END, SALT, 7));
  }

  @Test
  void shouldNeverPassAFrameOfAnotherSegmentOfTheSameOffset() {
    byte[] frame = Frames.frame(SALT + 1, 7, "old".getBytes(UTF_8));

    assertEquals(FrameCheck.BAD_CHECKSUM, Frames.buffer(frame).check(0, FILE_END, SALT, 7));
  }

  @Test
  void shouldNeverPassAFrameOfThisSegmentFromAnotherPlace() {
    byte[] frame = Frames.frame(SALT, 7, "early".getBytes(UTF_8));

    assertEquals(FrameCheck.WRONG_OFFSET, Frames.buffer(frame).check(0, FILE_END, SALT, 8));
    assertEquals(FrameCheck.WRONG_OFFSET, Frames.buffer(frame).check(0, FILE_END, SALT, 6));
  }

  @Test
  void shouldTakeAnEndThatNamesAnyLaterOffset() {
    byte[] end = Frames.frame(FrameFormat.KIND_END, SALT, 1L << 33, 0);

    assertEquals(FrameCheck.VALID, Frames.buffer(end).check(0, FILE_END, SALT, 1L << 33));
    assertEquals(FrameCheck.VALID, Frames.buffer(end).check(0, FILE_END, SALT, 7));
    assertEquals(
        FrameCheck.WRONG_OFFSET, Frames.buffer(end).check(0, FILE_END, SALT, (1L << 33) + 1));
  }

  @Test
  void shouldChangeNoByteWhileItChecks() {
    byte[] frame = Frames.frame(SALT, 7, "some bytes".getBytes(UTF_8));
    FrameBuffer buffer = Frames.buffer(frame);

    buffer.check(0, FILE_END, SALT + 1, 7);
    buffer.check(0, FILE_END, SALT, 9);

    byte[] after = new byte[frame.length];
    buffer.buffer().getBytes(0, after);
    assertArrayEquals(frame, after);
  }

  /** The disk is full, or a page of the mapping has gone: the stores of an append do not arrive. */
  @Test
  void shouldNeverPublishAGoodChecksumOverBytesThatDidNotArrive() {
    UnsafeBuffer lossy =
        new UnsafeBuffer(new byte[1 << 16]) {
          @Override
          public void putBytes(int index, DirectBuffer source, int sourceIndex, int length) {
            super.putBytes(index, source, sourceIndex, length);
            putByte(index + length - 1, (byte) ~getByte(index + length - 1));
          }
        };
    CountingRegion region =
        new CountingRegion(1 << 16) {
          @Override
          public UnsafeBuffer buffer() {
            return lossy;
          }
        };
    StressedSegment segment =
        new StressedSegment(1 << 16, 0, new AppendClock(() -> 1000, () -> {}), 0, region);

    segment.append(42);

    SegmentHeader header = segment.active.header();
    FrameBuffer copy = new FrameBuffer(1 << 12);
    segment.active.copyPublished(SegmentHeader.LENGTH, copy);
    assertEquals(
        FrameCheck.BAD_CHECKSUM,
        copy.check(SegmentHeader.LENGTH, header.capacity(), header.salt(), 0));
  }
}
