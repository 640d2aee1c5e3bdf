"""What there is to be allowed here."""

from django.utils.translation import gettext_lazy as _

from townhall.machinery.actors import inner_permission

FILL = inner_permission("forms.fill", _("Answer the questions of a service"))
FORGET = inner_permission("forms.forget", _("Delete answers that were never sent"))
