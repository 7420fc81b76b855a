"""Calls: concurrency, retry, rate, budget, circuit breaker, resume."""
