"""The long form of cdc_processing_kafka_test: 20,000 changes, and more that goes wrong."""

from __future__ import annotations

from testing_cdc import Pipeline, disturbed


def test_job_and_connect_are_killed_twice_and_the_servers_restarted(tmp_path):
    faults = (
        Pipeline.kill_job, Pipeline.kill_connect, Pipeline.restart_kafka, Pipeline.kill_job, Pipeline.restart_postgres,
        Pipeline.kill_connect,
    )  # fmt: skip
    disturbed(tmp_path, changes=20_000, rate=100, faults=faults)
