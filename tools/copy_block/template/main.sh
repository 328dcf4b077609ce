#!/bin/sh
# Runs {{main_class}} on the Flink that lies in the project's Python environment.
root=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd -P) || exit 1
jar=$root/target/{{artifact}}.jar
if [ ! -f "$jar" ]; then
  echo "error: $jar is not there; build it with: mvn -B package" >&2
  exit 1
fi
python=$root/.venv/bin/python
[ -x "$python" ] || python=python3
flink=$("$python" -c 'import importlib.util, os; print(os.path.dirname(importlib.util.find_spec("pyflink").origin))' 2>/dev/null)
if [ -z "$flink" ]; then
  echo "error: $python has no package apache-flink; set up .venv as README.md says" >&2
  exit 1
fi
# The JVM's options stand in one place for both programs.
options=$(sed -n 's/^ *\(-[-X][^ ]*\) *$/\1/p' "$root/flink/conf/local/config.yaml")
# shellcheck disable=SC2086
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" $options \
  "-Dlog4j2.configurationFile=$root/flink/conf/local/log4j-cli.properties" \
  "-Dflinkblocks.job.jar=$jar" \
  "-Dflinkblocks.program=./{{main}}" \
  -cp "$jar:$flink/lib/*" {{main_class}} "$@"
