"""Who may open each address of the installation: the table of the access walk."""

from tests.doors.account import ACCOUNT
from tests.doors.door import (
    ANYONE,
    ARGUMENT,
    AS_RESIDENTS,
    RESIDENTS,
    SIGNED_IN,
    STAFF,
    Door,
    door,
)
from tests.doors.openid import OPENID
from tests.doors.pay import PAY
from tests.doors.pay_staff import OF_STAFF
from tests.doors.pay_v1 import PAY_V1
from tests.doors.proving import PROVING
from tests.doors.rights import RIGHTS
from tests.doors.sign_in import SIGNING_IN

__all__ = [
    "ANYONE",
    "ARGUMENT",
    "AS_RESIDENTS",
    "RESIDENTS",
    "ROLE",
    "SIGNED_IN",
    "STAFF",
    "TABLE",
    "Door",
]

MANAGERS = "caseworker administrator"
ROLE = {"title": "Clerk", "permissions": ["bulky_waste.round"]}
WORDS = {"subject_en": "Hi", "subject_cy": "", "body_en": "Hi", "body_cy": "", "seen_version": "1"}
KIND = {"channel": "sms", "sender": "main"}
KEY = {"name": "till", "sender": "main", "key_type": "live"}
WHEN = {"day": "now", "hour": "9"}
CALLBACK = {
    "kind": "delivery",
    "sender": "main",
    "url": "https://program.example/new",
    "token": "a-bearer-token",
}
TARIFF = {
    **{"begins_on_day": "1", "begins_on_month": "1", "begins_on_year": "2099"},
    **dict.fromkeys(("email", "text", "first", "second", "economy"), "1"),
    **dict.fromkeys(("europe", "rest_of_world", "sheet"), "1"),
    **{"europe_times": "3", "world_times": "5"},
}

