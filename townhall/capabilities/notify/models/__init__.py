"""Templates, keys, messages, batches and callbacks; what the sandbox suppliers received."""

from townhall.capabilities.notify.models.allowances import (
    Allowance,
    DayCount,
)
from townhall.capabilities.notify.models.batches import (
    Batch,
    BatchChunk,
)
from townhall.capabilities.notify.models.books import (
    CURRENT,
    Book,
)
from townhall.capabilities.notify.models.callbacks import (
    Callback,
    CallbackDelivery,
)
from townhall.capabilities.notify.models.complaints import (
    Complaint,
)
from townhall.capabilities.notify.models.figures import (
    POSTAGES,
    Tallies,
    Tally,
    Tariff,
)
from townhall.capabilities.notify.models.files import (
    LinkedFile,
)
from townhall.capabilities.notify.models.folders import (
    TemplateFolder,
)
from townhall.capabilities.notify.models.going_live import (
    GoingLive,
    Guest,
)
from townhall.capabilities.notify.models.keys import (
    ApiKey,
    Origin,
    Sender,
)
from townhall.capabilities.notify.models.messages import (
    Message,
)
from townhall.capabilities.notify.models.papers import (
    Paper,
)
from townhall.capabilities.notify.models.sandbox import (
    SandboxMessage,
)
from townhall.capabilities.notify.models.steps import (
    Step,
)
from townhall.capabilities.notify.models.suppliers import (
    Supplier,
)
from townhall.capabilities.notify.models.templates import (
    Template,
    TemplateVersion,
)
from townhall.capabilities.notify.models.texts import (
    ReceivedText,
)

__all__ = [
    "CURRENT",
    "POSTAGES",
    "Allowance",
    "ApiKey",
    "Batch",
    "BatchChunk",
    "Book",
    "Callback",
    "CallbackDelivery",
    "Complaint",
    "DayCount",
    "GoingLive",
    "Guest",
    "LinkedFile",
    "Message",
    "Origin",
    "Paper",
    "ReceivedText",
    "SandboxMessage",
    "Sender",
    "Step",
    "Supplier",
    "Tallies",
    "Tally",
    "Tariff",
    "Template",
    "TemplateFolder",
    "TemplateVersion",
]
