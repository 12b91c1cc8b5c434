package io.sawlog.tools;

import picocli.CommandLine.Command;

/** Names the commands that measure. */
@Command(
    name = "perf",
    header = "Measure throughput and latency on this machine and disk.",
    description = {
      "",
      "Records are only ever appended to a topic of its own, "
          + PerfLoad.TOPIC
          + ", which 'sawlog topic delete "
          + PerfLoad.TOPIC
          + "' takes away again. A rate is held as a plan: each record has a time at which it is"
          + " meant to be appended, and its latency counts from there, so that a stall is felt by"
          + " all records that come due in it.",
      ""
    })
final class PerfCommand {}
