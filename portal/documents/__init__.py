"""Documents out: Word files in the layout of official papers. Knows nothing of what they say."""
