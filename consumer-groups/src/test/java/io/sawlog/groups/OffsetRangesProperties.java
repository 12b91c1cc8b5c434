package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class OffsetRangesProperties {
  private static final int LIMIT = 64;

  /** A change of a set of offsets. */
  record Change(boolean adds, int from, int length) {}

  @Property(tries = 2000)
  void shouldHoldWhatASetOfBitsHolds(@ForAll("changes") List<Change> changes) {
    OffsetRanges ranges = new OffsetRanges();
    BitSet model = new BitSet();

    for (Change change : changes) {
      int to = change.from() + change.length();
      if (change.adds()) {
        ranges.add(change.from(), to);
        model.set(change.from(), to);
      } else {
        ranges.remove(change.from(), to);
        model.clear(change.from(), to);
      }
      assertSame(model, ranges);
    }
  }

  private static void assertSame(BitSet model, OffsetRanges ranges) {
    assertEquals(model.cardinality(), ranges.count());
    assertEquals(model.isEmpty(), ranges.isEmpty());
    assertEquals(model.length(), ranges.end());
    for (int i = 0; i < LIMIT; i++) {
      assertEquals(model.get(i), ranges.contains(i), "offset " + i + " of " + ranges);
      assertEquals(model.nextClearBit(i), ranges.firstMissing(i));
      assertEquals(model.get(i / 2, i).cardinality(), ranges.count(i / 2, i));
    }
    for (int i = 1; i < ranges.rangeCount(); i++) {
      assertTrue(ranges.to(i - 1) < ranges.from(i), "ranges touch: " + ranges);
    }
    OffsetRanges rebuilt = new OffsetRanges();
    model.stream().forEach(offset -> rebuilt.add(offset, offset + 1));
    assertEquals(rebuilt, ranges);
    assertEquals(rebuilt.hashCode(), ranges.hashCode());
  }

  @Provide
  Arbitrary<List<Change>> changes() {
    return Combinators.combine(
            Arbitraries.of(true, false),
            Arbitraries.integers().between(0, LIMIT - 1),
            Arbitraries.integers().between(0, 20))
        .as(Change::new)
        .list()
        .ofMaxSize(40);
  }
}
