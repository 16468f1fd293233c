"""Cross-checking a report: amounts, shares, dates, counts and points held against each other."""
