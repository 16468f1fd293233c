"""绩效评价: schemes as tables, formulas as pure functions that show their working, and the scorecard."""
