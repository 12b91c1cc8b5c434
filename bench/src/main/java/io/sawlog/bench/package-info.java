/**
 * The benchmarks: one class for each question, one method for each contender.
 *
 * <p>{@code bench/README.md} states the method.
 */
@NullMarked
package io.sawlog.bench;

import org.jspecify.annotations.NullMarked;
