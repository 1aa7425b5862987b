"""One module of machine code for each entry of the core, with all parts that it calls in it.

numba by itself optimises each function together with all that it calls, and turns it into machine
code, before its caller does the same again; and a function that other modules may call keeps every
argument, some 250 of them for a world and a board. So here a part stays as it is written until an
entry takes it in; there it is private, and LLVM drops arguments, passes on constants and inlines as
it sees fit. It compiles in half the time and searches a third faster.

The classes are numba's own, at the two places where it lets others in: a compiler of one's own for
a function (``pipeline_class``), and the library into which that compiler writes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler

waiting: list[tuple[Any, Any]] = []
"""Parts that no entry has asked for yet, and their signatures."""


class PartLibrary(JITCodeLibrary):
    """Code that is kept for entries to take in; it is not run by itself."""

    def _optimize_final_module(self) -> None:
        """Left to the entry."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, _name: str) -> int:
        """None, as there is no machine code."""
        self._ensure_finalized()
        return 0

    @property
    def codegen(self) -> PartLibrary:
        """Who is told the environment: nobody needs it, as the core raises nothing."""
        return self

    def set_env(self, _name: str, _environment: object) -> None:
        """Forget it."""


class EntryLibrary(JITCodeLibrary):
    """Code of an entry and of its parts, which nobody else can call."""

    def _optimize_final_module(self) -> None:
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage.name == "linkonce_odr":
                function.linkage = "internal"
        super()._optimize_final_module()


class PartCompiler(Compiler):
    """Compiles a part."""

    _library: type[JITCodeLibrary] = PartLibrary

    def compile_extra(self, function: Callable[..., Any]) -> Any:
        """Write into a library of our own."""
        name = function.__qualname__
        self.state.library = self._library(self.state.targetctx.codegen(), name)
        self.state.library.enable_object_caching()
        return super().compile_extra(function)


class EntryCompiler(PartCompiler):
    """Compiles an entry; it is only asked where the entry is not in the cache."""

    _library = EntryLibrary

    def define_pipelines(self) -> Any:
        """First the parts, each by its own signature alone: other arguments are cast."""
        for part, signature in waiting:
            part.compile(signature)
            part.disable_compile()
        waiting.clear()
        return super().define_pipelines()
