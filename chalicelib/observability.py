"""Logs. They hold ids, codes and numbers; never a story, a name, a number or an address."""

from __future__ import annotations

from aws_lambda_powertools import Logger

logger = Logger(service="small-wins", use_rfc3339=True)  # else Lambda takes every line for INFO
