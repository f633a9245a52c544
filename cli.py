"""The `susun` program: arguments, progress, exit codes; no logic."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from typing import Any

import click

from engine.interrupts import listen, signal_of
from engine.texts import say


def _language() -> str:
    chosen = os.environ.get("SUSUN_LANG") or os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "id" if chosen.lower().startswith("id") else "en"


LANG = _language()
Command = Callable[..., Any]


def _help(key: str) -> str:
    return say(f"help.{key}", LANG)


def _about(key: str, **arguments: str) -> str:
    """A command's help, with a line for each of its arguments."""
    return "\n\n".join([_help(key), *(f"{name}: {_help(words)}" for name, words in arguments.items())])


def _options(*names: str) -> Callable[[Command], Command]:
    """The options that several commands share, by name."""
    known: dict[str, Callable[[Command], Command]] = {
        "rules": click.option("--rules", metavar="DIR", help=_help("rules_option")),
        "param": click.option("--param", "params", metavar="NAME=VALUE", multiple=True, help=_help("param")),
        "mapping": click.option("--mapping", metavar="FILE", help=_help("mapping")),
        "locale": click.option("--locale", type=click.Choice(["en", "id"]), help=_help("locale")),
        "sheet": click.option("--sheet", metavar="NAME", help=_help("sheet")),
        "lang": click.option("--lang", type=click.Choice(["en", "id"]), default=LANG, help=_help("lang")),
        "json": click.option("--json", "as_json", is_flag=True, help=_help("json")),
        "org": click.option("--org", metavar="ID", required=True, help=_help("org")),
        "set": click.option("--set", "changes", metavar="FIELD=VALUE", multiple=True, help=_help("set")),
        "method": click.option("--method", metavar="METHOD", help=_help("method")),
        "robustness": click.option("--robustness", is_flag=True, help=_help("robustness")),
        "samples": click.option("--samples", type=int, metavar="N", help=_help("samples")),
        "seed": click.option("--seed", type=int, metavar="S", help=_help("sampling_seed")),
        "output": click.option("-o", "--output", metavar="OUT", help=_help("output")),
        **{name: click.option(f"--{name.replace('_', '-')}", is_flag=True, help=_help(name)) for name in ("strict", "resume", "restart", "no_progress")},
    }

    def add(command: Command) -> Command:
        for name in reversed(names):
            command = known[name](command)
        return command

    return add


def _words(_: click.Context, __: click.Parameter, value: str | None) -> list[str]:
    return [word.strip() for word in value.split(",") if word.strip()] if value else []


def _methods(_: click.Context, __: click.Parameter, value: str | None) -> list[str]:
    """Methods separated by commas; what follows a comma and has no method's name is one more option of the method before it."""
    found: list[str] = []
    for word in value.split(",") if value else ():
        if "=" in word and ":" not in word and found:
            found[-1] += f",{word.strip()}"
        elif word.strip():
            found.append(word.strip())
    return found


class _Closed(Exception):
    """Whoever read our output has closed it. Click would end with exit code 1."""


class _Command(click.Command):
    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _help("help")
        return option


class _Group(_Command, click.Group):
    command_class = _Command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise _Closed from None


_Group.group_class = _Group


@click.group(cls=_Group, help=_help("susun"), context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="susun", help=_help("version"))
def susun() -> None:
    """See `help.susun`."""


@susun.command(help=_about("evaluate", ORGS="orgs"))
@click.argument("orgs")
@_options("output", "rules", "param", "set")
@click.option("--scenario", metavar="FILE", help=_help("scenario"))
@_options("mapping", "locale", "sheet")
@click.option("--top", type=click.IntRange(1, 100), default=3, show_default=True, help=_help("top"))
@click.option("--format", "form", type=click.Choice(["wide", "long"]), default="wide", help=_help("format"))
@click.option("--keep", metavar="COLUMNS", callback=_words, help=_help("keep"))
@click.option("--group-by", metavar="COLUMN", help=_help("group_by"))
@click.option("--engine", type=click.Choice(["columnar", "durable"]), default="columnar", help=_help("engine"))
@_options("method")
@click.option("--to", type=click.Choice(["csv", "csv.gz", "csv.zst", "jsonl", "jsonl.gz", "jsonl.zst", "parquet", "arrow"]), help=_help("to"))
@click.option("--jobs", type=click.IntRange(1), metavar="N", help=_help("jobs"))
@click.option("--cross-check", is_flag=True, help=_help("cross_check"))
@click.option("--rejects", metavar="FILE", help=_help("rejects"))
@_options("strict", "resume", "restart", "no_progress")
@click.option("--on", "place", type=click.Choice(["spark"]), help=_help("on"))
@click.option("--master", metavar="URL", help=_help("master"))
@_options("robustness", "samples", "seed", "json", "lang")
def evaluate(**arguments: Any) -> int:
    """See `help.evaluate`."""
    from engine.commands import evaluate as command

    return command.run(**arguments)


