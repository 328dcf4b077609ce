package io.flinkblocks.cdc;

import io.flinkblocks.event.DeadLetter;

/**
 * A record that is no change.
 *
 * @param letter the original bytes and the reason
 */
public record Refused(DeadLetter letter) implements ChangeRecord {}
