"""One file a verb."""


def main() -> None:  # replaced by the frame of the command line
    """Run the command line."""
