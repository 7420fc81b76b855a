"""Outputs, judgements and labels kept by SQLAlchemy Core, so that every run can be stopped and resumed."""
