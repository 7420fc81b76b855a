"""What the verdicts on probes say of a judge: rates, dose-response curves, and what they accuse it of."""
