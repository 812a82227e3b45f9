"""The digest: what an operator wants to know of the last day, in one message; at once what is urgent."""

from milena.digest.herald import Herald
from milena.digest.lines import lines
from milena.digest.report import Report, report

__all__ = ["Herald", "Report", "lines", "report"]
