package io.sawlog.index;

import java.util.Optional;

/**
 * Compares an index with its segment: is given the frames of the segment in order, from the first
 * one, just as {@link SparseIndex#onFrame} was, and keeps the first entry that says something else.
 *
 * <p>Stricter than checking that the entries grow and point at frames: what should be in a slot is
 * known exactly. Slots behind the last frame given are not looked at, nor is anything written. For
 * one thread.
 */
public final class IndexAudit {

  private final SparseIndex index;
  private Optional<Contradiction> firstContradiction = Optional.empty();
  private int matchingEntries;
  private int missingEntries;

  /**
   * An entry that differs from what the log says.
   *
   * @param found the entry in the index
   * @param expected the entry that belongs in that slot
   */
  public record Contradiction(IndexEntry found, IndexEntry expected) {}

  /**
   * Starts an audit.
   *
   * @param index the index to look at
   */
  public IndexAudit(SparseIndex index) {
    this.index = index;
  }

  /**
   * Looks at the slots that a frame owns.
   *
   * @param framePosition start of the frame in bytes
   * @param nextFramePosition end of the frame in bytes
   * @param nextRelativeOffset offset behind the last record of the frame, minus the base offset
   * @param appendTime append time of the frame, epoch ms
   */
  public void onFrame(
      int framePosition, int nextFramePosition, int nextRelativeOffset, long appendTime) {
    int last = Math.min(index.slotAtOrBefore(nextFramePosition), index.slotCount() - 1);
    for (int slot = index.slotAtOrBefore(framePosition) + 1; slot <= last; slot++) {
      compare(new IndexEntry(slot, nextRelativeOffset, nextFramePosition, appendTime));
    }
  }

  private void compare(IndexEntry expected) {
    if (index.isEmpty(expected.slot())) {
      missingEntries++;
      return;
    }
    IndexEntry found = index.entry(expected.slot());
    if (found.equals(expected)) {
      matchingEntries++;
    } else if (firstContradiction.isEmpty()) {
      firstContradiction = Optional.of(new Contradiction(found, expected));
    }
  }

  /** Returns the contradiction in the lowest slot; empty if there is none so far. */
  public Optional<Contradiction> firstContradiction() {
    return firstContradiction;
  }

  /** Returns how many slots held what they should. */
  public int matchingEntries() {
    return matchingEntries;
  }

  /** Returns how many slots were empty but should not be: harmless, look-ups scan further. */
  public int missingEntries() {
    return missingEntries;
  }
}
