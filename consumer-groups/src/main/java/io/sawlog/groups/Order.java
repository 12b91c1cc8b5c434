package io.sawlog.groups;

/** In which order a shared group gives out records. */
public enum Order {
  /** As they come; records that failed come again later. */
  NONE,
  /** Records of one key strictly one after the other; records without a key as they come. */
  KEY
}
