"""支付: requests, their gates, and what left the treasury."""
