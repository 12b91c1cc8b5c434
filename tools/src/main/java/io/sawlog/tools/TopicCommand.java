package io.sawlog.tools;

import picocli.CommandLine.Command;

/** Names the commands about topics. */
@Command(name = "topic", header = "Create, list, describe, alter, delete and trim topics.")
final class TopicCommand {}
