"""``outreach elections verify``: needs nothing but the file."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from outreach.proof import reader, say
from outreach.proof.verify import verify as judge
from outreach.rulesets.commands import elections


@elections.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="every rule with its result, for machines")
@click.option("--language", type=click.Choice(["da", "en"]), default="en")
def verify(bundle: Path, language: str, *, as_json: bool) -> None:
    """Judge an exported election: 0 no rule is broken, 1 one is, 2 the file cannot be read."""
    try:
        report = judge(reader.load(bundle))
    except reader.Unreadable as error:
        click.echo(f"outreach: {bundle.name}: {error}", err=True)
        sys.exit(2)
    if as_json:
        click.echo(json.dumps(report.document(), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(say.lines(report, language)))
    sys.exit(0 if report.is_clean else 1)
