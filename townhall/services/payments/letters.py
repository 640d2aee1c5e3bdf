"""The emails of this service, as each organisation first gets them; staff may rewrite them."""

from townhall.capabilities.notify.records import TemplateWording
from townhall.machinery.wording import Wording

RECEIPT = TemplateWording(
    name="payments-receipt",
    title="Payments: receipt",
    offers=("reference", "description", "amount", "paid on", "card", "council"),
    subject=Wording("Your payment for ((description))", "Eich taliad: ((description))"),
    body=Wording(
        "We have received your payment of ((amount)).\n\n"
        "Payment for: ((description))\nReference: ((reference))\nPaid: ((paid on))\n((card))\n\n"
        "Keep this email as your receipt. You do not need to answer it.\n\n((council))",
        "Rydym wedi derbyn eich taliad o ((amount)).\n\n"
        "Taliad am: ((description))\nCyfeirnod: ((reference))\nTalwyd: ((paid on))\n((card))\n\n"
        "Cadwch yr e-bost hwn fel eich derbynneb. Nid oes angen i chi ei ateb.\n\n((council))",
    ),
)
