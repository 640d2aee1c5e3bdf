"""A Django form that shows itself as GOV.UK components."""

from django import forms
from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Shows every form, a library's too, with our templates; the setting FORM_RENDERER names it."""

    form_template_name = "machinery/fields/form.html"
    field_template_name = "machinery/fields/field.html"


class Form(forms.Form):
    """The form that pages build on; `{{ form }}` shows all of its fields.

    What is wrong stands in the error summary, not in the browser's own bubbles, so no attribute
    `required` is written.
    """

    use_required_attribute = False
