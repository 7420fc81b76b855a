from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from judgeaudit import kinds
from judgeaudit.config import Limits, Price, Settings
from judgeaudit.engine import Prompt, Source, collect, draws, plan_collecting
from judgeaudit.engine.collecting import KEY
from judgeaudit.errors import BudgetError, ConfigError, ProviderError
from judgeaudit.model import Output
from judgeaudit.models._chat import Chat
from judgeaudit.store import Store
from tests.fakes.server import FakeServer, dead_url
from tests.fakes.steps import Failure, Reply, Seen, Step, filtered, no_quota, server_error, too_long, wrong_key

PROMPTS = [Prompt(id="a", text="Say tea.", meta={"topic": "drinks"}), Prompt(id="b", text="Say bread.")]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(str(tmp_path / "audit.db")) as opened:
        yield opened


def _chat(url: str, kind: str = "openai", model: str = "m") -> Chat:
    module = kinds.load("judgeaudit.models", kind)
    made: Chat = module.build("m", module.Params(model=model, base_url=url))
    return made


def _source(server: FakeServer, **changes: object) -> Source:
    return Source(**{"name": "m", "chat": _chat(server.openai_url), **changes})  # type: ignore[arg-type]


def _echo(seen: Seen) -> Reply:
    return Reply(f"{seen.user} (seed {seen.body.get('seed')})")


def test_every_prompt_model_and_sample_becomes_an_output_with_how_it_came_about(store: Store) -> None:
    settings = Settings(temperature=1.5, top_p=0.9, seed=7, max_tokens=20, stop=("##",))
    with FakeServer(_echo) as server:
        source = _source(server, settings=settings, system="Be brief.", strip=[r"\(seed (\d+)\)$", r"\s+$"])
        collect(store, draws(PROMPTS, [source], 2))
        bodies = [seen.body for seen in server.requests]
        assert server.rejected == []
    outputs = {o.item_id: o for o in store.outputs()}
    assert sorted(outputs) == ["a/m/1", "a/m/2", "b/m/1", "b/m/2"]
    one = outputs["a/m/2"]
    assert (one.prompt, one.response, one.model) == ("Say tea.", "Say tea.", "m")
    assert one.meta["topic"] == "drinks"
    assert one.meta["finish_reason"] == "stop"
    kept = one.meta[KEY]
    assert kept["raw_text"] == "Say tea. (seed 8)"
    assert (kept["prompt_id"], kept["sample"], kept["seed"], kept["system"]) == ("a", 2, 8, "Be brief.")
    assert kept["settings"] == {"temperature": 1.5, "top_p": 0.9, "max_tokens": 20, "stop": ["##"], "extra": {}}
    assert (kept["input_tokens"], kept["output_tokens"]) == (11, 7)
    assert kept["identity"] == {"model": "m"}
    assert sorted(body["seed"] for body in bodies) == [7, 7, 8, 8]
    assert {(b["temperature"], b["top_p"], b["max_tokens"], tuple(b["stop"])) for b in bodies} == {
        (1.5, 0.9, 20, ("##",))
    }
    assert bodies[0]["messages"][0] == {"role": "system", "content": "Be brief."}


def test_nothing_is_drawn_twice_and_only_what_changed_is_drawn_anew(store: Store) -> None:
    with FakeServer(_echo) as server:
        source = _source(server)
        collect(store, draws(PROMPTS, [source], 1))
        collect(store, draws(PROMPTS, [source], 1))
        assert len(server.requests) == 2
        collect(store, draws(PROMPTS, [source], 2))
        assert len(server.requests) == 4
        warmer = _source(server, settings=Settings(temperature=1.0))
        changed = [PROMPTS[0], Prompt(id="b", text="Say cake.")]
        assert plan_collecting(store, draws(changed, [source], 2)).calls == 2
        assert plan_collecting(store, draws(PROMPTS, [warmer], 2)).calls == 4
        collect(store, draws(changed, [source], 2))
    assert [o.response for o in store.outputs() if o.item_id == "b/m/1"] == ["Say cake. (seed None)"]


@pytest.mark.parametrize(
    ("reply", "finish", "response"),
    [
        (Reply("cut", finish_reason="length"), "length", "cut"),
        (Reply("", finish_reason="content_filter"), "filter", ""),
        (filtered(), "filter", ""),
        (Reply(None, refusal="I will not."), "refusal", "I will not."),
    ],
)
def test_cut_filtered_and_refused_completions_are_outputs(
    store: Store, reply: Step, finish: str, response: str
) -> None:
    with FakeServer(reply) as server:
        collect(store, draws(PROMPTS[:1], [_source(server)], 1))
    [output] = store.outputs()
    assert (output.meta["finish_reason"], output.response) == (finish, response)


def test_a_failed_call_leaves_no_output_and_is_asked_again(store: Store) -> None:
    def flaky(seen: Seen) -> Reply | Failure:
        return too_long() if "tea" in seen.user else Reply("bread")

    with FakeServer(flaky) as server:
        source = _source(server)
        with pytest.raises(ProviderError, match="1 of 2"):
            collect(store, draws(PROMPTS, [source], 1))
        assert [o.response for o in store.outputs()] == ["bread"]
        server.reply = "tea"
        collect(store, draws(PROMPTS, [source], 1))
        assert len(server.requests) == 3
    assert sorted(o.response for o in store.outputs()) == ["bread", "tea"]


