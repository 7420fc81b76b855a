"""Configuration files: audit.yaml as a checked, frozen object."""

from judgeaudit.config.audit_config import (
    SCHEMA,
    AuditConfig,
    AuditSettings,
    CollectConfig,
    JudgeConfig,
    LabelsConfig,
    Limits,
    ModelConfig,
    OutputsConfig,
    Price,
    RubricConfig,
    Settings,
    kind_params,
    read_audit_config,
)
from judgeaudit.config.loading import read_yaml, validated

__all__ = [
    "SCHEMA",
    "AuditConfig",
    "AuditSettings",
    "CollectConfig",
    "JudgeConfig",
    "LabelsConfig",
    "Limits",
    "ModelConfig",
    "OutputsConfig",
    "Price",
    "RubricConfig",
    "Settings",
    "kind_params",
    "read_audit_config",
    "read_yaml",
    "validated",
]
