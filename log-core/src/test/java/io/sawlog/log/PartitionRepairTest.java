package io.sawlog.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sawlog.log.file.Storage;
import io.sawlog.log.file.StorageFile;
import io.sawlog.log.sim.SimulatedCrash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionRepairTest {
  private DamagedStore store = new DamagedStore(new SplittableRandom(7), 4, true, false);
  private final List<Long> all = LongStream.range(0, store.endOffset).boxed().toList();

  @Test
  void shouldPlanNothingForAGoodPartition() {
    PartitionRepair plan = store.plan();

    assertEquals(List.of(), plan.steps());
    assertEquals(List.of(), plan.obstacles());
  }

  @Test
  void shouldChangeNothingWhenItOnlyPlans() throws IOException {
    DamagedStore.Frame frame = store.framesOf(store.segments.get(1)).get(5);
    store.flipBit(frame.file(), frame.position() + 40);
    long before = store.disk.mutations();

    PartitionRepair plan = store.plan();

    assertEquals(1, plan.steps().size());
    assertEquals(before, store.disk.mutations());
  }

  @Test
  void shouldLoseOnlyTheRecordOfADamagedFrameAndKeepItsBytes() throws IOException {
    DamagedStore.Frame frame = store.framesOf(store.segments.get(1)).get(5);
    store.flipBit(frame.file(), frame.position() + 40);
    byte[] damaged = read(frame.file(), frame.position(), frame.length());

    RepairStep step = store.plan().steps().get(0);
    store.repair();

    assertEquals(frame.offset(), step.firstOffset());
    assertEquals(frame.offset() + 1, step.nextOffset());
    assertEquals(frame.position(), step.position());
    assertEquals(without(frame.offset(), frame.offset() + 1), store.check());
    assertTrue(Arrays.equals(damaged, read(step.keptIn(), 0, frame.length())));
    assertEquals(List.of(), store.plan().steps());
  }

  @Test
  void shouldCoverManyFramesInOne() {
    List<DamagedStore.Frame> frames = store.framesOf(store.segments.get(2));
    store.overwrite(
        store.segments.get(2), frames.get(3).position(), frames.get(20).position(), 0xEE);

    store.repair();

    assertEquals(without(frames.get(3).offset(), frames.get(20).offset()), store.check());
  }

  @Test
  void shouldWriteALostHeaderAnewFromItsNeighboursAndItsIndex() {
    store.overwrite(store.segments.get(1), 0, 64, 0);
    store.overwrite(store.segments.get(2), 0, 64, 0xFF);

    store.repair();

    assertEquals(all, store.check());
    assertEquals(List.of(), store.plan().steps());
  }

  @Test
  void shouldPutASegmentInThePlaceOfAMissingOne() {
    long from = store.framesOf(store.segments.get(1)).get(0).offset();
    long to = store.framesOf(store.segments.get(2)).get(0).offset();
    store.delete(store.segments.get(1));

    RepairStep step = store.plan().steps().get(0);
    store.repair();

    assertEquals(from, step.firstOffset());
    assertEquals(to, step.nextOffset());
    assertEquals(without(from, to), store.check());
    assertEquals(List.of(), store.plan().steps());
  }

  @Test
  void shouldReplaceASegmentWithoutHeaderAndIndexAndKeepTheFile() throws IOException {
    Path lost = store.segments.get(1);
    store.overwrite(lost, 0, 64, 0);
    store.framesOf(lost).forEach(frame -> store.mayBeLost.add(frame.offset()));
    store.disk.delete(IndexFile.beside(lost));

    List<RepairStep> steps = store.plan().steps();
    store.repair();

    assertEquals(2, steps.size());
    assertTrue(store.disk.exists(steps.get(0).keptIn()), steps.toString());
    assertEquals(all.size() - store.framesOf(lost).size() + 1, store.check().size());
  }

  @Test
  void shouldEndASegmentThatHasLostItsEnd() {
    List<DamagedStore.Frame> frames = store.framesOf(store.segments.get(1));
    DamagedStore.Frame lastRecord = frames.get(frames.size() - 2);
    store.overwrite(
        lastRecord.file(),
        lastRecord.position(),
        lastRecord.position() + lastRecord.length(),
        0xAA);
    store.overwrite(lastRecord.file(), frames.get(frames.size() - 1).position(), 64 << 10, 0xAA);

    store.repair();

    assertEquals(without(lastRecord.offset(), lastRecord.offset() + 1), store.check());
    assertEquals(List.of(), store.plan().steps());
  }

  @Test
  void shouldStartTheLogWhereItsFirstSegmentIsLost() {
    long second = store.framesOf(store.segments.get(1)).get(0).offset();
    store.delete(store.segments.get(0));

    store.repair();

    assertEquals(without(0, second), store.check());
  }

  @Test
  void shouldCutTheLogWhereItsLastSegmentIsLostAndGiveNoOffsetOutAgain() {
    long last = store.framesOf(store.segments.get(3)).get(0).offset();
    store.delete(store.segments.get(3));

    PartitionRepair plan = store.plan();
    store.repair();

    assertEquals(last, plan.steps().get(0).firstOffset());
    assertEquals(store.endOffset, plan.steps().get(0).nextOffset());
    assertEquals(without(last, store.endOffset), store.check());
    assertTrue(store.check().size() > last, "it must be possible to open it again and again");
  }

  @Test
  void shouldGiveNoOffsetOutAgainWhereOnlyTheNameOfAnIndexTellsOfIt() {
    store = new DamagedStore(new SplittableRandom(7), 2, true, true);
    store.writeBack();
    List<Path> segments = store.segments;
    store.overwrite(segments.get(0), 0, 64 << 10, 0);
    segments.subList(1, segments.size()).forEach(store::delete);
    store.disk.damage(
        DamagedStore.PARTITION.resolve(PartitionMeta.FILE_NAME),
        bytes -> Arrays.fill(bytes, (byte) 0xEE));

    store.repair();

    store.check();
  }

  @Test
  void shouldNotTakeTornBytesOfTheMetaFileForANewerVersion() {
    store.disk.damage(
        DamagedStore.PARTITION.resolve(PartitionMeta.FILE_NAME), bytes -> bytes[8] ^= 2);

    assertEquals(List.of(), store.plan().obstacles());
    store.repair();

    assertEquals(all, store.check());
  }

  /** The next append would overwrite its second half. */
  @Test
  void shouldNotTakeTheCopyOfAFrameThatLiesAcrossTheEndForOneOfTheLog() {
    DamagedStore.Frame[] lastTwo = lastTwoOf(store);
    for (long seed = 1; lastTwo[0].length() <= lastTwo[1].length(); seed++) {
      store = new DamagedStore(new SplittableRandom(seed), 2, true, false);
      lastTwo = lastTwoOf(store);
    }
    DamagedStore.Frame lost = lastTwo[0];
    int target = lastTwo[1].position();
    store.damage(
        lost.file(),
        target,
        target + lost.length(),
        bytes -> System.arraycopy(bytes, lost.position(), bytes, target, lost.length()));
    store.flipBit(lost.file(), lost.position() + 1);

    store.repair();

    store.check();
    store.check();
  }

  private static DamagedStore.Frame[] lastTwoOf(DamagedStore store) {
    List<DamagedStore.Frame> frames = store.framesOf(store.segments.get(store.segments.size() - 1));
    return frames.subList(frames.size() - 2, frames.size()).toArray(DamagedStore.Frame[]::new);
  }

  @Test
  void shouldCutTheLogAtADamagedTail() {
    List<DamagedStore.Frame> frames = store.framesOf(store.segments.get(3));
    DamagedStore.Frame last = frames.get(frames.size() - 1);
    store.flipBit(last.file(), last.position() + 1);

    store.repair();

    assertEquals(without(last.offset(), store.endOffset), store.check());
    assertEquals(List.of(), store.plan().steps());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void shouldMakeTheMetaFileAnewFromWhateverIsLeft(int damagedPages) {
    Path meta = DamagedStore.PARTITION.resolve(PartitionMeta.FILE_NAME);
    if (damagedPages == 0) {
      store.delete(meta);
    } else {
      store.disk.damage(meta, bytes -> Arrays.fill(bytes, 0, damagedPages * 4096, (byte) 0x55));
    }

    store.repair();

    assertEquals(all, store.check());
    assertEquals(List.of(), store.plan().steps());
  }

  @Test
  void shouldSaveBothSlotsWhenOneIsDamaged() {
    Path meta = DamagedStore.PARTITION.resolve(PartitionMeta.FILE_NAME);
    store.disk.damage(meta, bytes -> bytes[100] ^= 1);

    store.repair();

    assertEquals(List.of(), store.plan().steps());
    assertEquals(all, store.check());
  }

  @Test
  void shouldNotGuessWhichOfTwoContradictingFramesIsInItsPlace() throws IOException {
    List<DamagedStore.Frame> frames = store.framesOf(store.segments.get(1));
    DamagedStore.Frame later = frames.get(9);
    DamagedStore.Frame early = frames.get(2);
    byte[] copy = read(later.file(), later.position(), later.length());
    store.damage(
        early.file(),
        early.position(),
        early.position() + later.length(),
        bytes -> System.arraycopy(copy, 0, bytes, early.position(), copy.length));
    long before = store.disk.mutations();

    PartitionRepair plan = store.plan();

    assertEquals(1, plan.obstacles().size(), plan.obstacles().toString());
    assertEquals(before, store.disk.mutations());
  }

  @Test
  void shouldLeaveATornTailToTheNextOpening() {
    DamagedStore killed = new DamagedStore(new SplittableRandom(8), 3, false, false);
    try (SmallStore open = new SmallStore(DamagedStore.STORE, killed.disk)) {
      open.append(100);
      killed.disk = killed.disk.afterKill();
    }
    Path last = killed.segments.get(killed.segments.size() - 1);
    List<DamagedStore.Frame> frames = killed.framesOf(last);
    DamagedStore.Frame end = frames.get(frames.size() - 1);
    killed.disk.damage(last, bytes -> bytes[end.position() + end.length() + 40] ^= 1);

    assertFalse(killed.plan().steps().stream().anyMatch(step -> step.file().equals(last)));
  }

  @Test
  void shouldMakeTheRecoveryPointDurableBeforeItChangesAnything() {
    int cuts = 0;
    boolean finished = false;
    for (int ticks = 0; !finished; ticks++) {
      DamagedStore killed = new DamagedStore(new SplittableRandom(9), 3, false, false);
      DamagedStore.Frame frame = killed.framesOf(killed.segments.get(0)).get(5);
      killed.flipBit(frame.file(), frame.position() + 40);
      killed.disk.crashAt(ticks);
      try {
        killed.repair();
        finished = true;
      } catch (SimulatedCrash e) {
        // as planned
      }
      killed.disk.calm();
      boolean begun =
          !killed.disk.files(DamagedStore.PARTITION, ".cut-" + frame.position()).isEmpty();
      killed.disk = killed.disk.afterPowerCut();
      if (begun) {
        cuts++;
        killed.repair();
        killed.check();
      }
    }
    assertTrue(cuts > 5, cuts + " cuts");
  }

  private List<Long> without(long from, long to) {
    List<Long> left = new ArrayList<>();
    for (long offset : all) {
      if (offset < from || offset >= to) {
        left.add(offset);
      }
    }
    return left;
  }

  private byte[] read(Path path, int position, int length) throws IOException {
    try (StorageFile file = store.disk.open(path, Storage.Access.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(length);
      file.read(bytes, position);
      return bytes.array();
    }
  }
}
