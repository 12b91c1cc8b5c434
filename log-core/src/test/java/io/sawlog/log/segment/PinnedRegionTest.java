package io.sawlog.log.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PinnedRegionTest {
  private final CountingRegion region = new CountingRegion();
  private final PinnedRegion pinned = new PinnedRegion(region);

  @Test
  void shouldUnmapAtOnceWhatNobodyPins() {
    pinned.release();

    assertEquals(1, region.unmapped());
  }

  @Test
  void shouldUnmapWhenTheLastOneLeaves() {
    assertTrue(pinned.tryPin());
    assertTrue(pinned.tryPin());
    pinned.release();
    assertEquals(0, region.unmapped());

    pinned.unpin();
    assertEquals(0, region.unmapped());
    pinned.unpin();

    assertEquals(1, region.unmapped());
  }

  @Test
  void shouldRefuseAPinOnceItIsReleased() {
    assertTrue(pinned.tryPin());
    pinned.release();

    assertFalse(pinned.tryPin());
    pinned.unpin();
    assertFalse(pinned.tryPin());

    assertEquals(1, region.unmapped());
  }

  @Test
  void shouldUnmapOnceHoweverOftenItIsReleased() {
    assertTrue(pinned.tryPin());
    pinned.release();
    pinned.release();
    pinned.unpin();
    pinned.release();

    assertEquals(1, region.unmapped());
  }

  @Test
  void shouldStayMappedWhileItIsPinnedAndUnpinned() {
    for (int i = 0; i < 10; i++) {
      assertTrue(pinned.tryPin());
      pinned.unpin();
    }

    assertEquals(0, region.unmapped());
  }
}
