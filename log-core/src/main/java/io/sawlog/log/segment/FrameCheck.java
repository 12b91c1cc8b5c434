package io.sawlog.log.segment;

/** What stands at a position of a segment, as far as the bytes can tell. */
public enum FrameCheck {
  /** A published frame whose checksum and offset are right. */
  VALID("is valid"),
  /** The length is zero: nothing was appended here yet. */
  EMPTY("holds no frame"),
  /** The length is negative: an append claimed this place and did not publish it. */
  CLAIMED("is claimed but was never published"),
  /** The length cannot be that of a frame at this position. */
  BAD_LENGTH("has an impossible length"),
  /** The kind is not known. */
  BAD_KIND("has an unknown kind"),
  /** The checksum does not match the bytes (or the frame belongs to another segment). */
  BAD_CHECKSUM("does not match its checksum"),
  /** The frame is intact but its offset is not the one that follows here. */
  WRONG_OFFSET("does not continue the offsets before it");

  private final String words;

  FrameCheck(String words) {
    this.words = words;
  }

  /**
   * Puts the finding in words that complete "the frame at position p ...".
   *
   * @return a verb phrase
   */
  public String inWords() {
    return words;
  }
}
