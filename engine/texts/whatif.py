"""Sentences of `susun whatif`, in English and Indonesian."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "hint.contradiction": ("ask for something that can be true, such as `recommended = duo`", "mintalah sesuatu yang mungkin benar, misalnya `recommended = duo`"),
    "hint.never_by_rules": ("`susun rules show NAME` has the conditions of a role or decision", "`susun rules show NAMA` memuat syarat sebuah peran atau keputusan"),
}
