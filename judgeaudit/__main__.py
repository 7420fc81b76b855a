"""`python -m judgeaudit` is the command line."""

from judgeaudit.cli import main

if __name__ == "__main__":
    main()
