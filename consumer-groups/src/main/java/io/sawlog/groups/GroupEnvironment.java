package io.sawlog.groups;

import io.sawlog.log.Sawlog;
import java.util.function.Function;

/**
 * What groups live in.
 *
 * @param log the store with the topics
 * @param directory the stores of the groups
 * @param files opens the files of a group
 * @param timer keeps their deadlines
 */
record GroupEnvironment(
    Sawlog log, GroupDirectory directory, Function<String, GroupFiles> files, GroupTimer timer) {}
