"""From a template and values to an email or a letter: the rules of GOV.UK Notify's templates.

https://www.notifications.service.gov.uk/using-notify/personalisation
"""
