"""From a template and values to what a recipient reads: the rules of GOV.UK Notify's templates.

https://www.notifications.service.gov.uk/using-notify/personalisation
"""
