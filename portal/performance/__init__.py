"""绩效: targets, monitoring, self-evaluation and the yearly assessment."""
