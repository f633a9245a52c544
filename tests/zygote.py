"""A process that has imported the program once and becomes it, by a fork, for every run: as real as a new one, without the seconds that imports take."""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent


def serve(requests: int, replies: int) -> None:
    """Read a request a line from one file descriptor, answer with the exit code on the other, until there are no more."""
    sys.path.insert(0, str(ROOT))
    import rich.progress
    import rich.table  # noqa: F401

    import cli
    import engine.commands.evaluate
    import engine.commands.organisation
    import engine.commands.rules  # noqa: F401

    with os.fdopen(requests) as lines:
        for line in lines:
            pid = os.fork()
            if pid == 0:
                _become(cli, json.loads(line))
            _, status = os.waitpid(pid, 0)
            os.write(replies, f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _become(program: object, request: dict[str, object]) -> NoReturn:
    """Run the program in this process, its standard streams in files."""
    code = 1
    try:
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
