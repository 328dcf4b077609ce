"""Errors that a user can put right."""

from __future__ import annotations


class UserError(Exception):
    """Something the user can put right: shown as one line without a stack trace.

    Attributes:
        cure: what to do about it, a phrase that can stand after the message.
    """

    def __init__(self, problem: str, cure: str):
        super().__init__(problem)
        self.cure = cure
