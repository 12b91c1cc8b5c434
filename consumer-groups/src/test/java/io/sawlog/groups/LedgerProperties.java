package io.sawlog.groups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class LedgerProperties {
  @Property(tries = 2000)
  void shouldReadEveryEventAsItWasWritten(@ForAll Random random) {
    Event event = Events.random(random);
    StepWriter out = new StepWriter();

    event.writeTo(out);
    StepReader in = new StepReader(out.buffer(), 0, out.length());

    assertEquals(event, Event.read(in));
    assertFalse(in.hasNext());
  }

  @Property(tries = 1000)
  void shouldBeTheFoldOfItsLogAtEveryStep(@ForAll Random random) {
    MemoryGroup files = new MemoryGroup(null);
    Ledger ledger = Ledger.open("g", files);
    ledger.record(Events.beginning(), false);

    for (int i = 0; i < 30; i++) {
      switch (random.nextInt(8)) {
        case 0 -> ledger.snapshot();
        case 1 -> ledger = Ledger.open("g", files);
        case 2 -> ledger.record(List.of(Events.random(random), Events.random(random)), true);
        default -> ledger.record(Events.random(random), false);
      }
      Fold fold = new Fold("g");
      files.replay(fold);
      assertEquals(ledger.state().events(), fold.state().events());
    }
  }

  @Property(tries = 1000)
  void shouldRebuildTheStateFromASnapshotAlone(@ForAll Random random) {
    Ledger ledger = Ledger.open("g", new MemoryGroup(null));
    ledger.record(Events.beginning(), false);
    for (int i = 0; i < 40; i++) {
      ledger.record(Events.random(random), false);
    }
    GroupState rebuilt = new GroupState();

    ledger.state().events().forEach(event -> event.applyTo(rebuilt));

    assertEquals(ledger.state().events(), rebuilt.events());
  }

  @Property(tries = 500)
  void shouldIgnoreASnapshotThatWasNotFinished(@ForAll Random random) {
    MemoryGroup files = new MemoryGroup(null);
    Ledger ledger = Ledger.open("g", files);
    ledger.record(Events.beginning(), true);
    for (int i = 0; i < 20; i++) {
      ledger.record(Events.random(random), true);
    }
    final List<Event> before = ledger.state().events();
    final int size = files.size();
    SideLog unreleased =
        new SideLog() {
          @Override
          public long append(org.agrona.DirectBuffer buffer, int length, boolean synced) {
            return files.append(buffer, length, synced);
          }

          @Override
          public void replay(Steps steps) {
            files.replay(steps);
          }

          @Override
          public void releaseBefore(long offset) {
            // the power goes before anything is let go
          }
        };
    Ledger.open("g", unreleased).snapshot();
    int written = files.size() - size;

    files.cutPower(1 + random.nextInt(written));
    Ledger reopened = Ledger.open("g", files);

    assertEquals(before, reopened.state().events());
    Event next = Events.random(random);
    reopened.record(next, false);
    assertEquals(reopened.state().events(), Ledger.open("g", files).state().events());
  }

  @Example
  void shouldRefuseWhatANewerVersionWrote() {
    MemoryGroup files = new MemoryGroup(null);
    StepWriter step = new StepWriter();
    step.number(Fold.CHANGE);
    step.number(99);
    files.append(step.buffer(), step.length(), false);

    GroupMismatchException refused =
        assertThrows(GroupMismatchException.class, () -> Ledger.open("g", files));

    assertTrue(refused.getMessage().contains("newer version"), refused.getMessage());
  }

  @Example
  void shouldBlameTheOnlyRecordThatWasLeasedWhenTheProcessEnded() {
    MemoryGroup files = new MemoryGroup(null);
    Ledger ledger = Ledger.open("g", files);
    ledger.record(Events.beginning(), false);
    ledger.record(new PartitionEvent.Leased(1, 0, OffsetRanges.of(7, 8)), false);

    ledger.record(new Event.Opened(2), false);

    assertEquals(1, ledger.state().progressOf(1, 0).failures(7));
    assertTrue(ledger.state().progressOf(1, 0).suspects().contains(7));
  }

  @Example
  void shouldBlameNobodyWhereSeveralWereLeased() {
    MemoryGroup files = new MemoryGroup(null);
    Ledger ledger = Ledger.open("g", files);
    ledger.record(Events.beginning(), false);
    ledger.record(new PartitionEvent.Leased(1, 0, OffsetRanges.of(7, 9)), false);

    ledger.record(new Event.Opened(2), false);

    assertEquals(0, ledger.state().progressOf(1, 0).failures(7));
    assertEquals(OffsetRanges.of(7, 9), ledger.state().progressOf(1, 0).suspects());
    assertTrue(ledger.state().progressOf(1, 0).leased().isEmpty());
  }
}
