"""Public benchmark instances as problems: one reader for each format.

``read`` looks at the file and finds the reader. What a reader cannot express is refused with a
sentence; nothing is left out silently.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from solver.instances import hhcrsp, solomon, vrplib
from solver.instances.instance import Instance, best_known
from solver.problem import BadProblem

__all__ = ["Instance", "read"]


def read(name: str) -> Instance:
    """The instance in a file, with the best known cost from the solution beside it.

    Raises:
        BadProblem: the file is of no known format, or asks for what the problem cannot say.
    """
    text = Path(name).read_text(encoding="utf-8")
    try:
        made: Instance = _reader(text).parse(text)
    except BadProblem as error:
        raise BadProblem(f"{name}: {error}") from None
    if made.with_lateness:
        return hhcrsp.with_known(made, Path(name))
    return best_known(made, Path(name).with_suffix(".sol"))


def _reader(text: str) -> ModuleType:
    for reader in (hhcrsp, vrplib, solomon):
        if reader.is_one(text):
            return reader
    raise BadProblem("is neither Solomon text nor a VRPLIB file nor HHCRSP JSON")
