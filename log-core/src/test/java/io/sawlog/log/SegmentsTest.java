package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.sawlog.log.segment.SegmentHeader;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SegmentsTest {
  @Test
  void shouldStaySortedWhateverOrderTheyAreFoundIn() {
    Segments segments = new Segments();
    segments.set(List.of(segment(0), segment(10)));
    Segment last = segment(30);
    Segment between = segment(20);

    segments.add(last);
    segments.add(between);

    assertSame(between, segments.floor(25));
    assertSame(last, segments.after(between));
    assertSame(last, segments.last());
    assertEquals(4, segments.all().size());
  }

  private static Segment segment(long baseOffset) {
    SegmentHeader header = new SegmentHeader(new UUID(0, 1), 0, baseOffset, baseOffset, 1 << 16, 7);
    return new Segment(Path.of(SegmentHeader.fileName(baseOffset)), header);
  }
}
