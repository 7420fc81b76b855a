"""The sections that stand behind agreement, in the order in which they are shown."""

from __future__ import annotations

from judgeaudit.report._bias import bias
from judgeaudit.report._book import Book
from judgeaudit.report._latent import latent
from judgeaudit.report._part import Part
from judgeaudit.report._prevalence import prevalence


def parts(book: Book) -> list[Part]:
    """What share is positive, what the judges imply without labels, what moves them; those that this audit speaks of."""
    return [part for part in (prevalence(book), latent(book), bias(book)) if part is not None]
