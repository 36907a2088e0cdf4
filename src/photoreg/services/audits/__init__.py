"""Lists for auditors, the verdict cache behind them, and the past."""
