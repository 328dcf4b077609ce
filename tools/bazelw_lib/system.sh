# Part of bazelw: a Bazel that the machine has already. Reads self, root, base, want; sets bazel.
# shellcheck shell=bash disable=SC2154

# Runs a command in the workspace for a limited time, where `timeout` exists (macOS has none).
within_probe_time() {
  local seconds=${BAZELW_PROBE_SECONDS:-120}
  if command -v timeout >/dev/null; then
    (cd "$root" && timeout -k 5 "$seconds" "$@") </dev/null
  else
    (cd "$root" && "$@") </dev/null
  fi
}

# Whether it gives the wanted version and can resolve the modules (not so behind a firewall).
serves() {
  within_probe_time "$1" --version 2>/dev/null | grep -qx "bazel $want" &&
    within_probe_time "$1" mod graph >/dev/null 2>&1
}

# Sets bazel to bazelisk or bazel of PATH; leaves it alone when there is none that serves.
#   $1  trusted: the first one found; tried: the first one that serves
find_system_bazel() {
  local name path first= module mark
  for name in bazelisk bazel; do
    path=$(command -v "$name") || continue
    # Somebody may have called this script bazel; npm's bazelisk comes under both names.
    [ "$path" -ef "$self" ] && continue
    [ -n "$first" ] && [ "$path" -ef "$first" ] && continue
    first=$path
    if [ "$1" = tried ]; then
      module=$(cat "$root/MODULE.bazel" "$root/.bazelversion" | cksum)
      mark=$base/system-$(printf '%s %s' "$path" "$module" | cksum | tr -d ' ')
      if [ ! -e "$mark" ]; then
        # Only an hour: the network may come back.
        [ -n "$(find "$mark.no" -mmin -60 2>/dev/null)" ] && continue
        say "trying $path (at most ${BAZELW_PROBE_SECONDS:-120} s)"
        mkdir -p "$base"
        if serves "$path"; then
          : >"$mark"
        else
          : >"$mark.no"
          say "$path gives no Bazel $want that can resolve MODULE.bazel"
          continue
        fi
      fi
    fi
    bazel=$path
    return
  done
}
