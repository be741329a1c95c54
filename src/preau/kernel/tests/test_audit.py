"""The audit chain: sealed in batches, verified, erasable in its details, expired by whole segments."""

from __future__ import annotations

import datetime as dt

import pytest

from preau.kernel import audit, clock
from preau.kernel.actions import machinery
from preau.kernel.actor import system
from preau.kernel.models import AuditDetail, AuditEntry, AuditSegment

pytestmark = pytest.mark.django_db


def write(count: int) -> None:
    with machinery("testing"):
        audit.write(system("test"), "test.done", [audit.Entry(subject=n, details={"n": n}) for n in range(count)])


def test_sealed_entries_verify() -> None:
    write(3)
    assert audit.seal() == 3
    write(2)
    assert audit.seal() == 2
    assert audit.seal() == 0
    assert audit.check() == []
    first, second = AuditSegment.objects.order_by("pk")
    assert bytes(second.previous_digest) == bytes(first.digest)


@pytest.mark.parametrize(
    "change", [{"verb": "test.other"}, {"actor": 9}, {"at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}]
)
def test_a_changed_entry_is_found(change: dict[str, object]) -> None:
    write(3)
    audit.seal()
    with machinery("testing"):
        AuditEntry.objects.filter(subject=1).update(**change)
    assert any("changed after it was sealed" in problem for problem in audit.check())


def test_a_removed_entry_is_found() -> None:
    write(3)
    audit.seal()
    with machinery("testing"):
        AuditDetail.objects.filter(entry__subject=1).delete()
        AuditEntry.objects.filter(subject=1).delete()
    assert any("2 entries, 3 were sealed" in problem for problem in audit.check())


def test_changed_details_are_found_and_erased_ones_are_not_missed() -> None:
    write(2)
    audit.seal()
    with machinery("testing"):
        AuditDetail.objects.filter(entry__subject=0).update(details={"n": 99})
        AuditDetail.objects.filter(entry__subject=1).delete()
    assert audit.check() == [f"audit: the details of entry {AuditEntry.objects.get(subject=0).uuid} were changed"]


def test_whole_old_segments_expire_and_the_rest_still_verifies() -> None:
    with clock.moved(dt.datetime(2025, 1, 1, tzinfo=dt.UTC)):
        write(2)
        audit.seal()
    write(2)
    audit.seal()
    audit.expire(clock.now() - dt.timedelta(days=365))
    assert AuditEntry.objects.count() == 2
    assert audit.check() == []
