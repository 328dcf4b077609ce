"""A small real job for the tests of run control, and for recording what Flink's REST API says of one."""
