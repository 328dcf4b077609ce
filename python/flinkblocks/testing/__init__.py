"""What the integration tests share: hostile input with known verdicts, independent models, a checker."""
