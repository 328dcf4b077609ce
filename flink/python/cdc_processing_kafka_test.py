"""cdc_processing with a real PostgreSQL, Debezium and Kafka: each is killed or restarted once, nothing is lost."""

from __future__ import annotations

from testing_cdc import Pipeline, disturbed


def test_each_neighbour_is_killed_or_restarted_once(tmp_path):
    faults = (Pipeline.kill_job, Pipeline.kill_connect, Pipeline.restart_kafka, Pipeline.restart_postgres)
    disturbed(tmp_path, changes=2_500, rate=40, faults=faults)
