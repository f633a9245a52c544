"""Turn results of examples, and what was wrong with their files, into JUnit XML, which CI servers read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath
from xml.etree import ElementTree as Xml

from engine.authoring.examples import Result
from engine.diagnostics import Diagnostic

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production [2]


def junit(model: str, results: Sequence[Result], found: Sequence[Diagnostic], seconds: float, lang: str) -> str:
    """One suite; an example is a case, a diagnostic that is an error is a case with an error."""
    wrong = [item for item in found if item.severity == "error"]
    counts = {"tests": len(results) + len(wrong), "failures": sum(not result.passed for result in results), "errors": len(wrong), "skipped": 0}
    numbers = {key: str(value) for key, value in counts.items()} | {"time": f"{seconds:.3f}"}
    root = Xml.Element("testsuites", {"name": "susun rules test", **numbers})
    suite = Xml.SubElement(root, "testsuite", {"name": _clean(model), **numbers})
    each = f"{seconds / len(results):.3f}" if results else "0.000"
    for result in results:
        span = result.example.span
        case = _case(suite, span.source.name, result.example.name, span.line, each)
        if not result.passed:
            message = "; ".join(failure.said(lang) for failure in result.failures)
            Xml.SubElement(case, "failure", {"message": _clean(message), "type": "expectation"}).text = _clean(result.said(lang))
    for item in wrong:
        file, line = (item.span.source.name, item.span.line) if item.span is not None else (model, 1)
        case = _case(suite, file, f"{item.code} {item.message(lang)}", line, "0.000")
        Xml.SubElement(case, "error", {"message": _clean(item.message(lang)), "type": item.code}).text = _clean(item.render(lang))
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _case(suite: Xml.Element, file: str, name: str, line: int, seconds: str) -> Xml.Element:
    where = ".".join(PurePath(file).with_suffix("").parts[-3:])
    return Xml.SubElement(suite, "testcase", {"classname": _clean(where), "name": _clean(name), "file": _clean(file), "line": str(line), "time": seconds})


def _clean(text: str) -> str:
    """Without the characters that XML can't hold."""
    return _NOT_XML.sub("\ufffd", text)
