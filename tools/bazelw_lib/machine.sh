# Part of bazelw: what the build needs of the machine. Reads base; shows all that is missing at once.
# shellcheck shell=bash disable=SC2154

# In the order of MODULE.bazel's python_versions.
python_versions="3.11 3.12 3.10 3.9"
oldest_jdk=17
# What the Maven plugin in tools/java/lock.py asks for.
oldest_maven=3.6.3

missing=()
found=()

# Whether version $1 is at least version $2, as numbers between dots.
at_least() {
  local -a a b
  local i
  IFS=. read -ra a <<<"$1"
  IFS=. read -ra b <<<"$2"
  for i in 0 1 2; do
    ((${a[i]:-0} > ${b[i]:-0})) && return 0
    ((${a[i]:-0} < ${b[i]:-0})) && return 1
  done
  return 0
}

check_python() {
  local names name path version seen= cure
  names=${PROJECT_PYTHON:-$(printf 'python%s ' $python_versions) python3}
  for name in $names; do
    path=$(command -v "$name") || continue
    # A shim (pyenv) may stand there for a version that is not installed.
    version=$("$path" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    case " $python_versions " in *" $version "*) ;; *) seen+=", $name is $version"; continue ;; esac
    if "$path" -c 'import ensurepip, venv' 2>/dev/null; then
      found+=("$path")
      return
    fi
    seen+=", $name is $version without venv (Debian: apt install python3-venv)"
  done
  cure="install one (Debian: apt install python3 python3-venv), or set PROJECT_PYTHON to the absolute path of one"
  missing+=("Python 3.9 to 3.12${seen:+ (${seen#, })}: $cure")
}

check_jdk() {
  local javac version cure="install JDK $oldest_jdk or newer (Debian: apt install openjdk-17-jdk-headless)"
  if [ -n "${JAVA_HOME:-}" ]; then
    javac=$JAVA_HOME/bin/javac
    if [ ! -x "$javac" ]; then
      missing+=("a JDK in JAVA_HOME ($JAVA_HOME has no bin/javac): let it name JDK $oldest_jdk or newer, or unset it")
      return
    fi
  elif ! javac=$(command -v javac); then
    if command -v java >/dev/null; then
      missing+=("javac (java alone is a JRE): $cure")
    else
      missing+=("Java: $cure")
    fi
    return
  fi
  # "javac 17.0.15"; Java 8 says "javac 1.8.0_402", on standard error.
  version=$("$javac" -version 2>&1) || version=
  version=${version##*javac }
  version=${version%%[!0-9.]*}
  if at_least "${version:-0}" "$oldest_jdk"; then
    found+=("$javac")
  else
    missing+=("JDK $oldest_jdk ($javac is ${version:-broken}): $cure, or let JAVA_HOME name one")
  fi
}

check_maven() {
  local mvn version cure="install Maven (Debian: apt install maven), or set PROJECT_MVN to the absolute path of mvn"
  if ! mvn=$(command -v "${PROJECT_MVN:-mvn}"); then
    missing+=("Maven${PROJECT_MVN:+ (PROJECT_MVN names $PROJECT_MVN)}: $cure")
    return
  fi
  version=$("$mvn" -B -v 2>/dev/null </dev/null) || version=
  version=${version#*Apache Maven }
  version=${version%%[!0-9.]*}
  if at_least "${version:-0}" "$oldest_maven"; then
    found+=("$mvn")
  else
    missing+=("Maven $oldest_maven ($mvn is ${version:-broken}): $cure")
  fi
}

# Starting four programs takes a second: done once for a PATH, as long as what was found is there.
machine_is_known() {
  local key= path
  [ -f "$base/machine" ] || return 1
  {
    IFS= read -r key || true
    [ "$key" = "$1" ] || return 1
    while IFS= read -r path; do
      [ -x "$path" ] || return 1
    done
  } <"$base/machine"
}

check_machine() {
  local problem key="1 ${PATH} ${JAVA_HOME:-} ${PROJECT_PYTHON:-} ${PROJECT_MVN:-}"
  machine_is_known "$key" && return
  check_python
  check_jdk
  # Without Java, Maven can say nothing of itself.
  [ "${#missing[@]}" -gt 0 ] && command -v "${PROJECT_MVN:-mvn}" >/dev/null || check_maven
  if [ "${#missing[@]}" -gt 0 ]; then
    for problem in "${missing[@]}"; do
      say "missing: $problem"
    done
    die "nothing was started"
  fi
  mkdir -p "$base"
  printf '%s\n' "$key" "${found[@]}" >"$base/machine"
}
