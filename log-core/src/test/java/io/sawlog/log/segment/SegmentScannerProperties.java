package io.sawlog.log.segment;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sawlog.log.file.DiskStorage;
import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Random frames, holes and garbage in a real file, against the list of what was put there. */
class SegmentScannerProperties {
  private static final int SALT = 77;
  private static final long BASE = 1000;

  enum Kind {
    FRAME,
    HOLE,
    GARBAGE,
    FOREIGN_FRAME,
    CLAIM
  }

  record Piece(Kind kind, int units) {
    int bytes() {
      return units * FrameFormat.ALIGNMENT;
    }
  }

  /** A segment file, and where its valid frames are. */
  static final class Layout {
    private final byte[] bytes;
    private final List<Integer> frames;
    private final List<Long> offsets;

    Layout(byte[] bytes, List<Integer> frames, List<Long> offsets) {
      this.bytes = bytes;
      this.frames = frames;
      this.offsets = offsets;
    }
  }

  @Property(tries = 60)
  void shouldFindEveryValidFrameAndNothingElse(
      @ForAll("pieces") List<Piece> pieces, @ForAll Random random) throws IOException {
    Layout layout = layout(pieces, random);
    onFile(
        layout,
        scanner -> {
          List<Integer> found = new ArrayList<>();
          int at = scanner.findValid(SegmentHeader.LENGTH, BASE);
          while (at != SegmentScanner.NOT_FOUND) {
            found.add(at);
            assertEquals(at, scanner.position());
            assertEquals(layout.offsets.get(found.size() - 1), scanner.baseOffset());
            at = scanner.findValid(at + scanner.length(), BASE);
          }
          assertEquals(layout.frames, found);
        });
  }

  @Property(tries = 60)
  void shouldFindTheNextWordThatIsNotZero(
      @ForAll("pieces") List<Piece> pieces, @ForAll Random random) throws IOException {
    Layout layout = layout(pieces, random);
    onFile(
        layout,
        scanner -> {
          for (int i = 0; i < 20; i++) {
            int from = 8 * random.nextInt(layout.bytes.length / 8 + 2);
            assertEquals(nextNonZero(layout.bytes, from), scanner.findNonZero(from));
          }
          assertEquals(0, scanner.findNonZero(0));
        });
  }

  @Property(tries = 60)
  void shouldFindNoFrameBelowTheLowestOffset(
      @ForAll("pieces") List<Piece> pieces, @ForAll Random random) throws IOException {
    Layout layout = layout(pieces, random);
    long lowest = BASE + random.nextInt(pieces.size() + 1);
    onFile(
        layout,
        scanner -> {
          int expected = SegmentScanner.NOT_FOUND;
          for (int i = layout.frames.size() - 1; i >= 0; i--) {
            expected = layout.offsets.get(i) >= lowest ? layout.frames.get(i) : expected;
          }
          assertEquals(expected, scanner.findValid(SegmentHeader.LENGTH, lowest));
        });
  }

  @Property(tries = 60)
  void shouldWalkOverFramesUntilSomethingElseFollows(
      @ForAll("pieces") List<Piece> pieces, @ForAll Random random) throws IOException {
    Layout layout = layout(pieces, random);
    int leading = 0;
    while (leading < pieces.size() && pieces.get(leading).kind() == Kind.FRAME) {
      leading++;
    }
    int frames = leading;
    onFile(
        layout,
        scanner -> {
          long offset = BASE;
          int walked = 0;
          while (scanner.check(offset) == FrameCheck.VALID) {
            assertEquals(layout.frames.get(walked++), scanner.position());
            offset = scanner.nextOffset();
            scanner.skip();
          }
          assertEquals(frames, walked);
        });
  }

  private static int nextNonZero(byte[] bytes, int from) {
    for (int at = from; at + 8 <= bytes.length; at += 8) {
      for (int i = at; i < at + 8; i++) {
        if (bytes[i] != 0) {
          return at;
        }
      }
    }
    return SegmentScanner.NOT_FOUND;
  }

  private interface Check {
    void on(SegmentScanner scanner) throws IOException;
  }

  private static void onFile(Layout layout, Check check) throws IOException {
    Path path = Files.createTempFile("scanner", ".log");
    try {
      writeSparse(path, layout.bytes);
      ByteBuffer header = ByteBuffer.wrap(layout.bytes, 0, SegmentHeader.LENGTH);
      try (StorageFile file = DiskStorage.open().open(path, Storage.Access.READ)) {
        check.on(new SegmentScanner(file, SegmentHeader.decode(header)));
      }
    } finally {
      Files.delete(path);
    }
  }

  /** Writes only the blocks that hold something, so that holes are holes. */
  private static void writeSparse(Path path, byte[] bytes) throws IOException {
    try (StorageFile file = DiskStorage.open().open(path, Storage.Access.WRITE)) {
      for (int at = 0; at < bytes.length; at += 4096) {
        int length = Math.min(4096, bytes.length - at);
        boolean last = at + length == bytes.length;
        if (last || nextNonZero(bytes, at) < at + 4096) {
          file.write(ByteBuffer.wrap(bytes, at, length), at);
        }
      }
    }
  }

  private static Layout layout(List<Piece> pieces, Random random) {
    List<byte[]> parts = new ArrayList<>();
    List<Integer> frames = new ArrayList<>();
    List<Long> offsets = new ArrayList<>();
    int position = SegmentHeader.LENGTH;
    long offset = BASE;
    for (Piece piece : pieces) {
      byte[] bytes = new byte[piece.bytes()];
      switch (piece.kind()) {
        case FRAME -> {
          random.nextBytes(bytes);
          bytes = Frames.frame(SALT, offset, bytes);
          frames.add(position);
          offsets.add(offset++);
        }
        case FOREIGN_FRAME -> bytes = Frames.frame(SALT + 1, offset, bytes);
        case GARBAGE -> random.nextBytes(bytes);
        case CLAIM -> ByteBuffer.wrap(bytes).order(LITTLE_ENDIAN).putInt(0, -bytes.length);
        case HOLE -> {
          // zeros
        }
      }
      parts.add(bytes);
      position += bytes.length;
    }
    ByteBuffer all = ByteBuffer.allocate(position);
    all.put(new SegmentHeader(new UUID(1, 2), 0, BASE, 0, position, SALT).encode());
    parts.forEach(all::put);
    return new Layout(all.array(), frames, offsets);
  }

  @Provide
  Arbitrary<List<Piece>> pieces() {
    Arbitrary<Kind> kind =
        Arbitraries.frequencyOf(
            Tuple.of(5, Arbitraries.just(Kind.FRAME)), Tuple.of(4, Arbitraries.of(Kind.class)));
    Arbitrary<Integer> units =
        Arbitraries.frequencyOf(
            Tuple.of(20, Arbitraries.integers().between(1, 600)),
            Tuple.of(1, Arbitraries.integers().between(1, 80_000)));
    return Combinators.combine(kind, units).as(Piece::new).list().ofMinSize(1).ofMaxSize(25);
  }
}
