package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sawlog.groups.SideLogReader.Kind;
import io.sawlog.groups.SideLogReader.Step;
import io.sawlog.log.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.agrona.concurrent.UnsafeBuffer;

class SideLogReaderProperties {
  private static final UUID ID = new UUID(1, 2);
  private final SideLogReader reader = new SideLogReader();

  private String words(Event event) {
    StepWriter out = new StepWriter();
    out.number(Fold.CHANGE);
    event.writeTo(out);
    return reader.read(out.buffer(), 0, out.length()).events().get(0);
  }

  @Example
  void shouldSayEachEventInWords() {
    OffsetRanges ranges = OffsetRanges.of(3, 6);
    ranges.add(9, 10);

    assertEquals(
        "created as a shared group, order KEY, commits WRITTEN, visibility PUBLISHED",
        words(
            new Event.Created(
                new GroupOptions(
                    GroupType.SHARED, Commits.WRITTEN, Visibility.PUBLISHED, Order.KEY))));
    assertEquals("topic 1-0 committed: goes on at 7", words(new PartitionEvent.Committed(1, 0, 7)));
    assertEquals("topic 1 is orders, id " + ID, words(new Event.TopicAdded(1, "orders", ID)));
    assertEquals("orders-0 committed: goes on at 7", words(new PartitionEvent.Committed(1, 0, 7)));
    assertEquals("orders-2 moved: goes on at 0", words(new PartitionEvent.Moved(1, 2, 0)));
    assertEquals("orders-0 leased 3-5 9", words(new PartitionEvent.Leased(1, 0, ranges)));
    assertEquals("orders-0 finished 3-5 9", words(new PartitionEvent.Finished(1, 0, ranges)));
    assertEquals("orders-0 given back 3-5 9", words(new PartitionEvent.Released(1, 0, ranges)));
    assertEquals(
        "orders-0 suspected, leased when a process ended, 3-5 9",
        words(new PartitionEvent.Suspected(1, 0, ranges)));
    assertEquals(
        "orders-0 failed 4, attempts so far 2", words(new PartitionEvent.Failed(1, 0, 4, 2)));
    assertEquals(
        "orders-0 given up 4, dead letter 8", words(new PartitionEvent.DeadLettered(1, 0, 4, 8)));
    assertEquals(
        "dead letters known below 9, redriven below 3", words(new Event.DeadCounted(9, 3)));
    assertEquals("dead letters redriven: 3-5 9", words(new Event.Redriven(ranges)));
    assertEquals("dead letters redriven: none", words(new Event.Redriven(new OffsetRanges())));
    assertEquals("dead-letters-0 finished 3-5 9", words(new PartitionEvent.Finished(0, 0, ranges)));
    assertEquals("opened for hosting, epoch 5: leases end", words(new Event.Opened(5)));
    assertEquals("paused", words(new Event.Paused(true)));
    assertEquals("not paused", words(new Event.Paused(false)));
    assertEquals("forgotten where it was in orders", words(new Event.TopicForgotten(1)));
    assertEquals("forgotten where it was in orders-2", words(new Event.PartitionForgotten(1, 2)));
  }

  @Example
  void shouldTellSnapshotsFromChanges() {
    MemoryGroup files = new MemoryGroup(null);
    Ledger ledger = Ledger.open("g", files);
    ledger.record(Events.beginning(), false);
    ledger.snapshot();
    List<Step> steps = new ArrayList<>();

    files.replay((buffer, at, length, offset) -> steps.add(reader.read(buffer, at, length)));

    assertEquals(
        List.of(Kind.SNAPSHOT_BEGIN, Kind.SNAPSHOT_PART, Kind.SNAPSHOT_END),
        steps.stream().map(Step::kind).toList());
    assertEquals(List.of(), steps.get(0).events());
    assertFalse(steps.get(1).events().isEmpty());
  }

  @Property(tries = 5000)
  void shouldRefuseWhatIsNoStepAndGoOn(@ForAll Random random) {
    StepWriter out = new StepWriter();
    out.number(Fold.CHANGE);
    Events.random(random).writeTo(out);
    byte[] bytes = new byte[out.length()];
    out.buffer().getBytes(0, bytes);
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    int length = random.nextInt(bytes.length + 1);

    try {
      Step unused = reader.read(new UnsafeBuffer(bytes), 0, length);
    } catch (IllegalArgumentException refused) {
      // the only way to refuse
    }

    assertEquals("paused", words(new Event.Paused(true)));
  }
}
