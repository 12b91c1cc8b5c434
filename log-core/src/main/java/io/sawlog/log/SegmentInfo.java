package io.sawlog.log;

import java.nio.file.Path;

/**
 * A segment of a partition.
 *
 * @param file its file
 * @param baseOffset the offset of its first record
 * @param recordsBefore how many records the partition had before it, deleted ones included
 * @param sizeBytes the length of the file
 */
public record SegmentInfo(Path file, long baseOffset, long recordsBefore, long sizeBytes) {}
