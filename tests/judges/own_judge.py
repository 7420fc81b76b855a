"""A judge as a user would write it, for the tests of the kind `python`."""

from judgeaudit.model import Output, Rubric


def by_prompt(output: Output, rubric: Rubric) -> str | None:
    """The prompt's first word where it is a value of the scale."""
    word = output.prompt.split()[0]
    return word if word in rubric.values else None
