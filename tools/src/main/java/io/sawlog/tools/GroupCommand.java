package io.sawlog.tools;

import picocli.CommandLine.Command;

/** Names the commands about consumer groups. */
@Command(
    name = "group",
    header =
        "List, describe, create, reset, copy and delete consumer groups, and what waits in them.",
    footer = {
      "",
      "Looking always works. Changing works on a group that no process hosts, and otherwise names"
          + " the process that does."
    })
final class GroupCommand {}