@susun.command(help=_about("compare", ORGS="orgs"))
@click.argument("orgs")
@_options("org")
@click.option("--structures", "chosen", metavar="A,B,...", callback=_words, help=_help("structures"))
@_options("method")
@click.option("--methods", metavar="all|A,B,...", callback=_methods, help=_help("methods"))
@_options("robustness", "samples", "seed", "rules", "param", "mapping", "locale", "sheet", "json", "lang")
def compare(**arguments: Any) -> int:
    """See `help.compare`."""
    from engine.commands import organisation

    return organisation.run_compare(**arguments)


@susun.command(help=_about("explain", ORGS="orgs"))
@click.argument("orgs")
@_options("org")
@click.option("--role", metavar="ROLE", help=_help("role"))
@click.option("--structure", metavar="STRUCTURE", help=_help("structure"))
@_options("set", "rules", "param", "mapping", "locale", "sheet", "json", "lang")
def explain(**arguments: Any) -> int:
    """See `help.explain`."""
    from engine.commands import organisation

    return organisation.run_explain(**arguments)


@susun.command(help=_about("whatif", ORGS="orgs"))
@click.argument("orgs")
@_options("org")
@click.option("--want", metavar="CONDITION", help=_help("want"))
@click.option("--vary", metavar="FIELD", multiple=True, help=_help("vary"))
@click.option("--pairs", is_flag=True, help=_help("pairs"))
@click.option("--set", "scenarios", metavar="FIELD=VALUE,...", multiple=True, help=_help("beside"))
@_options("rules", "param", "mapping", "locale", "sheet", "json", "lang")
def whatif(**arguments: Any) -> int:
    """See `help.whatif`."""
    from engine.commands import whatif as command

    return command.run(**arguments)


@susun.command(help=_about("roadmap", ORGS="orgs"))
@click.argument("orgs")
@click.option("--org", metavar="ID", help=_help("roadmap_org"))
@click.option("--along", metavar="FIELD", help=_help("along"))
@click.option("--from", "low", type=float, metavar="VALUE", help=_help("from_value"))
@click.option("--to", "high", type=float, metavar="VALUE", help=_help("to_value"))
@click.option("--path", metavar="NOW,6M,12M", help=_help("path"))
@_options("output", "rules", "param", "mapping", "locale", "sheet", "json", "lang")
def roadmap(**arguments: Any) -> int:
    """See `help.roadmap`."""
    from engine.commands import roadmap as command

    return command.run(**arguments)


@susun.command(help=_help("template"))
@_options("output")
@click.option("--describe", is_flag=True, help=_help("describe"))
@_options("rules", "lang")
def template(**arguments: Any) -> int:
    """See `help.template`."""
    from engine.commands import files

    return files.run_template(**arguments)


@susun.command(help=_help("sample"))
@click.option("--rows", type=click.IntRange(0), default=100, show_default=True, help=_help("rows"))
@click.option("--seed", type=int, default=1, show_default=True, help=_help("seed"))
@_options("output", "rules", "lang")
def sample(**arguments: Any) -> int:
    """See `help.sample`."""
    from engine.commands import files

    return files.run_sample(**arguments)


@susun.group(help=_help("rules"))
def rules() -> None:
    """See `help.rules`."""


@rules.command(help=_about("check", DIR="model"))
@click.argument("model", required=False, metavar="[DIR]")
@click.option("--format", "form", type=click.Choice(["text", "github"]), default="text", help=_help("check_format"))
@_options("json", "lang")
def check(**arguments: Any) -> int:
    """See `help.check`."""
    from engine.commands import rules as command

    return command.run_check(**arguments)


@rules.command(help=_about("show", NAME="name"))
@click.argument("name", required=False)
@click.option("--rules", "model", metavar="DIR", help=_help("model"))
@click.option("--graph", "drawing", metavar="FILE", help=_help("graph"))
@_options("json", "lang")
def show(**arguments: Any) -> int:
    """See `help.show`."""
    from engine.commands import rules as command

    return command.run_show(**arguments)


@rules.command(help=_about("coverage", DIR="model", ORGS="coverage_orgs"))
@click.argument("model", required=False, metavar="[DIR]")
@click.argument("orgs", required=False, metavar="[ORGS]")
@click.option("--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT", help=_help("fail_under"))
@click.option("--html", metavar="FILE", help=_help("coverage_html"))
@click.option("--suggest", "suggested", metavar="FILE", help=_help("suggest"))
@_options("json", "lang")
def coverage(**arguments: Any) -> int:
    """See `help.coverage`."""
    from engine.commands import coverage as command

    return command.run(**arguments)


