package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.file.MappedRegion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the memory of a segment comes in large pieces, and when it stops to. */
class PagesAheadTest {
  private static final TopicConfig CONFIG =
      TopicConfig.defaults().segmentBytes(64 << 20).flushPolicy(FlushPolicy.onRequest());

  private final List<String> largePieces = new ArrayList<>();
  private long populatedBytes;

  private final class WatchedStorage extends HookedStorage {
    @Override
    MappedRegion mapped(Path file, MappedRegion region) {
      return new HookedRegion(region) {
        @Override
        public void allowLargePieces(int position) {
          largePieces.add(position + " of " + segments());
          super.allowLargePieces(position);
        }

        @Override
        public void populate(int position, int length) {
          if (isSegment(file)) {
            populatedBytes += length;
          }
          super.populate(position, length);
        }
      };
    }
  }

  private SmallStore store;

  private int segments() {
    return store.partition.segments().size();
  }

  private void appendBytes(long bytes) {
    for (long left = bytes; left > 0; left -= 64 << 10) {
      store.append(64 << 10);
    }
  }

  /** Fills segments until there is one that a burst does not fill, with the keeper at work. */
  private void open(Path directory) {
    store = new SmallStore(directory, new WatchedStorage(), CONFIG);
    for (int i = 0; i < 70; i++) {
      appendBytes(1 << 20);
      store.background.keep();
    }
    largePieces.clear();
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void outrunTheKeeper() {
    store.background.keep();
    appendBytes(PagesAhead.AHEAD + (1 << 20));
    store.background.keep();
  }

  @Test
  void shouldAllowLargePiecesOncePerSegmentWhenProducersOutrunTheKeeper(@TempDir Path directory) {
    open(directory);
    outrunTheKeeper();
    outrunTheKeeper();

    assertEquals(1, largePieces.size(), "allowed: " + largePieces);
  }

  @Test
  void shouldTouchFewPagesForAFewRecords(@TempDir Path directory) {
    store = new SmallStore(directory, new WatchedStorage(), CONFIG);

    for (int i = 0; i < 100; i++) {
      store.append(100);
      store.background.keep();
    }

    assertTrue(populatedBytes > 0);
    assertTrue(populatedBytes <= 64 << 10, populatedBytes + " bytes for 100 records");
  }

  @Test
  void shouldGoFurtherAheadTheMoreIsAppended(@TempDir Path directory) {
    store = new SmallStore(directory, new WatchedStorage(), CONFIG);

    for (int appended = 0; appended < 32 << 20; appended += 64 << 10) {
      store.append(64 << 10);
      while (store.background.keep() > 0) {
        // until nothing is due
      }
    }

    assertTrue(populatedBytes >= (32 << 20) + PagesAhead.AHEAD / 2, "populated: " + populatedBytes);
    assertEquals(List.of(), largePieces);
  }

  @Test
  void shouldKeepToSinglePagesWhileTheKeeperIsAhead(@TempDir Path directory) {
    open(directory);
    for (int i = 0; i < 20; i++) {
      store.background.keep();
      appendBytes(1 << 20);
    }

    assertEquals(List.of(), largePieces);
  }

  @Test
  void shouldRollWhenAFlushIsSmallAfterABurst(@TempDir Path directory) {
    open(directory);
    outrunTheKeeper();
    store.partition.flush();
    store.background.keep();
    int before = segments();

    store.partition.appendSynced(null, new byte[10]);
    store.background.keep();

    assertEquals(before + 1, segments(), "the next small flush would write a large piece again");
    long offset = store.partition.appendSynced(null, new byte[10]);
    store.background.keep();
    assertEquals(before + 1, segments(), "and that is over now");
    assertTrue(offset > 0);
  }

  @Test
  void shouldKeepToSinglePagesWhileFlushesAreSmall(@TempDir Path directory) {
    open(directory);
    store.partition.flush();
    store.partition.appendSynced(null, new byte[10]);

    outrunTheKeeper();

    assertEquals(List.of(), largePieces);
  }
}