TABLE: dict[str, Door] = {
    # front_door and machinery
    "": door(ANYONE),
    "accessibility/": door(ANYONE),
    "privacy/": door(ANYONE),
    "health/live": door(ANYONE),
    "health/ready": door(ANYONE),
    "metrics": door(ANYONE),
    "theme.css": door(ANYONE),
    "language/": door(ANYONE, get=302, post={"language": "cy", "next": "/"}),
    # programs
    "api/v1/": door("", get=404),
    "api/v1/openapi.json": door(ANYONE),
    "api/v1/pay/notices/<processor>": door(ANYONE, processor="sandbox", get=405, post={}, done=422),
    **RIGHTS,
    **PAY_V1,
    "v2/notifications": door("program"),
    "v2/notifications/<segment>": door("program", segment="message"),
    "v2/notifications/<notification_id>/pdf": door("program", notification_id="message", get=400),
    "v2/notifications/<notification_id>/cancel": door(
        "program", notification_id="message", get=405
    ),
    "v2/notifications/bulk": door("program", get=405),
    "v2/notifications/bulk/<batch_id>": door("program", batch_id="batch"),
    "v2/notifications/bulk/<batch_id>/pause": door("program", batch_id="batch", get=405),
    "v2/notifications/bulk/<batch_id>/resume": door("program", batch_id="batch", get=405),
    "v2/notifications/bulk/<batch_id>/cancel": door("program", batch_id="batch", get=405),
    "v2/received-text-messages": door("program"),
    "v2/template": door("program", get=405),
    "v2/template/<template_id>": door("program", template_id="template"),
    "v2/template/<template_id>/archive": door("program", template_id="template", get=405),
    "v2/template/<template_id>/versions": door("program", template_id="template"),
    "v2/template/<template_id>/preview": door("program", template_id="template", get=405),
    "v2/template/<template_id>/version/<version>": door(
        "program", template_id="template", version="1"
    ),
    "v2/templates": door("program"),
    "v2/<rest>": door("", rest="reference"),
    **SIGNING_IN,
    **OPENID,
    # identity
    "identity/": door("administrator"),
    "identity/add/": door(
        "administrator",
        post={"email": "new@a.example", "name": "New", "roles": ["crew"], "team": "{team}"},
    ),
    "identity/people/<person_id>/": door(
        "administrator", person_id="crew", post={"roles": ["caseworker"], "team": "{team}"}
    ),
    "identity/people/<person_id>/remove/": door("administrator", person_id="crew", post={}),
    "identity/people/<person_id>/second-factor/": door("administrator", person_id="crew", post={}),
    "identity/roles/": door("administrator"),
    "identity/roles/add/": door("administrator", post=ROLE),
    "identity/roles/<role_id>/": door("administrator", role_id="role", post=ROLE),
    "identity/teams/": door("administrator"),
    "identity/teams/add/": door("administrator", post={"name": "Red team"}),
    "identity/teams/<team_id>/": door("administrator", team_id="team", post={"name": "Red team"}),
    "identity/staff-sign-in/": door("administrator", post={"value": "Waste", "role": "crew"}),
    "identity/staff-sign-in/<claim_role_id>/stop/": door(
        "administrator", claim_role_id="claim_role", get=405, post={}
    ),
    "identity/logo/<file_id>/": door(ANYONE, file_id="logo"),
    **PROVING,
    # notify
    "files/<file_id>/": door(ANYONE, get=404, file_id="message"),
    "files/<file_id>/confirm/": door(ANYONE, get=404, file_id="message"),
    "files/<file_id>/download/": door(ANYONE, get=404, file_id="message"),
    "files/<file_id>/content/": door(ANYONE, get=404, file_id="message"),
    "files/test-document": door(ANYONE),
    "notify/": door("administrator", asks=("?words=a&channel=sms",)),
    "notify/folders/new/": door("administrator", post={"title": "New"}, asks=("?folder={folder}",)),
    "notify/folders/<folder_id>/": door("administrator", folder_id="folder"),
    "notify/folders/<folder_id>/rename/": door(
        "administrator", folder_id="folder", post={"title": "New"}
    ),
    "notify/folders/<folder_id>/move/": door(
        "administrator", folder_id="folder", post={"folder": "none"}
    ),
    "notify/folders/<folder_id>/delete/": door("administrator", folder_id="folder", post={}),
    "notify/templates/new/": door("administrator", post=KIND),
    "notify/templates/new/email/": door(
        "administrator", post={"title": "New", **WORDS}, asks=("?sender=main",)
    ),
    "notify/templates/new/sms/": door("administrator", post={"title": "New", **WORDS}),
    "notify/templates/new/letter/": door(
        "administrator", post={"title": "New", "postage": "first", **WORDS}
    ),
    "notify/templates/<template_id>/": door("administrator", template_id="template"),
    "notify/templates/<template_id>/letter.pdf": door("administrator", template_id="letter"),
    "notify/templates/<template_id>/edit/": door(
        "administrator", template_id="template", post={"title": "New", **WORDS}
    ),
    "notify/templates/<template_id>/copy/": door(
        "administrator", template_id="template", post={"title": "New"}
    ),
    "notify/templates/<template_id>/move/": door(
        "administrator", template_id="template", post={"folder": "{folder}"}
    ),
    "notify/templates/<template_id>/archive/": door(
        "administrator", template_id="template", post={}
    ),
    "notify/templates/<template_id>/versions/<number>/restore/": door(
        "administrator", template_id="template", number="1", get=405, post={"seen_version": "1"}
    ),
    "notify/templates/<template_id>/versions/": door("administrator", template_id="template"),
    "notify/templates/<template_id>/versions/<number>/": door(
        "administrator", template_id="template", number="1"
    ),
    "notify/templates/<template_id>/versions/<number>/letter.pdf": door(
        "administrator", template_id="letter", number="1"
    ),
    "notify/send/": door("administrator"),
    "notify/send/<template_id>/": door("administrator", template_id="template"),
    "notify/send/<template_id>/one/<step>/": door(
        "administrator", template_id="template", step="0", post={"to": "ann@a.example"}
    ),
    "notify/send/<template_id>/one/check/": door(
        "administrator", template_id="template", get=302, post=WHEN
    ),
    "notify/send/<template_id>/one/letter.pdf": door(
        "administrator", template_id="letter", get=404
    ),
    "notify/send/<template_id>/list/": door(
        "administrator", template_id="template", post={}, done=422
    ),
    "notify/send/<template_id>/list/example.csv": door("administrator", template_id="template"),
    "notify/scheduled/": door("administrator"),
    "notify/scheduled/<message_id>/cancel/": door(
        "administrator", message_id="scheduled", get=405, post={}
    ),
    "notify/batches/": door("administrator"),
    "notify/batches/<batch_id>/": door("administrator", batch_id="batch"),
    "notify/batches/<batch_id>/check/": door("administrator", batch_id="checked", post=WHEN),
    "notify/batches/<batch_id>/report.csv": door("administrator", batch_id="batch"),
    "notify/batches/<batch_id>/pause/": door("administrator", batch_id="batch", get=405, post={}),
    "notify/batches/<batch_id>/resume/": door("administrator", batch_id="batch", get=405, post={}),
    "notify/batches/<batch_id>/cancel/": door("administrator", batch_id="batch", post={}),
    "notify/origins/": door("administrator"),
    "notify/origins/contact/": door("administrator", post={"contact": "01632 960001"}),
    "notify/origins/new/": door("administrator", post=KIND),
    "notify/origins/new/email/": door("administrator", post={"words": "new@a.example"}),
    "notify/origins/new/sms/": door("administrator", post={"words": "07700 900123"}),
    "notify/origins/new/letter/": door("administrator", post={"words": "Town Hall"}),
    "notify/origins/<origin_id>/usual/": door(
        "administrator", origin_id="origin", get=405, post={}
    ),
    "notify/origins/<origin_id>/remove/": door("administrator", origin_id="origin", post={}),
    "notify/keys/": door("administrator"),
    "notify/keys/new/": door("administrator", post=KEY, done=200),
    "notify/keys/<key_id>/revoke/": door("administrator", key_id="key", post={}),
    "notify/senders/": door("administrator"),
    "notify/senders/<sender_id>/": door("administrator", sender_id="sender"),
    "notify/senders/<sender_id>/channels/": door(
        "administrator", sender_id="sender", post={"channels": ["email"]}
    ),
    "notify/senders/<sender_id>/prefix/": door(
        "administrator", sender_id="sender", post={"words": "Newtown Council"}
    ),
    "notify/senders/<sender_id>/limits/": door(
        "administrator",
        sender_id="sender",
        post={"email": "9", "sms": "9", "abroad": "9", "letter": "9"},
    ),
    "notify/senders/<sender_id>/guests/": door("administrator", sender_id="trial_sender"),
    "notify/senders/<sender_id>/guests/new/": door(
        "administrator", sender_id="sender", post={"is_team": "team", "email": "new@a.example"}
    ),
    "notify/senders/<sender_id>/guests/<guest_id>/remove/": door(
        "administrator", sender_id="asking_sender", guest_id="guest", get=405, post={}
    ),
    "notify/senders/<sender_id>/going-live/": door(
        "administrator",
        sender_id="trial_sender",
        post={"emails_a_year": "1", "texts_a_year": "0", "letters_a_year": "0", "agreed": "on"},
    ),
    "notify/going-live/": door("administrator"),
    "notify/going-live/<request_id>/": door(
        "administrator", request_id="going_live", post={"decision": "approve"}
    ),
    "notify/callbacks/": door("administrator"),
    "notify/callbacks/new/": door("administrator", post=CALLBACK),
    "notify/callbacks/<callback_id>/remove/": door(
        "administrator", callback_id="callback", post={}
    ),
    "notify/callbacks/deliveries/<delivery_id>/retry/": door(
        "administrator", delivery_id="untold", get=405, post={}
    ),
    "notify/received/": door("administrator"),
    "notify/complaints/": door("administrator"),
    "notify/suppliers/mail/": door(ANYONE, get=405, post={}, done=422),
    "notify/suppliers/ses/": door(ANYONE, get=405, post={}, done=422),
    "notify/figures/": door(
        "administrator", get=(200, 422), asks=("?period=30", "?period=2026-10", "?period=x")
    ),
    "notify/figures/<sender_id>/": door("administrator", sender_id="sender"),
    "notify/figures/<sender_id>/retention/": door(
        "administrator", sender_id="sender", post={"days": "30"}
    ),
    "notify/tariffs/": door("administrator"),
    "notify/tariffs/new/": door("administrator", post=TARIFF),
    "notify/messages/": door(
        "administrator", asks=("?stage=failed", "?words={owner_email}", "?template={template}")
    ),
    "notify/messages/<message_id>/": door("administrator", message_id="message"),
    "notify/messages/<message_id>/html/": door("administrator", message_id="message"),
    "notify/messages/<message_id>/letter.pdf": door("administrator", message_id="message", get=409),
    "notify/messages/<message_id>/again/": door(
        "administrator", message_id="message", get=405, post={}
    ),
    "notify/printing/": door("administrator"),
    "notify/printing/letters.pdf": door("administrator", get=(404, 422), asks=("?id={message}",)),
    "notify/printing/posted/": door("administrator", get=405, post={"id": "{message}"}),
    "notify/printing/<message_id>/letter.pdf": door("administrator", message_id="message", get=404),
    "notify/suppliers/": door("operator", of_all=True),
    "notify/suppliers/firetext/<secret>/receipts/": door(
        ANYONE, secret="reference", get=405, post={}, done=404
    ),
    "notify/suppliers/firetext/<secret>/texts/": door(
        ANYONE, secret="reference", get=405, post={}, done=404
    ),
    "notify/suppliers/twilio/texts/": door(ANYONE, get=405, post={}, done=404),
    "notify/suppliers/twilio/<message_id>/": door(
        ANYONE, message_id="message", get=405, post={}, done=404
    ),
    **PAY,
    **OF_STAFF,
    # cases
    "cases/": door(MANAGERS, asks=("?view=closed", "?view=mine", "?kind=bulky-waste/not-out")),
    "cases/<case_id>/": door(MANAGERS, case_id="case"),
    "cases/<case_id>/claim/": door(MANAGERS, case_id="case", get=405, post={}),
    "cases/<case_id>/release/": door(MANAGERS, case_id="case", get=405, post={}),
    "cases/<case_id>/note/": door(MANAGERS, case_id="case", get=405, post={"note": "Hm"}),
    "cases/<case_id>/close/": door(
        MANAGERS, case_id="case", get=405, post={"outcome": "no-refund", "note": "No"}
    ),
    # governance
    "governance/audit/": door(
        "administrator", asks=("?subject={missed}", "?person={owner}", "?subject={case}")
    ),
    # account
    **ACCOUNT,
    # administration
    "administration/": door(" ".join(STAFF)),
    "administration/settings/": door("administrator"),
    "administration/settings/<owner>/": door("administrator", owner="bulky-waste"),
    "administration/settings/<owner>/<name>/": door(
        "administrator", owner="bulky-waste", name="refund_percent", post={"value": "50"}
    ),
    "administration/settings/<owner>/<name>/default/": door(
        "administrator", owner="bulky-waste", name="refund_percent", get=405, post={}
    ),
    "administration/work/": door("operator", of_all=True),
    "administration/work/retry/": door("operator", of_all=True, get=405, post={}),
    "administration/work/<task_id>/retry/": door(
        "operator", of_all=True, task_id="task", get=405, post={}
    ),
    "administration/work/deliveries/": door("operator", of_all=True),
    "administration/work/deliveries/<delivery_id>/retry/": door(
        "operator", of_all=True, delivery_id="delivery", get=405, post={}
    ),
    # bulky_waste
    "bulky-waste/": door(ANYONE),
    "bulky-waste/requests/<collection_id>/": door(f"owner {MANAGERS}", collection_id="missed"),
    "bulky-waste/requests/<collection_id>/pay/": door(
        ANYONE, collection_id="waiting", post={}, by_address=True
    ),
    "bulky-waste/requests/<collection_id>/done/": door(
        ANYONE, collection_id="booked", post={}, by_address=True
    ),
    "bulky-waste/requests/<collection_id>/change/": door(
        f"owner {MANAGERS}", collection_id="booked", post={"slot": "{free_slot}"}
    ),
    "bulky-waste/requests/<collection_id>/cancel/": door(
        f"owner {MANAGERS}", collection_id="booked", post={}
    ),
    "bulky-waste/requests/<collection_id>/photo/": door(
        f"owner crew {MANAGERS}", collection_id="missed"
    ),
    "bulky-waste/round/": door("crew", asks=("?on=2026-11-23",)),
    "bulky-waste/round/<collection_id>/": door(
        "crew", collection_id="today", post={"visit": "collected", "note": ""}
    ),
    "bulky-waste/find/": door(
        MANAGERS,
        asks=("?words={reference}", "?words={owner_email}", "?words={their_postcode}"),
    ),
    "bulky-waste/collections/<collection_id>/": door(MANAGERS, collection_id="missed"),
    "bulky-waste/collections/<collection_id>/rebook/": door(
        MANAGERS, collection_id="missed", post={"slot": "{free_slot}"}
    ),
    "bulky-waste/figures/": door("administrator"),
    "bulky-waste/book/": door(ANYONE, get=302),
    "bulky-waste/book/check/": door(ANYONE, get=302, post={}),
    "bulky-waste/book/again/": door(ANYONE, get=405, post={}),
    "bulky-waste/book/<page>/": door(
        ANYONE, page="postcode", post={"postcode": "{their_postcode}"}
    ),
    "bulky-waste/book-by-phone/": door(MANAGERS, get=302),
    "bulky-waste/book-by-phone/check/": door(MANAGERS, get=302, post={}),
    "bulky-waste/book-by-phone/again/": door(MANAGERS, get=405, post={}),
    "bulky-waste/book-by-phone/<page>/": door(
        MANAGERS, page="postcode", post={"postcode": "{their_postcode}"}
    ),
    # payments
    "payments/notices/": door(MANAGERS),
    "payments/notices/<notice_id>/": door(MANAGERS, notice_id="notice"),
}
