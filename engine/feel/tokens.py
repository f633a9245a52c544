"""Turn an expression's text into tokens, or stop at the first character that can't begin one."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from engine.diagnostics import Hint

KEYWORDS = frozenset({"and", "or", "not", "if", "then", "else", "between", "in", "true", "false", "null"})
_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"(?:\d+(?:\.(?!\.)\d+)?|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
_WORD = re.compile(r"[^\W\d]\w*")
_SYMBOL = re.compile(r"\*\*|!=|<=|>=|\.\.|[-+*/=<>()\[\],.]")
_ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "t": "\t", "r": "\r", "/": "/"}


@dataclass(frozen=True, slots=True)
class Token:
    kind: str  # number, string, word, keyword, quoted (a name in backquotes), symbol, end
    text: str
    start: int
    end: int
    value: float | str | None = None


class SyntaxStop(Exception):
    """Internal: where reading the expression stopped. Never leaves this package."""

    def __init__(self, code: str, start: int, end: int, hint: Hint | None = None, **values: object) -> None:
        super().__init__(code)
        self.code, self.start, self.end, self.hint, self.values = code, start, end, hint, values


def tokenize(text: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        if found := _SPACE.match(text, at):
            at = found.end()
            continue
        token = _token(text, at)
        tokens.append(token)
        at = token.end
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def _token(text: str, at: int) -> Token:
    char = text[at]
    if char == '"':
        return _string(text, at)
    if char == "`":
        end = text.find("`", at + 1)
        if end < 0:
            raise SyntaxStop("R304", at, len(text), Hint("hint.close_backquote"), what="`")
        if end == at + 1:
            raise SyntaxStop("R303", at, end + 1, char="``")
        return Token("quoted", text[at : end + 1], at, end + 1, text[at + 1 : end])
    if found := _NUMBER.match(text, at):
        value = float(found.group())
        if not math.isfinite(value):
            raise SyntaxStop("R306", at, found.end(), text=found.group())
        if glued := _WORD.match(text, found.end()):
            raise SyntaxStop("R303", at, glued.end(), char=text[at : glued.end()])
        return Token("number", found.group(), at, found.end(), value)
    if found := _WORD.match(text, at):
        kind = "keyword" if found.group() in KEYWORDS else "word"
        return Token(kind, found.group(), at, found.end())
    if found := _SYMBOL.match(text, at):
        return Token("symbol", found.group(), at, found.end())
    hints = {"'": "hint.double_quotes", "“": "hint.double_quotes", "”": "hint.double_quotes", "&": "hint.use_and", "|": "hint.use_or", "%": "hint.use_modulo"}
    hint = Hint(hints[char]) if char in hints else None
    end = at + 2 if text[at : at + 2] in ("&&", "||") else at + 1
    raise SyntaxStop("R303", at, end, hint, char=text[at:end])


def _string(text: str, start: int) -> Token:
    at = start + 1
    out: list[str] = []
    while at < len(text):
        char = text[at]
        if char == '"':
            return Token("string", text[start : at + 1], start, at + 1, "".join(out))
        if char != "\\":
            out.append(char)
            at += 1
            continue
        escape = text[at + 1 : at + 2]
        if escape == "u" and re.match(r"[0-9a-fA-F]{4}", text[at + 2 : at + 6]):
            code = int(text[at + 2 : at + 6], 16)
            pair = re.match(r"\\u([dD][c-fC-F][0-9a-fA-F]{2})", text[at + 6 : at + 12])
            if 0xD800 <= code <= 0xDBFF and pair:
                code = 0x10000 + (code - 0xD800) * 0x400 + int(pair.group(1), 16) - 0xDC00
                at += 6
            elif 0xD800 <= code <= 0xDFFF:
                raise SyntaxStop("R309", at, at + 6, Hint("hint.escapes"), text=text[at : at + 6])
            out.append(chr(code))
            at += 6
        elif escape in _ESCAPES and escape:
            out.append(_ESCAPES[escape])
            at += 2
        else:
            raise SyntaxStop("R309", at, min(at + 2, len(text)), Hint("hint.escapes"), text=text[at : at + 2])
    raise SyntaxStop("R304", start, len(text), Hint("hint.close_quote"), what='"')
