"""How far a message has come, by its status."""

from collections.abc import Mapping

from townhall.capabilities.notify.records import Stage, Status

STATUSES: Mapping[Stage, tuple[Status, ...]] = {
    Stage.WAITING: (Status.CREATED, Status.PENDING_VIRUS_CHECK),
    Stage.SENT: (Status.SENDING, Status.SENT),
    Stage.DELIVERED: (Status.DELIVERED,),
    Stage.FAILED: (
        Status.TEMPORARY_FAILURE,
        Status.PERMANENT_FAILURE,
        Status.TECHNICAL_FAILURE,
        Status.VIRUS_SCAN_FAILED,
        Status.VALIDATION_FAILED,
    ),
    Stage.CANCELLED: (Status.CANCELLED,),
}
FAILED = STATUSES[Stage.FAILED]
WAITING = STATUSES[Stage.WAITING]
_STAGES = {status: stage for stage, statuses in STATUSES.items() for status in statuses}


def stage_of(status: str) -> Stage:
    return _STAGES[Status(status)]
