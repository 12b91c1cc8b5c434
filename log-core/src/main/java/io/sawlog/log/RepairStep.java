package io.sawlog.log;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One change that a {@link PartitionRepair} makes. Not part of the API for programs.
 *
 * @param file what is changed
 * @param position where, in bytes; {@link #NONE} for the file as a whole
 * @param firstOffset the first offset whose record is lost; {@link #NONE} if none is
 * @param nextOffset behind the last one; {@link #NONE} if nobody knows
 * @param action what is done, and why, as half a sentence
 * @param keptIn where the bytes go that are replaced; null if none are
 */
public record RepairStep(
    Path file,
    long position,
    long firstOffset,
    long nextOffset,
    String action,
    @Nullable Path keptIn) {
  /** No position, or no offset. */
  public static final long NONE = -1;
}
