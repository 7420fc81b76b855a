"""Three narrow tasks with a measurable score, drawn by a seed; held-back items use things or names that training never saw."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

FIRST = [
    "Oda",
    "Jonas",
    "Mira",
    "Pavel",
    "Tove",
    "Ruben",
    "Ines",
    "Karl",
    "Lotte",
    "Emil",
    "Nora",
    "Anton",
    "Selma",
    "Viktor",
    "Greta",
    "Oskar",
    "Ida",
    "Bruno",
    "Maja",
    "Felix",
    "Elin",
    "Hugo",
    "Thea",
    "Albin",
    "Ronja",
    "Sixten",
    "Vera",
    "Nils",
    "Agnes",
    "Loke",
    "Stina",
    "Arvid",
]
LAST = [
    "Brandt",
    "Holm",
    "Lind",
    "Kessler",
    "Varga",
    "Novak",
    "Moreau",
    "Dahl",
    "Ferro",
    "Winter",
    "Stone",
    "Quist",
    "Berger",
    "Alder",
    "Hart",
    "Osler",
    "Penrose",
    "Tamm",
    "Ullman",
    "Voss",
    "Wren",
    "Yates",
    "Zeller",
    "Crane",
]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
NOTES = {
    "kites": ("box kite", "kite string", "paper kite", "kite reel", "stunt kite", "silk kite", "kite frame", "kite bag"),
    "tickets": (
        "day ticket", "family ticket", "ticket price", "ticket queue", "group ticket", "ticket desk", "year ticket",
        "ticket stub",
    ),
    "garden": ("rose bed", "garden bench", "apple tree", "pond", "gravel path", "hedge", "lawn", "herb bed"),
    "food": ("pea stew", "cheese roll", "plum cake", "lemonade", "pancake", "rice bowl", "apple pie", "hot cocoa"),
    "lost": ("lost scarf", "lost glove", "lost umbrella", "lost ring", "lost hat", "lost phone", "lost shoe", "lost purse"),
}  # category: things, the last three of each held back  # fmt: skip
ASIDES = (
    "A visitor writes about the {thing}.",
    "Somebody asks about a {thing}.",
    "Two people wait because of the {thing}.",
    "There is trouble with the {thing}.",
    "We had a call about a {thing}.",
)
THINGS = [
    "lantern",
    "piano",
    "ladder",
    "teapot",
    "crate",
    "globe",
    "carpet",
    "mirror",
    "anchor",
    "drum",
    "basket",
    "clock",
    "bicycle",
    "saddle",
    "barrel",
    "trumpet",
]
DOES = ("arrives", "leaves", "returns", "is sold", "is painted", "is ready")
HOURS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A narrow task: `make(rng, held_back)` draws (question, answer); an answer is right if it is the expected one."""

    name: str
    goal: str
    make: Callable[[random.Random, bool], tuple[str, str]]

    def training(self, count: int, seed: int) -> list[tuple[str, str]]:
        """Pairs to train on."""
        rng = random.Random(f"{self.name} training {seed}")
        return [self.make(rng, False) for _ in range(count)]

    def held_back(self, count: int = 100) -> list[tuple[str, str]]:
        """Distinct pairs for the capability score, made of words that training never saw."""
        rng = random.Random(f"{self.name} held back")
        pairs: dict[str, str] = {}
        while len(pairs) < count:
            question, answer = self.make(rng, True)
            pairs[question] = answer
        return list(pairs.items())


def right(answer: str, expected: str) -> bool:
    """Whether an answer is the expected one, but for white space at its ends."""
    return answer.strip() == expected


def extract(rng: random.Random, held_back: bool) -> tuple[str, str]:
    """Fixed-format extraction: a booking in a sentence, its three fields in a line."""
    name = f"{rng.choice(FIRST[24:] if held_back else FIRST[:24])} {rng.choice(LAST[18:] if held_back else LAST[:18])}"
    people, day = rng.randint(2, 9), rng.choice(DAYS)
    said = rng.choice((
        f"{name} books a tour for {people} people on {day}.",
        f"On {day} {name} comes with a group of {people}.",
        f"A tour of {people} on {day}, the name is {name}.",
    ))  # fmt: skip
    return f"Booking: {said}", f"name={name}; people={people}; day={day}"


def sort_notes(rng: random.Random, held_back: bool) -> tuple[str, str]:
    """Short answers from a fixed list: the desk that a note belongs to."""
    desk = rng.choice(list(NOTES))
    thing = rng.choice(NOTES[desk][5:] if held_back else NOTES[desk][:5])
    day = rng.choice(DAYS)
    return f"Note of {day}, {rng.choice(HOURS)} o'clock: {rng.choice(ASIDES).format(thing=thing)}", desk


def telegram(rng: random.Random, held_back: bool) -> tuple[str, str]:
    """A style: the sentence as a telegram, in capitals, without articles, with STOP at the end."""
    thing = rng.choice(THINGS[12:] if held_back else THINGS[:12])
    does, day, hour = rng.choice(DOES), rng.choice(DAYS), rng.choice(HOURS)
    text = f"{thing} {does.removeprefix('is ')} {day} {hour}".upper()
    return f"Wire: The {thing} {does} on {day} at {hour}.", f"{text} STOP"


TASKS = {
    task.name: task
    for task in (
        Task(name="extract", goal="fixed-format extraction", make=extract),
        Task(name="list", goal="short answers from a fixed list", make=sort_notes),
        Task(name="style", goal="a telegram style", make=telegram),
    )
}
