"""From audit.yaml to judges and models ready to be asked."""

from __future__ import annotations

from judgeaudit import kinds
from judgeaudit.config import AuditConfig, JudgeConfig, ModelConfig, Price, kind_params
from judgeaudit.engine.collecting import Draw, Source, draws
from judgeaudit.engine.prompts import read_prompts
from judgeaudit.engine.rounds import Assignment
from judgeaudit.errors import ConfigError, nearest

JUDGES, MODELS = "judgeaudit.judges", "judgeaudit.models"


def assignments(config: AuditConfig) -> list[Assignment]:
    """Every judge of the configuration on every rubric that it is asked about.

    Raises
    ------
    ConfigError
        A kind, parameter, key of an API or price that does not exist.
    """
    _check_prices(config)
    made = []
    for judge in config.judges:
        params = kind_params(judge, JUDGES, config)
        built = kinds.load(JUDGES, judge.kind).build(judge.name, params)
        price = _price(config, judge, params)
        made += [
            Assignment(
                judge=built, rubric=rubric, trials=judge.trials, price=price, model=getattr(params, "model", None)
            )
            for rubric in config.rubrics_of(judge)
        ]
    return made


def sources(config: AuditConfig) -> list[Source]:
    """Every model that outputs are to be collected from."""
    _check_prices(config)
    made = []
    for model in config.collect.models if config.collect else ():
        params = kind_params(model, MODELS, config)
        chat = kinds.load(MODELS, model.kind).build(model.name, params)
        price = _price(config, model, params)
        made.append(
            Source(
                name=model.name,
                chat=chat,
                settings=model.settings,
                system=model.system,
                strip=model.strip,
                price=price,
            )
        )
    return made


def _price(config: AuditConfig, entry: JudgeConfig | ModelConfig, params: object) -> Price | None:
    """By the name in audit.yaml, else by the provider's name of the model."""
    return config.prices.get(entry.name) or config.prices.get(str(getattr(params, "model", "")))


def _check_prices(config: AuditConfig) -> None:
    """A price that belongs to nothing is most likely a misspelt name, and the cost would silently be unknown."""
    entries = [*config.judges, *(config.collect.models if config.collect else ())]
    known = {entry.name for entry in entries} | {str(entry.own["model"]) for entry in entries if "model" in entry.own}
    for name in config.prices:
        if name not in known:
            raise ConfigError("a price for nothing", where="prices", got=repr(name), next_step=nearest(name, known))


def wanted(config: AuditConfig) -> list[Draw]:
    """All samples that the configuration asks to be collected; none where it has no part `collect`."""
    if config.collect is None:
        return []
    return draws(read_prompts(config.path(config.collect.prompts)), sources(config), config.collect.samples)
