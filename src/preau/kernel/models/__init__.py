"""Tables of the kernel. `volatile` ones live in a second database that may be lost."""

from preau.kernel.models.audit import AuditDetail, AuditEntry, AuditSegment
from preau.kernel.models.disclosure import Disclosure
from preau.kernel.models.instance import DemoRun, ScheduleMark
from preau.kernel.models.outbox import OutboxEvent
from preau.kernel.models.volatile import JobRun, Progress, ThrottleMark

__all__ = [
    "AuditDetail",
    "AuditEntry",
    "AuditSegment",
    "DemoRun",
    "Disclosure",
    "JobRun",
    "OutboxEvent",
    "Progress",
    "ScheduleMark",
    "ThrottleMark",
]
