package io.sawlog.log;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A partition as it is, with places where a test can step in. */
class ForwardingView implements PartitionView {
  private final PartitionView view;

  ForwardingView(PartitionView view) {
    this.view = view;
  }

  @Override
  public PartitionPlace place() {
    return view.place();
  }

  @Override
  public int indexIntervalBytes() {
    return view.indexIntervalBytes();
  }

  @Override
  public Segments segments() {
    return view.segments();
  }

  @Override
  public @Nullable Segment segmentStartingAt(long baseOffset) throws IOException {
    return view.segmentStartingAt(baseOffset);
  }

  @Override
  public long logStartOffset() {
    return view.logStartOffset();
  }

  @Override
  public long logEndOffset() throws IOException {
    return view.logEndOffset();
  }

  @Override
  public long totalRecordCount() throws IOException {
    return view.totalRecordCount();
  }

  @Override
  public long durableOffset() throws IOException {
    return view.durableOffset();
  }

  @Override
  public boolean isVisible(long offset, Visibility visibility) throws IOException {
    return view.isVisible(offset, visibility);
  }

  @Override
  public long knownEnd() throws IOException {
    return view.knownEnd();
  }

  @Override
  public RecoveryPlan.@Nullable Abort abortAt(Segment segment, int position) {
    return view.abortAt(segment, position);
  }

  @Override
  public void refresh() throws IOException {
    view.refresh();
  }

  @Override
  public void stalled() throws IOException {
    view.stalled();
  }

  @Override
  public void checkOpen() {
    view.checkOpen();
  }
}
