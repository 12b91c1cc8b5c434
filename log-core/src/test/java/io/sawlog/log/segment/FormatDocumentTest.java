package io.sawlog.log.segment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.index.IndexHeader;
import io.sawlog.index.SparseIndex;
import io.sawlog.log.file.MappedRegion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Holds that the annotated dump in docs/FORMAT.md is what the code writes. */
class FormatDocumentTest {
  private static final int CAPACITY = 4096;
  private static final SegmentHeader HEADER =
      new SegmentHeader(
          UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"), 3, 1000, 900, CAPACITY, 0x5A17);
  private static final long TIME = 1_700_000_000_000L;

  @Test
  void shouldWriteTheBytesThatTheFormatDocumentShows() throws IOException {
    byte[] documented = documentedBytes();

    byte[] written = exampleSegment();

    assertEquals(
        HexFormat.of().formatHex(written, 0, documented.length),
        HexFormat.of().formatHex(documented));
    assertTrue(documented.length > 2 * SegmentHeader.LENGTH, "the document shows no frames");
  }

  @Test
  void shouldReadTheBytesThatTheFormatDocumentShows() throws IOException {
    byte[] bytes = Arrays.copyOf(documentedBytes(), CAPACITY);

    FrameBuffer frames = new FrameBuffer(CAPACITY);
    frames.copy(new UnsafeBuffer(bytes), 0, CAPACITY);
    FrameCheck first = frames.check(64, CAPACITY, HEADER.salt(), 1000);
    RecordCursor record = new RecordCursor();
    record.reset(frames.buffer(), 64);
    record.next();
    int second = 64 + FrameFormat.length(frames.buffer(), 64);

    assertEquals(SegmentHeader.Check.VALID, SegmentHeader.check(ByteBuffer.wrap(bytes)));
    assertEquals(HEADER, SegmentHeader.decode(ByteBuffer.wrap(bytes)));
    assertEquals(FrameCheck.VALID, first);
    assertEquals("order-1", text(frames, record.valuePosition(), record.valueLength()));
    assertEquals("alice", text(frames, record.keyPosition(), record.keyLength()));
    assertEquals(FrameCheck.VALID, frames.check(second, CAPACITY, HEADER.salt(), 1002));
    assertEquals(FrameFormat.KIND_END, FrameFormat.kind(frames.buffer(), second));
  }

  private static String text(FrameBuffer frames, int position, int length) {
    byte[] bytes = new byte[length];
    frames.buffer().getBytes(position, bytes);
    return new String(bytes, UTF_8);
  }

  /** The bytes of all lines of the document that begin with an address. */
  private static byte[] documentedBytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String line : Files.readAllLines(Path.of("..", "docs", "FORMAT.md"))) {
      if (line.matches("[0-9a-f]{4}  ([0-9a-f]{2} )+.*")) {
        assertEquals(Integer.parseInt(line.substring(0, 4), 16), bytes.size(), line);
        String hex = line.substring(6).split("  ", 2)[0].replace(" ", "");
        bytes.writeBytes(HexFormat.of().parseHex(hex));
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] exampleSegment() {
    byte[] bytes = new byte[CAPACITY];
    HEADER.encode().get(bytes, 0, SegmentHeader.LENGTH);
    IndexHeader indexHeader = new IndexHeader(HEADER.salt(), HEADER.baseOffset(), CAPACITY, 4096);
    Region index =
        new Region(new UnsafeBuffer(ByteBuffer.allocateDirect(indexHeader.indexBytes())));
    ActiveSegment segment =
        new ActiveSegment(
            HEADER,
            new PinnedRegion(new Region(new UnsafeBuffer(bytes))),
            new PinnedRegion(index),
            new SparseIndex(index.buffer(), indexHeader),
            SegmentHeader.LENGTH,
            0,
            new AppendClock(() -> TIME, () -> {}),
            0);
    FrameBuilder frame = new FrameBuilder();
    frame.add("alice".getBytes(UTF_8), "order-1".getBytes(UTF_8));
    frame.add(
        TIME - 5,
        null,
        "order-2".getBytes(UTF_8),
        new byte[][] {"source".getBytes(UTF_8)},
        new byte[][] {"web".getBytes(UTF_8)});
    segment.append(frame);
    segment.writeEnd(segment.close());
    return bytes;
  }

  private record Region(UnsafeBuffer buffer) implements MappedRegion {
    @Override
    public void force(int position, int length) {
      // memory only
    }

    @Override
    public void populate(int position, int length) {
      // memory only
    }

    @Override
    public void allowLargePieces(int position) {
      // memory only
    }

    @Override
    public void unmap() {
      // memory only
    }
  }
}
