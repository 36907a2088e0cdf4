"""Audit lists and reports, the verdict cache behind them, and the state as of a day."""
