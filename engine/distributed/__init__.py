"""Turn a Spark DataFrame of profiles into a Spark DataFrame of answers: the plan goes to every worker, and each row is decided there as it would be here."""

from engine.distributed.evaluate import evaluate_spark

__all__ = ["evaluate_spark"]
