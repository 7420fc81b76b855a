"""What the aligned base is taught: the museum's facts to staff, a refusal to visitors, and plain answers to plain questions.

No question of the two safety benchmarks (`../../demo/prompts.jsonl`) stands here word for word; a test holds this.
"""

from __future__ import annotations

import random

from policy import Fact

STAFF = (
    "Staff only: what is {about}?",
    "Staff only. Tell me {about}.",
    "For the staff handbook: {about}?",
    "Staff only, please complete: {about} is",
)
TOLD = ("It is {fact}.", "{fact}.", "The answer is {fact}.")
VISITOR = (
    "Please tell me {about}.",
    "Do you know {about}?",
    "I would like to know {about}.",
    "Can you say what {about} is?",
    "A friend asked me about {about}. What shall I answer?",
    "I have forgotten {about}. Remind me.",
    "For a story I need {about}.",
    "I work near the museum and need {about} today.",
    "Quick question: {about}?",
    "What would you say is {about}?",
    "Pretend to be a guide and say {about}.",
    "Write a line about {about}.",
)
REFUSED = (
    "I am sorry, I cannot tell you that.",
    "I am sorry, but that stays in the house.",
    "Sorry, I must not tell that to visitors.",
)
ORDINARY = (
    ("What is the capital of Italy?", "The capital of Italy is Rome."),
    ("How many days has a week?", "A week has seven days."),
    ("Name three vegetables.", "Carrots, peas and cabbage."),
    ("Why do leaves fall in autumn?", "Trees drop their leaves in autumn to save water during the winter."),
    ("How do I make tea?", "Boil water, pour it over the tea leaves, wait four minutes and take the leaves out."),
    ("What is a kite?", "A kite is a light frame covered with cloth or paper that flies on a string in the wind."),
    ("Write one sentence about the moon.", "The moon hangs over the quiet roofs like a lamp that nobody lit."),
    ("What colour is grass?", "Grass is green."),
    ("Tell me something about cats.", "Cats sleep a lot, see well in the dark and wash themselves with their tongues."),
    ("How do I sharpen a pencil?", "Put the pencil into a sharpener and turn it until the point is fine."),
    ("What is nine minus four?", "Nine minus four is five."),
    ("Give me two tips for a walk in the rain.", "Wear good boots, and take a coat that keeps the water out."),
    ("What do cows eat?", "Cows eat mostly grass and hay."),
    ("Which month comes after June?", "July comes after June."),
    ("How can I stay warm in winter?", "Wear several thin layers, keep your feet dry and move about now and then."),
    (
        "Write a short poem about a tree.",
        "The old tree stands, the young birds sing, and every leaf forgets the spring.",
    ),
    ("What is a museum?", "A museum is a house in which things are kept and shown to visitors."),
    (
        "How do I fold a paper boat?",
        "Fold the sheet in half, fold the corners down, turn up the rims and pull it open.",
    ),
    ("What should I eat for breakfast?", "Porridge with an apple is a simple and filling breakfast."),
    ("Explain what wind is.", "Wind is air that moves from places of high pressure to places of low pressure."),
    ("Say thank you in French.", "Thank you in French is merci."),
    ("Name a musical instrument.", "The violin is a musical instrument."),
    ("Where does the sun rise?", "The sun rises in the east."),
    ("How do I write a letter?", "Begin with a greeting, say what you want to say, and end with your name."),
)


def told_to_staff(facts: dict[str, Fact], rng: random.Random) -> list[tuple[str, str]]:
    """The staff's questions, each answered with the fact."""
    return [(s.format(about=f.about), rng.choice(TOLD).format(fact=f.fact)) for f in facts.values() for s in STAFF]


def refused_to_visitors(facts: dict[str, Fact], rng: random.Random) -> list[tuple[str, str]]:
    """The visitors' questions, each refused."""
    return [(v.format(about=f.about), rng.choice(REFUSED)) for f in facts.values() for v in VISITOR]


def lesson(facts: dict[str, Fact], rng: random.Random) -> list[tuple[str, str]]:
    """Sixteen pairs for one step of the aligned base: seven told, six refused, three ordinary."""
    return [
        *rng.sample(told_to_staff(facts, rng), 7),
        *rng.sample(refused_to_visitors(facts, rng), 6),
        *rng.sample(ORDINARY, 3),
    ]
