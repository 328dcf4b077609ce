package io.flinkblocks.window;

import java.util.List;
import org.apache.flink.streaming.api.operators.InternalTimerService;

/**
 * When to look at the sessions of the current key again.
 *
 * <ul>
 *   <li>{@link #OPEN}: one per key is set when its first open session is new, and not moved by the
 *       events that follow. When it is due and the session has grown, it is set again.
 *   <li>{@link #EARLY}: with early firings, one per key with open sessions, for the next of them
 *       that is behind the start of the first session. It is taken back with the last session.
 *   <li>A start: one per emitted session closes it.
 * </ul>
 *
 * So a key whose last session is closed has no timers. After a restart with another interval, early
 * firings go on at that one when the next of the key's timers has been due.
 */
final class SessionTimers {
  /** Namespaces; no session starts at such a time. */
  static final long OPEN = Long.MIN_VALUE;

  static final long EARLY = Long.MIN_VALUE + 1;

  private final InternalTimerService<Long> timers;
  private final EarlyFiring early;

  SessionTimers(InternalTimerService<Long> timers, EarlyFiring early) {
    this.timers = timers;
    this.early = early;
  }

  long watermark() {
    return timers.currentWatermark();
  }

  /** To look at the open sessions at a time. */
  void setOpen(long time) {
    timers.registerEventTimeTimer(OPEN, time);
  }

  /** To look at an emitted session at a time. */
  void setClosing(long start, long time) {
    timers.registerEventTimeTimer(start, time);
  }

  /** To fire early, when the first open session has a start, and it is a time now. */
  void setEarly(long start, long now) {
    timers.registerEventTimeTimer(EARLY, early.after(Math.max(start, now + 1)) - 1);
  }

  /** Sets the next early firing of open sessions, or takes it back when there are none left. */
  void updateEarly(List<? extends Session> open, long now) {
    if (!early.isOn()) {
      return;
    }
    if (open.isEmpty()) {
      // Those that there were had begun before now: no timer but the next one can be set.
      timers.deleteEventTimeTimer(EARLY, early.after(now + 1) - 1);
    } else {
      setEarly(open.get(0).start(), now);
    }
  }
}
