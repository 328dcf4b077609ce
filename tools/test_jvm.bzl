"""The JVMs of tests."""

# The first compiler alone: the runs of tests are over before what the second one makes of their code pays.
JVM_FLAG = "-XX:TieredStopAtLevel=1"
