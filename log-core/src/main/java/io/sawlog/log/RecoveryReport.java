package io.sawlog.log;

import java.nio.file.Path;
import java.util.List;

/**
 * What opening a store found and did.
 *
 * @param partitions one entry for each partition that was not closed cleanly, or was mended
 */
public record RecoveryReport(List<PartitionRecovery> partitions) {
  /** Copies the list. */
  public RecoveryReport {
    partitions = List.copyOf(partitions);
  }

  /**
   * Tells whether there was nothing to recover.
   *
   * @return whether every partition had been closed cleanly
   */
  public boolean isClean() {
    return partitions.isEmpty();
  }

  /** Why a partition needed recovery. */
  public enum Cause {
    /** The process ended without closing the store; the page cache is whole. */
    PROCESS_ENDED,
    /**
     * The machine was booted since, or the caller said so: the log ends at the first torn frame.
     */
    POWER_LOSS,
    /** The last life of the partition ended with a failed flush. */
    FAILED_FLUSH,
    /** The machine was not booted since, and yet bytes are not as they were written. */
    CONTRADICTION
  }

  /**
   * What happened to one partition.
   *
   * @param topic the topic
   * @param partition the partition
   * @param cause why
   * @param recoveryPoint the offset below which nothing was looked at
   * @param endOffset the offset behind the last record that was kept
   * @param nextOffset the offset that the next record gets; larger than {@code endOffset} after a
   *     power loss
   * @param scannedBytes how many bytes of log were read
   * @param abortedRecords how many unfinished appends now count as aborted records
   * @param setAside files that were moved aside; nothing deletes them
   * @param details the finding in words, one sentence each
   */
  public record PartitionRecovery(
      String topic,
      int partition,
      Cause cause,
      long recoveryPoint,
      long endOffset,
      long nextOffset,
      long scannedBytes,
      long abortedRecords,
      List<Path> setAside,
      List<String> details) {
    /** Copies the lists. */
    public PartitionRecovery {
      setAside = List.copyOf(setAside);
      details = List.copyOf(details);
    }
  }
}
