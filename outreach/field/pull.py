"""Tell a tablet what changed.

What it may see is computed anew each time and compared with what it was given last, so nothing has
to announce a change: not a plan, not a site, not the day that ended at midnight.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select

from outreach.core.db import atomic, db, snapshot
from outreach.field import rules
from outreach.field.bundle import rows_for, versions
from outreach.field.letter import Letter, Raw
from outreach.field.models import DeviceView
from outreach.field.queries import Caller


def pull(caller: Caller, letter: Letter) -> Raw:
    """The difference between what the tablet holds and what it may hold now."""
    with snapshot():
        rows = rows_for(caller.user_id)
        base = db.session.execute(
            select(DeviceView.id, DeviceView.rows).where(
                DeviceView.device_id == caller.device_id, DeviceView.id == letter.view,
                DeviceView.layout == letter.layout,
            )
        ).first()  # fmt: skip
    now = versions(rows)
    before = base.rows if base else {}
    put = [
        {"k": kind, "id": id_, "ver": now[f"{kind}:{id_}"], "body": body}
        for (kind, id_), body in rows.items()
        if before.get(f"{kind}:{id_}") != now[f"{kind}:{id_}"]
    ]
    gone = [key.split(":", 1) for key in before if key not in now]
    if base and not put and not gone:
        return {"base": base.id, "view": base.id, "put": [], "del": []}
    view = _keep_view(caller.device_id, letter, now)
    return {"base": base.id if base else None, "view": view, "put": put, "del": gone}


@atomic
def _keep_view(device_id: str, letter: Letter, rows: dict[str, int]) -> str:
    """Remember what is sent; the base stays, should this answer get lost."""
    db.session.flush()
    earlier = db.session.scalars(
        select(DeviceView.id).where(DeviceView.device_id == device_id)
        .order_by(DeviceView.created_at.desc(), DeviceView.id.desc())
    ).all()  # fmt: skip
    _forget(
        id_
        for place, id_ in enumerate(earlier)
        if place >= rules.VIEWS_KEPT - 1 and id_ != letter.view
    )
    made = DeviceView(device_id=device_id, layout=letter.layout, rows=rows)
    db.session.add(made)
    db.session.flush()
    return made.id


def _forget(view_ids: Iterable[str]) -> None:
    ids = list(view_ids)
    if ids:
        db.session.execute(delete(DeviceView).where(DeviceView.id.in_(ids)))
