"""GOV.UK Pay's public API, so that its programs work here unchanged: mounted at /v1/.

https://docs.payments.service.gov.uk/api_reference/ And what processors call: /api/v1/pay/.
"""

from townhall.capabilities.pay.api.notices import router

__all__ = ["router"]
