"""The gate over everything that leaves: what is private in a file, and what two people let through."""
