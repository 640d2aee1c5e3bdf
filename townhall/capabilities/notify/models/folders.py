"""The folders that staff keep templates in: a tree for each organisation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Count, Q, QuerySet

from townhall.capabilities.notify import records
from townhall.machinery.actors import Actor


class TemplateFolder(models.Model):
    """One folder. Those within it point at it, and a folder with anything in it stays."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation_id = models.UUIDField()
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="folders")
    title = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "parent", "title"],
                nulls_distinct=False,
                name="folder_title_once",
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[TemplateFolder]:
        return cls.objects.filter(organisation_id=actor.organisation_id)

    @classmethod
    def lock_tree(cls, actor: Actor) -> dict[UUID, TemplateFolder]:
        """Every folder of the organisation; until the transaction ends nobody else changes one."""
        mine = cls.visible_to(actor).select_for_update(no_key=True).order_by("id")
        return {folder.id: folder for folder in mine}

    @classmethod
    def tree(cls, actor: Actor) -> list[records.Folder]:
        """Every folder with what is above it and how much is in it, by title."""
        in_use = Count("templates", filter=Q(templates__archived_at=None))
        counted = cls.visible_to(actor).annotate(in_use=in_use).order_by("title", "id")
        found: dict[UUID, TemplateFolder] = {folder.id: folder for folder in counted}
        folders = Counter(folder.parent_id for folder in found.values())
        return [
            records.Folder(
                id=folder.id,
                title=folder.title,
                above=tuple(folder._above(found))[::-1],
                folders=folders[folder.id],
                templates=getattr(folder, "in_use"),  # noqa: B009  # annotated
            )
            for folder in found.values()
        ]

    def _above(self, tree: Mapping[UUID, TemplateFolder]) -> Iterator[records.FolderName]:
        """From the nearest one."""
        parent_id = self.parent_id
        while parent_id is not None:
            parent = tree[parent_id]
            yield records.FolderName(id=parent.id, title=parent.title)
            parent_id = parent.parent_id
