"""What there is to be allowed here."""

from django.utils.translation import gettext_lazy as _

from townhall.machinery.actors import permission

FILL = permission("forms.fill", _("Answer the questions of a service"))
FORGET = permission("forms.forget", _("Delete answers that were never sent"))
