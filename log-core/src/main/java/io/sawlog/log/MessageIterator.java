package io.sawlog.log;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Copies of the records of one or more partitions, merged by append time, up to the log end. */
final class MessageIterator implements Iterator<Message> {
  private final PriorityQueue<Source> sources =
      new PriorityQueue<>(
          Comparator.comparingLong((Source source) -> source.head().appendTime())
              .thenComparingInt(source -> source.head().partition()));

  private @Nullable Source taken;

  MessageIterator(List<Partition> partitions, Position start) {
    List<Source> opened = new ArrayList<>();
    try {
      for (Partition partition : partitions) {
        Source source = new Source(partition, start);
        opened.add(source);
        if (source.advance()) {
          sources.add(source);
        }
      }
    } catch (RuntimeException e) {
      opened.forEach(Source::close);
      throw e;
    }
  }

  @Override
  public boolean hasNext() {
    advance();
    return !sources.isEmpty();
  }

  @Override
  public Message next() {
    advance();
    Source source = sources.poll();
    if (source == null) {
      throw new NoSuchElementException("the log end was reached");
    }
    taken = source;
    return source.head();
  }

  /**
   * Looks for the successor of the last message when it is asked for, and as often as that fails.
   */
  private void advance() {
    Source source = taken;
    if (source != null) {
      if (source.advance()) {
        sources.add(source);
      }
      taken = null;
    }
  }

  private static final class Source {
    private final Tailer tailer;
    private final long end;
    private @Nullable Message head;

    Source(Partition partition, Position start) {
      end = partition.logEndOffset();
      tailer = partition.tailer(start);
    }

    Message head() {
      if (head == null) {
        throw new IllegalStateException("advance() was not called, or returned false");
      }
      return head;
    }

    /**
     * Takes the next record; at the end, or if that fails, the tailer is closed. Many iterators are
     * not used up, so no file stays open meanwhile.
     */
    boolean advance() {
      head = null;
      boolean found = false;
      try {
        found =
            tailer.position() < end
                && tailer.poll(view -> head = view.copy(), 1) == 1
                && head().offset() < end;
      } finally {
        if (found) {
          tailer.rest();
        } else {
          tailer.close();
        }
      }
      return found;
    }

    void close() {
      tailer.close();
    }
  }
}
