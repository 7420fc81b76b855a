"""Requirements on estimates: PASS, FAIL or INCONCLUSIVE."""
