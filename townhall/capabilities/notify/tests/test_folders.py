"""The folders that templates are in; and templates copied, archived and brought back."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from townhall.capabilities.notify import errors, models, operations, permissions, queries, records
from townhall.capabilities.notify.operations.folders import MOST_FOLDERS
from townhall.capabilities.notify.records import Channel
from townhall.capabilities.notify.tests.make import (
    BARSET,
    ELSEWHERE,
    OUTSIDER,
    WORDING,
    make_template,
    send,
)
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid, NotAllowed, Refused
from townhall.machinery.models import AuditEntry
from townhall.machinery.wording import Wording

pytestmark = pytest.mark.django_db

STAFF = Actor("staff:administrator", frozenset({permissions.EDIT_TEMPLATES}), BARSET.id)
THEIRS = Actor("staff:administrator", STAFF.may, ELSEWHERE.id)
NOWHERE = UUID(int=9)


def folder(title: str, *, within: records.FolderName | None = None) -> records.FolderName:
    return operations.make_folder(STAFF, title=title, parent_id=within.id if within else None)


def template(title: str, *, within: records.FolderName | None = None) -> records.Template:
    return operations.make_template(
        STAFF,
        title=title,
        subject=Wording("Hi", "Helo"),
        body=Wording("Dear ((name))", "Annwyl ((name))"),
        folder_id=within.id if within else None,
    )


def titles(where: UUID | None) -> list[str]:
    return [line.title for line in queries.list_templates(STAFF, folder_id=where).rows]


def test_folders_hold_folders_and_templates() -> None:
    bins = folder(" Bins  and  more ")
    garden = folder("Garden", within=bins)
    template("Late", within=garden)
    template("Early")

    found = {each.path: each for each in queries.list_folders(STAFF)}

    assert list(found) == ["Bins and more", "Bins and more / Garden"]
    assert (found["Bins and more"].folders, found["Bins and more"].templates) == (1, 0)
    inner = queries.get_folder(STAFF, garden.id)
    assert (inner.templates, inner.parent_id, inner.above) == (1, bins.id, (bins,))
    assert (titles(garden.id), titles(None)) == (["Late"], ["Early"])


def test_folders_beside_each_other_have_different_titles() -> None:
    bins, roads, other = (folder(title) for title in ("Bins", "Roads", "Other"))
    folder("Bins", within=bins)
    folder("Roads", within=other)

    with pytest.raises(errors.NameTaken):
        folder("Bins")
    with pytest.raises(errors.NameTaken):
        operations.rename_folder(STAFF, roads.id, title="Bins")
    with pytest.raises(errors.NameTaken):
        operations.move_folder(STAFF, roads.id, parent_id=other.id)
    assert operations.rename_folder(STAFF, roads.id, title="Roads").title == "Roads"


@pytest.mark.parametrize("title", ["", "  ", "x" * 81])
def test_a_folder_needs_a_title_that_fits(title: str) -> None:
    with pytest.raises(Invalid):
        folder(title)


def test_there_are_only_so_many_folders() -> None:
    models.TemplateFolder.objects.bulk_create(
        models.TemplateFolder(organisation_id=BARSET.id, title=f"{number}")
        for number in range(MOST_FOLDERS)
    )

    with pytest.raises(errors.TooManyFolders):
        folder("One more")
    with CaptureQueriesContext(connection) as asked:
        assert len(queries.list_folders(STAFF)) == MOST_FOLDERS
    assert len(asked) == 1


def test_a_folder_is_moved_with_all_that_is_in_it() -> None:
    bins, roads = folder("Bins"), folder("Roads")
    late = template("Late", within=bins)

    operations.move_folder(STAFF, bins.id, parent_id=roads.id)
    operations.move_folder(STAFF, bins.id, parent_id=roads.id)

    assert queries.get_folder(STAFF, bins.id).path == "Roads / Bins"
    assert queries.get_template(STAFF, late.id).folder_id == bins.id
    operations.move_folder(STAFF, bins.id, parent_id=None)
    assert queries.get_folder(STAFF, bins.id).path == "Bins"


def test_a_folder_does_not_go_into_itself_nor_into_one_of_its_own() -> None:
    outer = folder("Outer")
    middle = folder("Middle", within=outer)
    inner = folder("Inner", within=middle)

    for target in (outer, middle, inner):
        with pytest.raises(errors.FolderInItself):
            operations.move_folder(STAFF, outer.id, parent_id=target.id)


@pytest.mark.django_db(transaction=True)
def test_two_folders_moved_into_each_other_at_once_make_no_circle() -> None:
    one, other = folder("One"), folder("Other")
    together = threading.Barrier(2, timeout=10)

    def move(what: records.FolderName, into: records.FolderName) -> bool:
        together.wait()
        try:
            operations.move_folder(STAFF, what.id, parent_id=into.id)
        except errors.FolderInItself:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        moved = list(pool.map(move, (one, other), (other, one)))

    assert sorted(moved) == [False, True]
    assert len(queries.list_folders(STAFF)) == 2


def test_only_an_empty_folder_is_deleted() -> None:
    bins = folder("Bins")
    garden = folder("Garden", within=bins)
    late = template("Late", within=garden)

    for full in (bins, garden):
        with pytest.raises(errors.FolderNotEmpty):
            operations.delete_folder(STAFF, full.id)
    operations.archive_template(STAFF, late.id)
    operations.delete_folder(STAFF, garden.id)
    operations.delete_folder(STAFF, bins.id)

    assert queries.list_folders(STAFF) == []
    with pytest.raises(errors.NoSuchFolder):
        operations.delete_folder(STAFF, bins.id)


def test_a_template_is_moved_into_a_folder_and_out_again() -> None:
    late, bins = template("Late"), folder("Bins")

    first, again = (
        operations.move_template(STAFF, late.id, folder_id=bins.id) for _time in range(2)
    )

    assert first == again
    assert first.folder == "Bins"
    assert AuditEntry.objects.filter(
        action="notify.move_template", subject_id=str(late.id)
    ).exists()
    assert (titles(bins.id), titles(None)) == (["Late"], [])
    operations.move_template(STAFF, late.id, folder_id=None)
    assert (titles(bins.id), titles(None)) == ([], ["Late"])


def test_templates_are_found_by_title_and_kind_in_every_folder() -> None:
    garden = folder("Garden", within=folder("Bins"))
    template("Late bins", within=garden)
    operations.make_template(STAFF, title="BINS 100%", body=Wording("x"), channel=Channel.SMS)

    def found(**wanted: object) -> list[tuple[str, str]]:
        lines = queries.list_matching_templates(STAFF, **wanted).rows  # type: ignore[arg-type]
        return [(line.title, line.folder) for line in lines]

    assert found(words="bins") == [("BINS 100%", ""), ("Late bins", "Garden")]
    assert found(words="0%") == [("BINS 100%", "")]
    assert found(words="bins", channel=Channel.EMAIL) == [("Late bins", "Garden")]
    assert found(words="_") == []
    assert queries.list_matching_templates(THEIRS).rows == []


def test_a_copy_says_the_same_in_the_same_folder_and_is_staffs_own() -> None:
    bins, theirs = folder("Bins"), make_template()
    operations.move_template(STAFF, theirs.id, folder_id=bins.id)

    copy = operations.copy_template(STAFF, theirs.id, title="Copy of it")

    assert (copy.subject, copy.body) == (theirs.subject, theirs.body)
    assert (copy.sender, copy.service, copy.folder_id) == (theirs.sender, "", bins.id)
    assert (copy.version, copy.offers, copy.name) == (1, (), "copy-of-it")
    with pytest.raises(errors.NameTaken):
        operations.copy_template(STAFF, theirs.id, title="Copy of it")


def test_an_archived_template_is_out_of_use_and_frees_its_name() -> None:
    late = template("Late", within=folder("Bins"))

    archived = operations.archive_template(STAFF, late.id)
    again = operations.archive_template(STAFF, late.id)

    assert archived == again
    assert (archived.is_archived, archived.folder_id) == (True, None)
    assert titles(None) == []
    assert queries.list_matching_templates(STAFF).rows == []
    assert queries.get_template(STAFF, late.id).is_archived
    assert template("Late").id != late.id
    with pytest.raises(errors.TemplateArchived):
        operations.edit_template(
            STAFF, late.id, subject=Wording("x"), body=Wording("x"), seen_version=1
        )
    with pytest.raises(errors.NoSuchTemplate):
        operations.move_template(STAFF, late.id, folder_id=None)


def test_a_template_that_a_service_sends_is_not_archived() -> None:
    theirs = make_template()

    with pytest.raises(errors.StillNeeded):
        operations.archive_template(STAFF, theirs.id)

    assert send().subject


def test_an_older_version_is_restored_as_the_newest() -> None:
    late = template("Late")
    operations.edit_template(
        STAFF, late.id, title="Early", subject=Wording("x"), body=Wording("x"), seen_version=1
    )

    restored, again = (
        operations.restore_version(STAFF, late.id, version=1, seen_version=2) for _time in range(2)
    )

    assert restored == again
    assert (restored.version, restored.title, restored.body) == (3, "Late", late.body)
    with pytest.raises(errors.EditedMeanwhile):
        operations.restore_version(STAFF, late.id, version=2, seen_version=2)
    with pytest.raises(errors.NoSuchTemplate):
        operations.restore_version(STAFF, late.id, version=9, seen_version=3)


def test_a_services_template_keeps_its_title_when_restored() -> None:
    theirs = make_template()
    operations.edit_template(
        STAFF, theirs.id, subject=Wording("x"), body=Wording("x"), seen_version=1
    )

    restored = operations.restore_version(STAFF, theirs.id, version=1, seen_version=2)

    assert (restored.title, restored.subject) == (WORDING.title, WORDING.subject)


def every_ask(actor: Actor, where: UUID, which: UUID) -> list[Callable[[], object]]:
    return [
        lambda: operations.rename_folder(actor, where, title="x"),
        lambda: operations.move_folder(actor, where, parent_id=None),
        lambda: operations.delete_folder(actor, where),
        lambda: operations.make_folder(actor, title="x", parent_id=where),
        lambda: operations.move_template(actor, which, folder_id=None),
        lambda: operations.copy_template(actor, which, title="x"),
        lambda: operations.archive_template(actor, which),
        lambda: operations.restore_version(actor, which, version=1, seen_version=1),
        lambda: queries.get_folder(actor, where),
    ]


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [(THEIRS, (errors.NoSuchFolder, errors.NoSuchTemplate)), (OUTSIDER, NotAllowed)],
)
def test_only_staff_of_the_organisation_who_may_change_them(
    actor: Actor, refusal: type[Refused] | tuple[type[Refused], ...]
) -> None:
    bins, late = folder("Bins"), template("Late")

    for ask in every_ask(actor, bins.id, late.id):
        with pytest.raises(refusal):
            ask()

    assert [each.title for each in queries.list_folders(STAFF)] == ["Bins"]
    assert titles(None) == ["Late"]
    for list_them in (queries.list_folders, queries.list_matching_templates):
        with pytest.raises(NotAllowed):
            list_them(OUTSIDER)


@pytest.mark.parametrize("is_theirs", [True, False])
def test_what_goes_into_a_folder_that_is_not_there_is_refused(is_theirs: bool) -> None:
    where = operations.make_folder(THEIRS, title="Bins").id if is_theirs else NOWHERE
    late, bins = template("Late"), folder("Bins")

    for ask in (
        lambda: operations.move_template(STAFF, late.id, folder_id=where),
        lambda: operations.move_folder(STAFF, bins.id, parent_id=where),
        lambda: operations.make_folder(STAFF, title="x", parent_id=where),
        lambda: operations.make_template(
            STAFF, title="x", subject=Wording("x"), body=Wording("x"), folder_id=where
        ),
    ):
        with pytest.raises(errors.NoSuchFolder):
            ask()
