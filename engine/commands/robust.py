"""Turn `--robustness` into how weights are sampled, and one organisation's robustness into the page that `susun compare` prints."""

from __future__ import annotations

from typing import Any

from engine.commands.common import stop
from engine.diagnostics import Diagnostic, Hint
from engine.explain.case import Case
from engine.model.plan import Plan
from engine.outcome.robust import refused
from engine.outcome.terminal import hanging, put_table, table
from engine.scoring.robustness.label import TIE
from engine.scoring.robustness.samples import SAMPLES, SEED, Sampling
from engine.texts import say, shown

NAMED = 3  # criteria in a sentence
SEEN = 0.0005  # a share below this is 0.0% when printed
EXACT = 1e-9  # a change of weights below this is none


def sampling_of(plan: Plan, asked: bool, samples: int | None, seed: int | None, beside: str | None, lang: str) -> Sampling | None:
    """How weights are sampled, None where robustness is not asked for; or the command ends. `beside`: an option given that does not go with it."""
    if not asked:
        unused = [option for option, value in (("--samples", samples), ("--seed", seed)) if value is not None]
        if unused:
            raise stop([Diagnostic("X113", {"option": unused[0], "needed": "--robustness"}, None, Hint("hint.add_option", {"option": "--robustness"}))], lang)
        return None
    if beside is not None:
        raise stop([Diagnostic("X114", {"option": "--robustness", "other": beside}, None, Hint("hint.leave_out"))], lang)
    sampling = Sampling(SAMPLES if samples is None else samples, SEED if seed is None else seed)
    if found := refused(plan, sampling):
        raise stop(found, lang)
    return sampling


def show(out: Any, case: Case, data: dict[str, Any]) -> None:
    """The section below the table of `susun compare`. `data`: what `explain.robust` found."""
    lang = case.lang
    _title(out, say("robust.title", lang))
    _Page(out, case, data).put()


def _title(out: Any, text: str) -> None:
    out.print()
    hanging(out, text, 0, style="bold")