def test_both_wire_formats_and_two_hosts_at_once(store: Store) -> None:
    with FakeServer("tea") as one, FakeServer("bread") as other:
        sources = [
            Source(name="o", chat=_chat(one.openai_url)),
            Source(name="a", chat=_chat(other.anthropic_url, "anthropic"), settings=Settings(max_tokens=9)),
        ]
        plan = collect(store, draws(PROMPTS, sources, 1))
        assert len(plan.hosts) == 2
        assert (len(one.requests), len(other.requests)) == (2, 2)
    assert {(o.model, o.response) for o in store.outputs()} == {("o", "tea"), ("a", "bread")}


def test_the_plan_tells_hosts_texts_tokens_and_cost_before_the_first_call(store: Store) -> None:
    with FakeServer("tea") as server:
        wanted = draws(
            PROMPTS, [_source(server, price=Price(input=1, output=1_000_000), settings=Settings(max_tokens=3))], 2
        )

        def announce(plan: object) -> None:
            assert server.requests == []
            told.append(plan)

        told: list[object] = []
        plan = collect(store, wanted, announce=announce)
        assert told == [plan]
        [send] = plan.sends
        assert send.host == f"127.0.0.1:{server.port}"
        assert (send.calls, send.texts, send.reused) == (4, 2, 0)
        assert plan.cost == pytest.approx(4 * 3, rel=0.01)
        assert plan_collecting(store, wanted).calls == 0
        assert plan_collecting(store, draws(PROMPTS, [_source(server)], 3)).cost is None


def test_a_limit_of_cost_needs_a_price(store: Store) -> None:
    with FakeServer("tea") as server:
        with pytest.raises(ConfigError, match="'m'"):
            collect(store, draws(PROMPTS, [_source(server)], 1), limits=Limits(max_cost=1))
        assert server.requests == []


def test_what_was_done_before_the_budget_ended_is_kept(store: Store) -> None:
    with FakeServer("tea") as server:
        with pytest.raises(BudgetError):
            collect(store, draws(PROMPTS, [_source(server)], 5), limits=Limits(max_requests=4, concurrency=2))
        assert len(server.requests) == 4
    assert len(store.outputs()) == 4


def test_a_wrong_key_a_spent_quota_and_a_dead_server_end_the_run(store: Store) -> None:
    with FakeServer(wrong_key()) as server, pytest.raises(ConfigError):
        collect(store, draws(PROMPTS, [_source(server)], 1))
    with FakeServer(no_quota()) as server, pytest.raises(ProviderError):
        collect(store, draws(PROMPTS, [_source(server)], 1))
    with pytest.raises(ProviderError):
        collect(store, draws(PROMPTS, [Source(name="m", chat=_chat(f"{dead_url()}/v1"))], 1))
    assert store.outputs() == []


def test_a_passing_failure_is_tried_again(store: Store) -> None:
    with FakeServer("tea", [server_error()]) as server:
        collect(store, draws(PROMPTS[:1], [_source(server)], 1))
        assert len(server.requests) == 2
    assert store.outputs()[0].response == "tea"


def test_it_works_where_an_event_loop_is_running_already(store: Store) -> None:
    """As in a notebook."""
    import asyncio

    async def cell() -> None:
        with FakeServer("tea") as server:
            collect(store, draws(PROMPTS, [_source(server)], 1))

    asyncio.run(cell())
    assert len(store.outputs()) == 2


def test_each_output_is_durable_before_the_run_ends(store: Store) -> None:
    seen: list[int] = []
    with FakeServer("tea", latency=0.05) as server, Store.open(store.where) as other:
        many = [Prompt(id=str(i), text="Say tea.") for i in range(6)]
        watched = threading.Event()

        def watch(progress: object) -> None:
            seen.append(len(other.outputs()))
            watched.set()

        collect(store, draws(many, [_source(server)], 1), limits=Limits(concurrency=1), watch=watch)
    assert seen == [1, 2, 3, 4, 5, 6]


def test_odd_prompts_go_and_come_back_whole(store: Store) -> None:
    prompt = Prompt(id="x/\x00", text="\x00 \u202e <|end|> \\u0000", meta={"k": "\ud800"})
    with FakeServer(lambda seen: Reply(seen.user)) as server:
        collect(store, draws([prompt], [_source(server)], 1))
    [output] = store.outputs()
    assert isinstance(output, Output)
    assert output.response == output.prompt == prompt.text
    assert output.item_id == "x/\x00/m/1"
    assert json.loads(json.dumps(output.meta["k"])) == "\ud800"


def test_two_samples_of_one_id_are_refused() -> None:
    chat = _chat("http://127.0.0.1:1/v1")
    with pytest.raises(ConfigError, match="'a/b/c/1'"):
        draws(
            [Prompt(id="a", text="x"), Prompt(id="a/b", text="y")],
            [Source(name="b/c", chat=chat), Source(name="c", chat=chat)],
            1,
        )
