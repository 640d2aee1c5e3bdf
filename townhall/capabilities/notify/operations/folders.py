"""The folders of templates. One at a time changes an organisation's tree."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from townhall.capabilities.notify import models, permissions, records
from townhall.capabilities.notify.errors import (
    FolderInItself,
    FolderNotEmpty,
    NameTaken,
    NoSuchFolder,
    NoSuchTemplate,
    TooManyFolders,
)
from townhall.machinery.actors import Actor
from townhall.machinery.errors import Invalid
from townhall.machinery.operations import operation

MOST_FOLDERS = 200  # so that people can still choose from all of them on one page
LONGEST_TITLE = 80
SAME_NAME = gettext_lazy("There is a folder of that name here. Choose another name")
Tree = dict[UUID, models.TemplateFolder]


@operation(permissions.EDIT_TEMPLATES)
def make_folder(actor: Actor, *, title: str, parent_id: UUID | None = None) -> records.FolderName:
    """Add an empty folder, within another or in none. Raises NameTaken or TooManyFolders."""
    tree = models.TemplateFolder.lock_tree(actor)
    folder = models.TemplateFolder(
        organisation_id=actor.organisation_id,
        parent=pick_folder(tree, parent_id),
        title=_clean(title),
    )
    if len(tree) >= MOST_FOLDERS:
        most = {"most": MOST_FOLDERS}
        raise TooManyFolders(_("There can be %(most)d folders. Delete one that is empty.") % most)
    _keep_titles_apart(actor, folder)
    try:
        with transaction.atomic():
            folder.save(force_insert=True)
    except IntegrityError:  # two make the first folder at once, and there is nothing to lock
        raise NameTaken(SAME_NAME) from None
    return records.FolderName(id=folder.id, title=folder.title)


@operation(permissions.EDIT_TEMPLATES)
def rename_folder(actor: Actor, folder_id: UUID, *, title: str) -> records.FolderName:
    """Give a folder another title. Raises NoSuchFolder or NameTaken."""
    folder = _get(models.TemplateFolder.lock_tree(actor), folder_id)
    folder.title = _clean(title)
    return _save(actor, folder)


@operation(permissions.EDIT_TEMPLATES)
def move_folder(actor: Actor, folder_id: UUID, *, parent_id: UUID | None) -> records.FolderName:
    """Put a folder, with all that is in it, into another or into none.

    Raises NoSuchFolder, FolderInItself or NameTaken.
    """
    tree = models.TemplateFolder.lock_tree(actor)
    folder, parent = _get(tree, folder_id), pick_folder(tree, parent_id)
    above = parent
    while above is not None:
        if above.id == folder_id:
            raise FolderInItself(_("A folder cannot be moved into itself"))
        above = pick_folder(tree, above.parent_id)
    folder.parent = parent
    return _save(actor, folder)


@operation(permissions.EDIT_TEMPLATES)
def delete_folder(actor: Actor, folder_id: UUID) -> records.FolderName:
    """Take an empty folder away. Raises NoSuchFolder or FolderNotEmpty."""
    folder = _get(models.TemplateFolder.lock_tree(actor), folder_id)
    if folder.folders.exists() or folder.templates.exists():
        raise FolderNotEmpty(_("Move what is in the folder elsewhere first. Then delete it."))
    folder.delete()
    return records.FolderName(id=folder_id, title=folder.title)


@operation(permissions.EDIT_TEMPLATES)
def move_template(
    actor: Actor, template_id: UUID, *, folder_id: UUID | None
) -> records.TemplateLine:
    """Put a template into a folder, or into none. Raises NoSuchFolder or NoSuchTemplate."""
    folder = pick_folder(models.TemplateFolder.lock_tree(actor), folder_id)
    mine = models.Template.in_use(actor).filter(id=template_id)
    if not mine.update(folder=folder):
        raise NoSuchTemplate(_("There is no such template."))
    return mine.select_related("sender", "folder").get().line()


def pick_folder(tree: Tree, folder_id: UUID | None) -> models.TemplateFolder | None:
    """The folder of that id in a tree that is locked; None for none. Raises NoSuchFolder."""
    return None if folder_id is None else _get(tree, folder_id)


def _get(tree: Tree, folder_id: UUID) -> models.TemplateFolder:
    if folder_id not in tree:
        raise NoSuchFolder(_("There is no such folder."))
    return tree[folder_id]


def _save(actor: Actor, folder: models.TemplateFolder) -> records.FolderName:
    _keep_titles_apart(actor, folder)
    folder.save(update_fields=["title", "parent"])
    return records.FolderName(id=folder.id, title=folder.title)


def _keep_titles_apart(actor: Actor, folder: models.TemplateFolder) -> None:
    beside = models.TemplateFolder.visible_to(actor).filter(parent=folder.parent)
    if beside.filter(title=folder.title).exclude(id=folder.id).exists():
        raise NameTaken(SAME_NAME)


def _clean(title: str) -> str:
    title = " ".join(title.split())
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid(_("Enter a name of %(most)d characters or fewer") % {"most": LONGEST_TITLE})
    return title
