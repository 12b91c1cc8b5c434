/**
 * The file system of a machine that exists only in memory: it can be killed, lose power, fill up
 * and fail at any instant, the same way for the same seed.
 */
package io.sawlog.log.sim;
