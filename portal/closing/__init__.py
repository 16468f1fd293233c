"""结转结余: what returns to its document, and the closing of a year."""
