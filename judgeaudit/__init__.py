"""judgeaudit: audit an automated judge of model outputs before trusting it, above all on gibberish."""

__version__ = "0.1.0"