class _Page:
    """The sentences of one page."""

    def __init__(self, out: Any, case: Case, data: dict[str, Any]) -> None:
        self.out, self.data, self.lang = out, data, case.lang
        self.structures = {id_: item.label[case.lang] for id_, item in case.plan.structures.items()}
        self.criteria = {id_: item.label[case.lang] for id_, item in case.plan.criteria.items()}

    def share(self, value: float) -> str:
        return f"<{shown.number(100 * 2 * SEEN, self.lang, 1)}%" if 0 < value < SEEN else f"{shown.number(100 * value, self.lang, 1)}%"

    def distance(self, value: float) -> str:
        return shown.number(value, self.lang, 3)

    def line(self, text: str) -> None:
        hanging(self.out, text, 2)

    def put(self) -> None:
        data = self.data
        if data["label"] is None:
            self.line(say("robust.none", self.lang))
            return
        self.answer()
        if not data["challengers"]:
            return
        _title(self.out, say("robust.challengers", self.lang))
        for item in data["challengers"]:
            self.line(self.challenger(item))
        _title(self.out, say("robust.stability", self.lang, winner=self.structures[data["winner"]]))
        self.stability()
        _title(self.out, say("robust.acceptability", self.lang))
        self.acceptability()
        if data["dominated"]:
            _title(self.out, say("robust.dominated", self.lang))
            for item in data["dominated"]:
                others = shown.listed((self.structures[id_] for id_ in item["by"]), self.lang)
                key = "robust.dominated_by" if len(item["by"]) == 1 else "robust.dominated_by_many"
                self.line(say(key, self.lang, structure=self.structures[item["structure"]], others=others))

    def answer(self) -> None:
        data, winner = self.data, self.structures[self.data["winner"]]
        if not data["challengers"]:
            self.line(say("robust.alone", self.lang, winner=winner))
        elif data["challenger"] is None:
            self.line(say("robust.unbeatable_tie" if data["label"] == TIE else "robust.unbeatable", self.lang, winner=winner))
        else:
            nearest = data["challengers"][0]
            challenger = self.structures[nearest["structure"]]
            level = data["label"] == TIE and nearest["weight_change"] <= EXACT
            self.line(
                say("robust.level" if level else f"robust.{data['label']}", self.lang, winner=winner, challenger=challenger, share=self.share(nearest["moved"]))
            )
            if not level:
                self.line(say("robust.number", self.lang, change=self.distance(nearest["weight_change"]), threshold=self.distance(data["threshold"])))

    def challenger(self, item: dict[str, Any]) -> str:
        names = {"structure": self.structures[item["structure"]], "winner": self.structures[self.data["winner"]]}
        if item["weights"] is None:
            return say("robust.never", self.lang, **names)
        if item["weight_change"] <= EXACT:
            return say("robust.already", self.lang, **names)
        text = say("robust.challenger", self.lang, **names, share=self.share(item["moved"]), change=self.distance(item["weight_change"]))
        by_change = sorted(item["weights"].items(), key=lambda pair: -abs(pair[1]["to"] - pair[1]["from"]))
        for key, sign in (("more", 1), ("less", -1)):
            moved = [(id_, self.share(move["from"]), self.share(move["to"])) for id_, move in by_change if sign * (move["to"] - move["from"]) > 0]
            seen = [(id_, before, after) for id_, before, after in moved if before != after]
            named = [say("robust.from_to", self.lang, criterion=self.criteria[id_], before=before, after=after) for id_, before, after in seen[:NAMED]]
            if named:
                text += " " + say(f"robust.{key}" if len(seen) <= NAMED else f"robust.{key}_mainly", self.lang, criteria=shown.listed(named, self.lang))
        return text

    def stability(self) -> None:
        headers = [(say("robust.criterion", self.lang), "left"), (say("robust.weight_now", self.lang), "right"), (say("robust.stays", self.lang), "left")]
        rows = [[self.criteria[item["criterion"]], self.share(item["weight"]), self.between(item["low"], item["high"])] for item in self.data["stability"]]
        put_table(self.out, table(headers, rows, ((0,),), self.out.width))
        hanging(self.out, say("robust.stability_note", self.lang), 0)

    def between(self, low: float, high: float) -> str:
        if low >= 1:
            return say("robust.whole", self.lang)
        if low <= 0 and high >= 1:
            return say("robust.any", self.lang)
        if low <= 0:
            return say("robust.up_to", self.lang, high=self.share(high))
        return (
            say("robust.down_to", self.lang, low=self.share(low)) if high >= 1 else say("robust.between", self.lang, low=self.share(low), high=self.share(high))
        )

    def acceptability(self) -> None:
        self.line(say("robust.sampled", self.lang, samples=shown.number(self.data["samples"], self.lang)))
        for item in sorted(self.data["acceptability"], key=lambda item: -item["first"]):
            error = shown.number(100 * item["first_se"], self.lang, 1)
            names = {"structure": self.structures[item["structure"]], "first": self.share(item["first"]), "error": error}
            key = "robust.often_none" if item["first"] == 0 else "robust.often_all" if item["first"] == 1 else "robust.often"
            hanging(self.out, say(key, self.lang, **names) + self.favoured(item) + ".", 4)

    def favoured(self, item: dict[str, Any]) -> str:
        """Which priorities put a structure first: the criteria whose weight is then furthest above what it is on average."""
        if item["central_weights"] is None or item["first"] == 1:
            return ""
        usual = self.data["usual_weights"]
        above = sorted(((mean - usual[id_], id_, mean) for id_, mean in item["central_weights"].items()), reverse=True)
        named = [
            say("robust.rather_than", self.lang, criterion=self.criteria[id_], mean=self.share(mean), usual=self.share(usual[id_]))
            for more, id_, mean in above[:NAMED]
            if more >= 10 * SEEN
        ]
        return say("robust.favoured", self.lang, criteria=shown.listed(named, self.lang)) if named else ""