@rules.command(help=_about("diff", OLD="diff_old", NEW="diff_new", ORGS="diff_orgs"))
@click.argument("old")
@click.argument("new")
@click.argument("orgs", required=False)
@click.option("--output", "-o", metavar="FILE", help=_help("diff_output"))
@_options("mapping", "json", "lang")
def diff(**arguments: Any) -> int:
    """See `help.diff`."""
    from engine.commands import diff as command

    return command.run(**arguments)


@rules.command(help=_about("new", DIR="folder"))
@click.argument("folder", metavar="DIR")
@click.option("--from", "source", metavar="MODEL", default="social_media_team", show_default=True, help=_help("from"))
@click.option("--extends", is_flag=True, help=_help("extends"))
@_options("lang")
def new(**arguments: Any) -> int:
    """See `help.new`."""
    from engine.commands import rules as command

    return command.run_new(**arguments)


@rules.command(help=_about("prove", DIR="model"))
@click.argument("model", required=False, metavar="[DIR]")
@click.option("--timeout", type=click.FloatRange(0.001), default=5.0, show_default=True, metavar="SECONDS", help=_help("timeout"))
@click.option("-k", "only", metavar="TEXT", help=_help("prove_only"))
@click.option("--strict", is_flag=True, help=_help("prove_strict"))
@_options("json", "lang")
def prove(**arguments: Any) -> int:
    """See `help.prove`."""
    from engine.commands import prove as command

    return command.run_prove(**arguments)


@rules.command("explain", help=_about("code", CODE="code_name"))
@click.argument("code")
@_options("lang")
def explain_code(**arguments: Any) -> int:
    """See `help.code`."""
    from engine.commands import rules as command

    return command.run_code(**arguments)


@rules.command(help=_about("test", DIR="model"))
@click.argument("model", required=False, metavar="[DIR]")
@_options("param")
@click.option("-k", "chosen", metavar="TEXT", help=_help("chosen"))
@click.option("-v", "--verbose", is_flag=True, help=_help("verbose"))
@click.option("--watch", "again", is_flag=True, help=_help("watch"))
@click.option("--junit", "report", metavar="FILE", help=_help("junit"))
@_options("json", "lang")
def test(**arguments: Any) -> int:
    """See `help.test`."""
    from engine.commands import testing

    return testing.run(**arguments)


@rules.command(help=_about("schema", KIND="kind"))
@click.argument("kind", required=False)
@click.option("-o", "--output", metavar="DIR", help=_help("schema_output"))
@click.option("--check", is_flag=True, help=_help("schema_check"))
@_options("lang")
def schema(**arguments: Any) -> int:
    """See `help.schema`."""
    from engine.commands import schema as command

    return command.run(**arguments)


@rules.command("export-table", help=_about("export_table", DECISION="table_name", FILE="table_to"))
@click.argument("decision")
@click.argument("output", metavar="FILE")
@_options("rules", "lang")
def export_table(**arguments: Any) -> int:
    """See `help.export_table`."""
    from engine.commands import tables as command

    return command.run_export(**arguments)


@rules.command("import-table", help=_about("import_table", DECISION="table_name", FILE="table_from"))
@click.argument("decision")
@click.argument("file")
@_options("rules", "sheet")
@click.option("-o", "--output", metavar="FILE", help=_help("table_output"))
@_options("lang")
def import_table(**arguments: Any) -> int:
    """See `help.import_table`."""
    from engine.commands import tables as command

    return command.run_import(**arguments)


def main() -> None:
    """Run the program and end the process."""
    listen()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no such character
    code = _code()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    # Not sys.exit: a thread of the CSV reader may still hold bytes of ours, and letting go of them while the interpreter shuts down aborts it (pyarrow 26).
    os._exit(code)


def _code() -> int:
    """0 done, 1 found something, 2 wrong usage or nothing could be done, 128 + n ended by signal n (130: Ctrl-C); a closed pipe is no fault."""
    try:
        code = susun(standalone_mode=False)
        sys.stdout.flush()
        return int(code or 0)
    except (click.exceptions.Abort, KeyboardInterrupt) as error:
        with suppress(OSError):  # the terminal may be gone
            click.echo(say("interrupted", LANG), err=True)
        return 128 + signal_of(error)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (_Closed, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        click.echo(say("fault.output", LANG, why=error.strerror or str(error)), err=True)
        return 2
    except Exception as error:
        stopped = getattr(error, "code", None)
        if type(error).__name__ == "Stop" and isinstance(stopped, int):
            return stopped
        if os.environ.get("SUSUN_TRACEBACK"):
            raise
        click.echo(say("fault.program", LANG, what=f"{type(error).__name__}: {error}"), err=True)
        return 2


if __name__ == "__main__":
    main()
