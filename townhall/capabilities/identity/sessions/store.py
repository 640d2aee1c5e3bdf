"""SESSION_ENGINE: sessions in the database, each saying whose it is and where they are."""

from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from townhall.capabilities.identity import models

DEVICE = "device"  # where a session keeps, as JSON, what its row says of the device


class SessionStore(DatabaseStore):
    """Django's own, in a table where the sessions of one person can be found."""

    @classmethod
    def get_model_class(cls) -> type[models.Session]:
        return models.Session

    def create_model_instance(self, data: dict[str, Any]) -> models.Session:  # Any: what JSON takes
        row: models.Session = super().create_model_instance(data)  # type: ignore[assignment]  # of get_model_class
        row.person_id = data.get(SESSION_KEY)
        if row.person_id:
            about = data.get(DEVICE, {})
            row.organisation_id = about.get("organisation_id")
            row.browser = about.get("browser", "")
            row.ip = about.get("ip")
            row.signed_in_at = _moment(about.get("signed_in_at"))
            row.seen_at = _moment(about.get("seen_at"))
        return row


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
