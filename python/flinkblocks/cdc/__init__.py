"""Change data capture: the databases, the connector and the topics that a job on changes lives with.

Public: `Pipeline`, what the block cdc_processing has around its job.
"""

from flinkblocks.cdc.pipeline import Pipeline

__all__ = ["Pipeline"]
