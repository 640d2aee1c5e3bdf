"""Our own stylesheets and scripts, under names that change with their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Hashed names once `townhall web` has collected the files; plain names before."""

    def stored_name(self, name: str) -> str:
        found: str = self.hashed_files.get(self.hash_key(self.clean_name(name)), name)
        return found
