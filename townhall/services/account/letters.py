"""The emails of this service, as each organisation first gets them; staff may rewrite them."""

from townhall.capabilities.notify.records import TemplateWording
from townhall.machinery.wording import Wording

NEW_ADDRESS = TemplateWording(
    name="account-new-address",
    title="My account: code for a new email address",
    subject=Wording("Your code: ((code))", "Eich cod: ((code))"),
    body=Wording(
        "Use this code to make this your email address at ((council)):\n\n# ((code))\n\n"
        "It works for 15 minutes. If you did not ask for it, do nothing: your address will not be "
        "used.",
        "Defnyddiwch y cod hwn i wneud hwn yn gyfeiriad e-bost i chi gyda ((council)):\n\n"
        "# ((code))\n\nMae'n gweithio am 15 munud. Os na ofynnoch amdano, peidiwch â gwneud dim: "
        "ni chaiff eich cyfeiriad ei ddefnyddio.",
    ),
)
ADDRESS_IN_USE = TemplateWording(
    name="account-address-in-use",
    title="My account: the new email address is in use",
    subject=Wording("You have an account already", "Mae gennych gyfrif eisoes"),
    body=Wording(
        "Somebody asked to use this email address for their account at ((council)). It is the "
        "address of another account already, so nothing has changed.\n\nIf it was you, sign in "
        "with this address.",
        "Gofynnodd rhywun am gael defnyddio'r cyfeiriad e-bost hwn ar gyfer eu cyfrif gyda "
        "((council)). Mae'n gyfeiriad i gyfrif arall eisoes, felly nid oes dim wedi newid.\n\nOs "
        "chi oedd hynny, mewngofnodwch gyda'r cyfeiriad hwn.",
    ),
)
ADDRESS_CHANGED = TemplateWording(
    name="account-address-changed",
    title="My account: the email address has changed",
    subject=Wording("Your email address has changed", "Mae eich cyfeiriad e-bost wedi newid"),
    body=Wording(
        "The email address of your account at ((council)) is now another one. From now on we "
        "write to you there.\n\nIf it was not you who changed it, tell us at once: ((contact))",
        "Mae cyfeiriad e-bost eich cyfrif gyda ((council)) bellach yn un arall. O hyn ymlaen "
        "byddwn yn ysgrifennu atoch yno.\n\nOs nad chi a'i newidiodd, rhowch wybod i ni ar "
        "unwaith: ((contact))",
    ),
)
DELETION_ASKED = TemplateWording(
    name="account-deletion-asked",
    title="My account: it will be deleted",
    subject=Wording(
        "We will delete your account on ((day))", "Byddwn yn dileu eich cyfrif: ((day))"
    ),
    body=Wording(
        "You asked us to delete your account at ((council)). We will do so on ((day)).\n\n"
        "If you want to keep it, or did not ask for this, sign in before then and choose Keep my "
        "account: ((link))",
        "Gofynnoch i ni ddileu eich cyfrif gyda ((council)). Byddwn yn gwneud hynny ar y diwrnod "
        "hwn: ((day)).\n\nOs ydych am ei gadw, neu os na ofynnoch am hyn, mewngofnodwch cyn hynny "
        "a dewis Cadw fy nghyfrif: ((link))",
    ),
)
ASKED_TO_ACT = TemplateWording(
    name="account-asked-to-act",
    title="My account: asked to act for someone",
    offers=("name", "services", "last day", "link", "council"),
    subject=Wording(
        "((name)) asks you to act for them", "Mae ((name)) yn gofyn i chi weithredu ar eu rhan"
    ),
    body=Wording(
        "((name)) would like you to use our services for them:\n\n((services))\n\n"
        "until ((last day)).\n\nSign in with this email address to say yes or no: ((link))\n\n"
        "If you do not know them, say no, or do nothing.\n\n((council))",
        "Hoffai ((name)) i chi ddefnyddio ein gwasanaethau ar eu rhan:\n\n((services))\n\n"
        "tan ((last day)).\n\nMewngofnodwch gyda'r cyfeiriad e-bost hwn i ddweud ie neu na: "
        "((link))\n\nOs nad ydych yn eu hadnabod, dywedwch na, neu gwnewch ddim.\n\n((council))",
    ),
)
