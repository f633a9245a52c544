"""A process that has imported the program once and becomes it, by a fork, for every run: as real as a new one, without the seconds that imports take."""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent


def serve(requests: int, replies: int) -> None:
    """Read a request a line from one file descriptor, answer on the other, until there are no more: `begin` with the process's id, `end` with its exit code."""
    sys.path.insert(0, str(ROOT))
    import pandas  # noqa: F401 - pyarrow asks for it
    import pyarrow.compute
    import pyarrow.csv
    import pyarrow.parquet
    import rich.progress
    import rich.table  # noqa: F401

    import cli
    import engine.commands.evaluate
    import engine.commands.organisation
    import engine.commands.rules  # noqa: F401

    pyarrow.compute.utf8_trim_whitespace(pyarrow.array([" é"]))  # it makes its tables now
    with os.fdopen(requests) as lines:
        for line in lines:
            request = json.loads(line)
            if "end" in request:
                _, status = os.waitpid(request["end"], 0)
                os.write(replies, f"{os.waitstatus_to_exitcode(status)}\n".encode())
            else:
                pid = os.fork()
                if pid == 0:
                    _become(cli, request["begin"])
                os.write(replies, f"{pid}\n".encode())


def _become(program: object, request: dict[str, object]) -> NoReturn:
    """Run the program in this process, the first of a group, its standard streams in files. `constants`: module:name -> another value."""
    code = 1
    try:
        os.setpgid(0, 0)
        for place, value in request["constants"].items():  # type: ignore[attr-defined]
            module, _, name = place.partition(":")
            setattr(importlib.import_module(module), name, value)
        os.chdir(str(request["folder"]))
        os.environ.clear()
        os.environ.update(request["environment"])  # type: ignore[call-overload]
        for number, path in enumerate(("/dev/null", request["out"], request["err"])):
            os.dup2(os.open(str(path), os.O_RDWR), number)
        sys.argv = [str(ROOT / "cli.py"), *request["arguments"]]  # type: ignore[misc]
        program.main()  # type: ignore[attr-defined]
    except SystemExit as error:
        code = int(error.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
