/**
 * The storage seam: everything the engine asks of an operating system, and nothing about frames.
 *
 * <p>Internal to Sawlog. The types are public to the compiler because the engine lives in the
 * parent package; users of the library must not use them, and an architecture test holds that
 * nothing outside {@code log-core} and the repair tools does. {@link
 * io.sawlog.log.file.DiskStorage} is the only production implementation; tests bring a simulated
 * twin that can lose power.
 */
@NullMarked
package io.sawlog.log.file;

import org.jspecify.annotations.NullMarked;
