"""GOV.UK Notify's public API, so that its clients work here unchanged: mounted at /v2/.

https://docs.notifications.service.gov.uk/rest-api.html
"""
